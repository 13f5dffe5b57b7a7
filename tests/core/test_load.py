import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import safetensors.numpy

import circuit_explainer
from circuit_explainer.core import SymbolTokenizer, Transformer, load

Make = Callable[..., Transformer]
TOKENS = np.array([[0, 1, 2, 1]])


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
    safetensors.numpy.save_file({**model.weights, **buffers}, path)
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
    safetensors.numpy.save_file(dict(make_model().weights), tmp_path / "m.safetensors")
    (tmp_path / "config.json").write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=message):
        load(tmp_path / "m.safetensors")


@pytest.mark.parametrize(
    ("about", "message"),
    [
        ("{", "The metadata of m.safetensors is not JSON"),
        ('{"config": 3}', "expected a config of fields by name; got 3"),
        ('{"config": {}}', "Config needs n_layers, d_model"),
    ],
)
def test_bad_metadata(make_model: Make, tmp_path: Path, about: str, message: str) -> None:
    safetensors.numpy.save_file(dict(make_model().weights), tmp_path / "m.safetensors", {"model": about})
    with pytest.raises(ValueError, match=message):
        load(tmp_path / "m.safetensors")


def test_an_unknown_tokenizer(make_model: Make, tmp_path: Path) -> None:
    model = make_model()
    about = {"config": model.cfg.to_dict(), "tokenizer": "bpe"}
    safetensors.numpy.save_file(dict(model.weights), tmp_path / "m.safetensors", {"model": json.dumps(about)})
    with pytest.raises(ValueError, match="expected the tokenizer 'symbols' or none; got 'bpe'"):
        load(tmp_path / "m.safetensors")


def test_a_config_that_does_not_fit_the_weights(make_model: Make, tmp_path: Path) -> None:
    model = make_model()
    model.save(tmp_path / "m.safetensors")
    with pytest.raises(ValueError, match=r"embed.W_E: expected shape \(14, 7\) by the config; got \(13, 7\)"):
        load(tmp_path / "m.safetensors", {**model.cfg.to_dict(), "d_vocab": 14})
