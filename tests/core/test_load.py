import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import circuit_explainer
from circuit_explainer.core import CharTokenizer, SymbolTokenizer, Transformer, load
from circuit_explainer.core.tokenizers.bpe import BPETokenizer, read_pair
from tests.core.files.plain import save_file

Make = Callable[..., Transformer]
TOKENS = np.array([[0, 1, 2, 1]])
BPE = Path(__file__).with_name("tokenizers") / "bpe" / "fixtures"
CHECKPOINTS = Path(__file__).parents[1] / "parity" / "fixtures" / "checkpoints"


def test_one_file_is_a_whole_model(make_model: Make, tmp_path: Path) -> None:
    plain = make_model(normalization_type="LN")
    model = Transformer(plain.cfg, plain.weights, SymbolTokenizer(13, 11))
    model.save(tmp_path / "m.safetensors")
    again = circuit_explainer.load(str(tmp_path / "m.safetensors"))
    assert again.cfg == model.cfg
    assert again.tokenizer == model.tokenizer
    np.testing.assert_array_equal(again(TOKENS), model(TOKENS))
    again.save(tmp_path / "n.safetensors")
    assert (tmp_path / "n.safetensors").read_bytes() == (tmp_path / "m.safetensors").read_bytes()


def test_config_beside_the_file_or_given(make_model: Make, tmp_path: Path) -> None:
    model = make_model()
    path = tmp_path / "m.safetensors"
    # As TransformerLens's state dict has it, with its two buffers.
    buffers: dict[str, Any] = {
        "blocks.0.attn.mask": np.ones((0, 0), bool),
        "blocks.0.attn.IGNORE": np.array(-np.inf, np.float32),
    }
    save_file({**model.weights, **buffers}, path)
    with pytest.raises(ValueError, match=r"m.safetensors does not say its config and no config.json lies beside it"):
        load(path)
    for config in (model.cfg, model.cfg.to_dict()):
        np.testing.assert_array_equal(load(path, config)(TOKENS), model(TOKENS))
    (tmp_path / "config.json").write_text(json.dumps(model.cfg.to_dict()), encoding="utf-8")
    np.testing.assert_array_equal(load(path)(TOKENS), model(TOKENS))
    assert load(path).tokenizer is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "config.json is not JSON"),
        ("[]", "config.json must be a JSON object; got list"),
        ('{"n_positions": 3}', "Config has no field 'n_positions'"),
    ],
)
def test_a_bad_config_beside(make_model: Make, tmp_path: Path, text: str, message: str) -> None:
    save_file(dict(make_model().weights), tmp_path / "m.safetensors")
    (tmp_path / "config.json").write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=message):
        load(tmp_path / "m.safetensors")


@pytest.mark.parametrize(
    ("about", "message"),
    [
        ("{", "The metadata of m.safetensors is not JSON"),
        ('{"config": 3}', "m.safetensors: config must be a JSON object; got int."),
        ('{"config": {}}', "Config needs n_layers, d_model"),
    ],
)
def test_bad_metadata(make_model: Make, tmp_path: Path, about: str, message: str) -> None:
    save_file(dict(make_model().weights), tmp_path / "m.safetensors", {"model": about})
    with pytest.raises(ValueError, match=message):
        load(tmp_path / "m.safetensors")


@pytest.mark.parametrize("kind", ["words", "bpe", 3, ["symbols"]])
def test_an_unknown_tokenizer(make_model: Make, tmp_path: Path, kind: Any) -> None:
    model = make_model()
    about = {"config": model.cfg.to_dict(), "tokenizer": kind}
    save_file(dict(model.weights), tmp_path / "m.safetensors", {"model": json.dumps(about)})
    with pytest.raises(ValueError, match=r"expected the tokenizer 'symbols', .* 'bpe' with its data, or none; got "):
        load(tmp_path / "m.safetensors")
    assert load(tmp_path / "m.safetensors", tokenizer=False).tokenizer is None


def test_a_tokenizer_of_characters(make_model: Make, tmp_path: Path) -> None:
    plain = make_model(d_vocab=97)
    model = Transformer(plain.cfg, plain.weights, CharTokenizer(11))
    model.save(tmp_path / "m.safetensors")
    again = load(tmp_path / "m.safetensors")
    assert again.tokenizer == CharTokenizer(11)
    np.testing.assert_array_equal(again("Zo Zo"), model("Zo Zo"))
    other = Transformer(make_model().cfg, make_model().weights, CharTokenizer(11))
    other.save(tmp_path / "n.safetensors")
    with pytest.raises(ValueError, match="a tokenizer of characters needs d_vocab=97; got 13."):
        load(tmp_path / "n.safetensors")


def byte_pairs(model: Transformer) -> BPETokenizer:
    vocab, merges = ((BPE / name).read_text(encoding="utf-8") for name in ("vocab.json", "merges.txt"))
    return BPETokenizer(read_pair(vocab, merges), model.cfg.d_vocab, model.cfg.n_ctx)


