"""The lines by which readers export a checkpoint: the page's own run, and our model gives the same (``make parity``).

Where they download a model, they are given a small random one.
"""

import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from tokenizers import ByteLevelBPETokenizer
from transformers import AutoModelForCausalLM, AutoTokenizer, GPT2Config, GPT2LMHeadModel, PreTrainedTokenizerFast

from circuit_explainer import load
from circuit_explainer.workbench.own.facts import facts
from tests.parity.lens_checkpoint import FOLDER, ROOT, expected, lines, random_lens

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from transformer_lens import HookedTransformer

BPE = ROOT / "tests" / "core" / "tokenizers" / "bpe" / "fixtures"
BOS, TEXT = "<|endoftext|>", "the cat sat, naïve"
# float32 sums in another order; patterns are shares, logits reach 10.
CLOSE: dict[str, Any] = {"rtol": 0, "atol": 1e-4}


def run(title: str) -> dict[str, Any]:
    names: dict[str, Any] = {}
    exec(compile(lines(title), title, "exec"), names)  # the page's own code
    return names


@pytest.fixture
def tokenizer(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """One of byte pairs, opened from a folder as TransformerLens opens it again."""
    folder = tmp_path_factory.mktemp("tokenizer")
    plain = ByteLevelBPETokenizer(str(BPE / "vocab.json"), str(BPE / "merges.txt"))
    PreTrainedTokenizerFast(tokenizer_object=plain._tokenizer, bos_token=BOS, pad_token=BOS).save_pretrained(folder)
    return AutoTokenizer.from_pretrained(folder)


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    torch.manual_seed(0)


VARIANTS: list[dict[str, Any]] = [
    {"normalization_type": "LNPre"},
    {"normalization_type": "LN", "attn_only": True, "positional_embedding_type": "shortformer"},
    {
        "normalization_type": "RMS", "act_fn": "silu", "gated_mlp": True, "positional_embedding_type": "rotary",
        "rotary_dim": 6, "n_key_value_heads": 2,
    },
]  # fmt: skip


@pytest.mark.parametrize("changes", VARIANTS)
def test_from_transformer_lens(
    changes: dict[str, Any], tokenizer: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs = random_lens(tokenizer, **changes)
    monkeypatch.setattr(HookedTransformer, "from_pretrained", staticmethod(lambda name: theirs))
    run("TransformerLens")
    ours = load(tmp_path)
    assert facts(tmp_path, 1e9).refused is None
    tokens = torch.tensor([[tokenizer.bos_token_id, *tokenizer(TEXT)["input_ids"]]])
    np.testing.assert_array_equal(ours.to_tokens(TEXT), tokens)
    stored = expected(theirs, tokens)
    logits, cache = ours.run_with_cache(TEXT)
    np.testing.assert_allclose(logits, stored["logits"], **CLOSE)
    for layer, pattern in enumerate(stored["patterns"]):
        np.testing.assert_allclose(cache["pattern", layer][0], pattern, **CLOSE)


def test_the_stored_checkpoint_is_still_what_transformer_lens_computes() -> None:
    with np.load(FOLDER / "expected.npz") as stored:
        for name, array in expected(random_lens(), stored["tokens"]).items():
            np.testing.assert_allclose(array, stored[name], err_msg=name, **CLOSE)


def test_from_transformers(tokenizer: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes: dict[str, Any] = {"n_layer": 2, "n_embd": 24, "n_head": 4, "n_positions": 32, "vocab_size": len(tokenizer)}
    theirs = GPT2LMHeadModel(GPT2Config(**sizes, bos_token_id=tokenizer.bos_token_id)).eval()
    monkeypatch.setattr(AutoModelForCausalLM, "from_pretrained", staticmethod(lambda name: theirs))
    monkeypatch.setattr(AutoTokenizer, "from_pretrained", staticmethod(lambda name: tokenizer))
    run("transformers")
    ours = load(tmp_path / "gpt2")
    assert facts(tmp_path / "gpt2", 1e9).refused is None
    tokens = torch.tensor([[tokenizer.bos_token_id, *tokenizer(TEXT)["input_ids"]]])
    np.testing.assert_array_equal(ours.to_tokens(TEXT), tokens)
    with torch.no_grad():
        np.testing.assert_allclose(ours(TEXT), theirs(tokens).logits, **CLOSE)


def test_from_a_pickle(tokenizer: Any, tmp_path: Path) -> None:
    theirs = random_lens(tokenizer)
    torch.save(theirs.state_dict(), "model.pt")
    run("pickle")
    fields = {
        name: getattr(theirs.cfg, name)
        for name in (
            "n_layers",
            "d_model",
            "n_ctx",
            "d_head",
            "n_heads",
            "d_vocab",
            "d_mlp",
            "act_fn",
            "normalization_type",
        )
    }
    ours = load(tmp_path / "model.safetensors", fields)
    with torch.no_grad():
        np.testing.assert_allclose(ours([[1, 2, 3]]), theirs(torch.tensor([[1, 2, 3]])), **CLOSE)


def test_in_python(tokenizer: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    GPT2LMHeadModel(GPT2Config(n_layer=2, n_embd=24, n_head=4, n_positions=32, vocab_size=50)).save_pretrained("gpt2")
    run("Circuit Explainer")
    assert "L1H3" in capsys.readouterr().out
