"""The code that stands side by side in the last lesson: both columns run, and give the same numbers (``make parity``).

The right column opens GPT-2; here it is given our own model, as a ``HookedTransformer`` with a tokenizer of its own.
"""

import dataclasses
import re
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from tokenizers import Regex, Tokenizer, models, pre_tokenizers, processors
from transformers import PreTrainedTokenizerFast

from circuit_explainer import zoo
from circuit_explainer.circuits import RepeatedTokens, head_scores
from circuit_explainer.core.tokenizers.symbols import BOS

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from transformer_lens import HookedTransformer, HookedTransformerConfig

PAGE = Path(__file__).parents[2] / "docs" / "lessons" / "beyond-the-toy.md"
STEPS = (
    "load a model", "run with a cache", "induction scores", "read a pattern", "ablate a head", "logit attribution",
)  # fmt: skip
# float32 sums in another order.
CLOSE: dict[str, Any] = {"rtol": 0, "atol": 2e-5}


def blocks(library: str) -> dict[str, str]:
    text = PAGE.read_text(encoding="utf-8")
    return dict(re.findall(rf'^```python title="{library}: ([^"]+)"\n(.*?)^```$', text, re.DOTALL | re.MULTILINE))


def run(library: str) -> dict[str, Any]:
    found = blocks(library)
    assert tuple(found) == STEPS
    names: dict[str, Any] = {}
    for step, code in found.items():
        exec(compile(code, f"{library}: {step}", "exec"), names)  # the page's own code
    return names


def tokenizer() -> PreTrainedTokenizerFast:
    """That of our model of English: BOS, then a token for each character."""
    reader: Any = zoo.load("text-2l").tokenizer
    plain = Tokenizer(models.WordLevel({label: n for n, label in enumerate(reader.labels())}, unk_token=BOS))
    plain.pre_tokenizer = pre_tokenizers.Split(Regex(r"[\s\S]"), "isolated")
    plain.post_processor = processors.TemplateProcessing(single=f"{BOS} $A", special_tokens=[(BOS, 0)])
    return PreTrainedTokenizerFast(
        tokenizer_object=plain, bos_token=BOS, pad_token=BOS, add_bos_token=True, name_or_path="characters"
    )


def in_transformer_lens(name: str) -> HookedTransformer:
    """What `from_pretrained` gives in this test, whatever it is asked for."""
    assert name == "gpt2"
    ours = zoo.load("text-2l")
    known = set(HookedTransformerConfig.__dataclass_fields__)
    fields = {key: value for key, value in dataclasses.asdict(ours.cfg).items() if key in known and value is not None}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = HookedTransformer(HookedTransformerConfig(**fields, device="cpu"), tokenizer())
    model.load_state_dict({key: torch.tensor(array) for key, array in ours.weights.items()}, strict=False)
    return model


def test_both_columns_give_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(HookedTransformer, "from_pretrained", staticmethod(in_transformer_lens))
    was = torch.is_grad_enabled()
    try:
        ours, theirs = run("Circuit Explainer"), run("TransformerLens")
    finally:
        torch.set_grad_enabled(was)
    assert ours["text"] == theirs["text"]
    np.testing.assert_array_equal(theirs["model"].to_tokens(theirs["text"]), ours["model"].to_tokens(ours["text"]))
    np.testing.assert_allclose(theirs["logits"], ours["logits"], **CLOSE)
    assert theirs["token"] == ours["token"]
    # The two draw other symbols; on theirs our score is the same.
    given = RepeatedTokens(theirs["twice"].numpy(), theirs["n"])
    scores = head_scores(ours["model"], given).column("induction")
    np.testing.assert_allclose(theirs["scores"], scores, **CLOSE)
    assert (theirs["layer"], theirs["head"]) == (ours["layer"], ours["head"]) == (1, 3)
    np.testing.assert_allclose(theirs["pattern"], ours["pattern"], **CLOSE)
    assert theirs["looks_at"] == ours["looks_at"]
    np.testing.assert_allclose(theirs["without"], ours["without"], **CLOSE)
    assert np.abs(ours["without"] - ours["logits"]).max() > 1
    heads = [name for name in ours["parts"] if re.fullmatch(r"L\dH\d", name)]
    assert list(theirs["parts"]) == heads
    for name in heads:
        np.testing.assert_allclose(theirs["parts"][name], ours["parts"][name], err_msg=name, **CLOSE)
