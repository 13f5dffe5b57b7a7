import json
from pathlib import Path

import numpy as np
import pytest

from circuit_explainer import zoo
from circuit_explainer.core import CharTokenizer, SymbolTokenizer
from circuit_explainer.zoo import loader
from circuit_explainer.zoo.making.make import FACTS
from circuit_explainer.zoo.making.makers import MAKERS


def test_names_are_those_of_the_files_the_facts_and_the_makers() -> None:
    assert zoo.names() == loader.NAMES
    assert {path.name for path in zoo.directory().iterdir()} == {f"{name}.safetensors" for name in loader.FILES}
    assert list(json.loads(FACTS.read_text(encoding="utf-8"))) == list(loader.FILES)
    assert set(MAKERS) == set(loader.NAMES)


@pytest.mark.parametrize("name", zoo.names())
def test_models_load_once_and_read_text(name: str) -> None:
    model = zoo.load(name)
    assert zoo.load(name) is model
    kind = CharTokenizer(128) if name.startswith("text") else SymbolTokenizer(model.cfg.d_vocab, model.cfg.n_ctx)
    assert model.tokenizer == kind
    assert model.cfg.n_ctx >= 64
    text = "the cat sat . the cat"
    logits, cache = model.run_with_cache(text)
    length = len(model.to_str_tokens(text))
    assert logits.shape == (1, length, model.cfg.d_vocab)
    for layer in range(model.cfg.n_layers):
        assert cache["pattern", layer].shape == (1, model.cfg.n_heads, length, length)


def test_each_variant_is_what_its_name_says() -> None:
    told = {name: zoo.load(name).cfg for name in zoo.names()}
    assert {name: cfg.n_layers for name, cfg in told.items() if cfg.n_layers != 2} == {
        "induction-1l": 1, "induction-4l": 4, "text-0l": 0,
    }  # fmt: skip
    assert told["induction-2l-layernorm"].normalization_type == "LN"
    assert told["induction-2l-shortformer"].positional_embedding_type == "shortformer"
    assert told["induction-2l-rotary"].positional_embedding_type == "rotary"
    assert told["induction-2l-mlp"].act_fn == "gelu"
    assert (told["induction-2l-grouped"].n_heads, told["induction-2l-grouped"].n_key_value_heads) == (4, 2)


def test_checkpoints_open_once_and_end_as_the_model() -> None:
    run = zoo.checkpoints("induction-2l")
    assert zoo.checkpoints("induction-2l") is run
    assert len(run) == 40
    model, last = zoo.load("induction-2l"), run[run.steps[-1]]
    assert last.cfg == model.cfg
    for name, array in model.weights.items():
        # 8 bits for one, 16 for the other: half of one of 127 steps of the column's largest.
        limit = np.abs(array).max(axis=-2, keepdims=True) * 0.005 if array.ndim > 1 else 0.0
        assert (np.abs(last.weights[name] - array) <= limit).all(), name


def test_unknown_names() -> None:
    for ask in (zoo.load, zoo.facts):
        with pytest.raises(ValueError, match=r"There is no model 'induction'; there is by-hand, induction-2l, "):
            ask("induction")
    with pytest.raises(ValueError, match=r"There is no model with checkpoints 'by-hand'; there is induction-2l\."):
        zoo.checkpoints("by-hand")


def test_missing_checkpoints_are_named_as_their_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loader, "directory", lambda: tmp_path)
    monkeypatch.setattr(loader, "_runs", {})
    with zoo.recording() as seen, pytest.raises(zoo.MissingModel) as caught:
        zoo.checkpoints("induction-2l")
    assert caught.value.name == "induction-2l.checkpoints"
    assert seen == {"induction-2l.checkpoints"}


def test_a_missing_file_and_its_arrival(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = (zoo.directory() / "by-hand.safetensors").read_bytes()
    monkeypatch.setattr(loader, "directory", lambda: tmp_path)
    monkeypatch.setattr(loader, "_loaded", {})
    with pytest.raises(zoo.MissingModel, match=r"'by-hand' is not here; put it at by-hand.safetensors") as caught:
        zoo.load("by-hand")
    assert caught.value.name == "by-hand"
    assert isinstance(caught.value, LookupError)
    (tmp_path / "by-hand.safetensors").write_bytes(content)
    assert zoo.load("by-hand").cfg.n_layers == 2


def test_recording_sees_names_even_from_memory() -> None:
    zoo.load("by-hand")
    with zoo.recording() as outer:
        zoo.load("by-hand")
        with zoo.recording() as inner:
            zoo.load("induction-2l")
            zoo.load("by-hand")
        assert inner == {"induction-2l", "by-hand"}
    zoo.load("induction-2l")
    assert outer == {"by-hand", "induction-2l"}
    with zoo.recording() as later:
        assert later == set()


def test_recording_sees_a_missing_model_and_ends_with_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loader, "directory", lambda: tmp_path)
    monkeypatch.setattr(loader, "_loaded", {})
    with zoo.recording() as outer, pytest.raises(zoo.MissingModel), zoo.recording() as inner:
        zoo.load("by-hand")
    assert inner == outer == {"by-hand"}
    assert loader._recordings == []
