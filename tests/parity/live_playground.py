"""The programs that the playground offers, run in TransformerLens as they are, against our own numbers."""

import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from circuit_explainer import zoo
from circuit_explainer.core import Config, Transformer
from circuit_explainer.core.arrays import Array
from circuit_explainer.core.steps import finished
from circuit_explainer.workbench.playground import interventions, models, runs, state
from tests.parity import reference
from tests.workbench.playground.combinations import combinations, state_of, values_of

# Small products are faster on one thread.
torch.set_num_threads(1)
# float32 sums in another order, as parts of the largest number that takes part.
TOLERANCE = 2e-5


@pytest.fixture(autouse=True)
def gradients_as_before() -> Iterator[None]:
    """The programs switch them off, as a reader's program may; other tests train."""
    was = torch.is_grad_enabled()
    yield
    torch.set_grad_enabled(was)


def ours(values: dict[str, Any]) -> Array:
    """What the last line of the program prints, by our own functions."""
    model, view = models.get(values["model"]), state.by_label(values["view"])
    own = {name: values[name] for name in view.fields if name in values}
    edits = interventions.parse_all(values.get("edits", ()), model.cfg)
    needed = view.needed(model, own)
    if view.on_repeats:
        made = finished(runs.steps_on_repeats(model, edits, needed))
    else:
        made = finished(runs.steps(model, values["text"], values.get("other", ""), edits, needed))
    clean = view.numbers(made, made.clean_logits, made.clean, **own)
    if made.cache is None or not view.by_run:
        return clean
    changed = view.numbers(made, made.logits, made.cache, **own)
    return np.stack([clean, changed, changed - clean])


def theirs(program: str) -> Array:
    names: dict[str, Any] = {}
    with warnings.catch_warnings():
        # 3.9 announces the end of HookedTransformer.
        warnings.simplefilter("ignore")
        exec(compile(program, "program", "exec"), names)
    return np.asarray(names["result"])


@pytest.mark.parametrize(
    ("view", "model", "option", "edits"),
    list(combinations()),
    ids=lambda given: " then ".join(given) or "clean" if isinstance(given, list) else given or "first",
)
def test_the_program_gives_our_numbers(
    view: str,
    model: str,
    option: str,
    edits: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(zoo.directory())
    values = values_of(state_of(view, model, option, edits))
    expected = ours(values)
    found = theirs(state.code(**values))
    finite = np.abs(expected[np.isfinite(expected)])
    close = TOLERANCE * max(1.0, float(finite.max(initial=0)))
    assert found.shape == expected.shape
    np.testing.assert_allclose(found, expected, rtol=0, atol=close, equal_nan=True)
    assert capsys.readouterr().out


@pytest.mark.parametrize("case", ["layernorm", "gpt2", "llama", "grouped"])
def test_a_readers_model_is_opened_from_its_file(
    case: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config, weights, _, _ = reference.model(case, 0)
    model = Transformer(Config.from_dict(config), weights)
    model.save(tmp_path / "mine.safetensors")
    monkeypatch.chdir(tmp_path)
    models.register("mine.safetensors", model)
    edits = ["zero 0.1", "patch k 0.2", *([] if config["attn_only"] else ["zero mlp 0"])]
    try:
        values = values_of(state_of("one_head", "mine.safetensors", "kind=value-weighted", edits))
        np.testing.assert_allclose(theirs(state.code(**values)), ours(values), rtol=0, atol=TOLERANCE)
    finally:
        models.forget("mine.safetensors")
    assert capsys.readouterr().out