def test_a_tokenizer_of_byte_pairs(make_model: Make, tmp_path: Path) -> None:
    plain = make_model(d_vocab=900, n_ctx=40)
    model = Transformer(plain.cfg, plain.weights, byte_pairs(plain))
    model.save(tmp_path / "m.safetensors")
    again = load(tmp_path / "m.safetensors")
    assert again.tokenizer == model.tokenizer
    for text in ("the cat sat", "naïve 😀", "<|endoftext|>x"):
        np.testing.assert_array_equal(again(text), model(text))
        assert again.to_str_tokens(text) == model.to_str_tokens(text)
    again.save(tmp_path / "n.safetensors")
    assert (tmp_path / "n.safetensors").read_bytes() == (tmp_path / "m.safetensors").read_bytes()


def test_tokenizers_beside_a_checkpoint(make_model: Make, tmp_path: Path) -> None:
    model = make_model(d_vocab=900, n_ctx=40)
    save_file(dict(model.weights), tmp_path / "model.safetensors")
    (tmp_path / "config.json").write_text(json.dumps(model.cfg.to_dict()), encoding="utf-8")
    expected = byte_pairs(model)
    shutil.copy(BPE / "vocab.json", tmp_path)
    assert load(tmp_path).tokenizer is None
    shutil.copy(BPE / "merges.txt", tmp_path)
    assert load(tmp_path).tokenizer == expected
    assert load(tmp_path, tokenizer=False).tokenizer is None
    mine = SymbolTokenizer(900, 40)
    assert load(tmp_path, tokenizer=mine).tokenizer is mine
    # One file for all is preferred to the two.
    (tmp_path / "tokenizer.json").write_text(expected.saved().replace('"BPE"', '"WordPiece"'), encoding="utf-8")
    with pytest.raises(ValueError, match=r"got 'WordPiece'\. Pass tokenizer=False for the model alone\."):
        load(tmp_path)
    (tmp_path / "tokenizer.json").write_text(expected.saved(), encoding="utf-8")
    assert load(tmp_path).tokenizer == expected


def test_the_beginning_that_a_config_names(tmp_path: Path) -> None:
    shutil.copytree(CHECKPOINTS / "gpt2", tmp_path / "m")
    (tmp_path / "m" / "vocab.json").write_text('{"a": 0, "<|endoftext|>": 5, "b": 16}', encoding="utf-8")
    (tmp_path / "m" / "merges.txt").write_text("", encoding="utf-8")
    # bos_token_id is 16 in this config.
    assert load(tmp_path / "m").to_tokens("a").tolist() == [[16, 0]]
    assert load(tmp_path / "m").to_str_tokens("ab") == ["b", "a", "b"]
    one = json.dumps({"model": {"vocab": {"a": 0, "<s>": 5, "b": 16}, "merges": []}})
    (tmp_path / "m" / "tokenizer.json").write_text(one, encoding="utf-8")
    assert load(tmp_path / "m").to_tokens("a").tolist() == [[16, 0]]


def test_a_config_that_does_not_fit_the_weights(make_model: Make, tmp_path: Path) -> None:
    model = make_model()
    model.save(tmp_path / "m.safetensors")
    with pytest.raises(ValueError, match=r"embed.W_E: expected shape \(14, 7\) by the config; got \(13, 7\)"):
        load(tmp_path / "m.safetensors", {**model.cfg.to_dict(), "d_vocab": 14})


def test_saving_in_a_quarter_of_the_bytes(make_model: Make, tmp_path: Path) -> None:
    model = make_model()
    model.save(tmp_path / "whole.safetensors")
    model.save(tmp_path / "half.safetensors", dtype="float16")
    half = load(tmp_path / "half.safetensors")
    for name, array in model.weights.items():
        assert half.weights[name].dtype == np.float32
        np.testing.assert_array_equal(half.weights[name], array.astype(np.float16).astype(np.float32))
    header = 3000
    whole, halved = ((tmp_path / f"{name}.safetensors").stat().st_size for name in ("whole", "half"))
    assert halved < whole / 4 + header
    # Once rounded, it is stored to the byte as it was.
    half.save(tmp_path / "again.safetensors", dtype="float16")
    assert (tmp_path / "again.safetensors").read_bytes() == (tmp_path / "half.safetensors").read_bytes()


def test_numbers_that_a_dtype_cannot_hold(make_model: Make, tmp_path: Path) -> None:
    model = make_model()
    large = {name: array * (1e5 if name == "unembed.W_U" else 1) for name, array in model.weights.items()}
    with pytest.raises(ValueError, match=r"unembed.W_U: float16 holds numbers up to 65504; got "):
        Transformer(model.cfg, large).save(tmp_path / "m.safetensors", dtype="float16")
    with pytest.raises(ValueError, match="dtype: expected one of float16, float32, float64; got 'int8'"):
        model.save(tmp_path / "m.safetensors", dtype="int8")
    assert not (tmp_path / "m.safetensors").exists()
