import json
from pathlib import Path

import pytest

from circuit_explainer import zoo
from circuit_explainer.core import SymbolTokenizer
from circuit_explainer.zoo import loader, makers


def test_names_are_those_of_the_files_the_facts_and_the_makers() -> None:
    names = ("by-hand", "induction-2l")
    assert zoo.names() == names
    assert {path.name for path in zoo.directory().iterdir()} == {f"{name}.safetensors" for name in names}
    assert set(json.loads(makers.FACTS.read_text(encoding="utf-8"))) == set(names)
    assert set(makers.RECIPES) < set(names)


@pytest.mark.parametrize("name", zoo.names())
def test_models_load_once_and_read_text(name: str) -> None:
    model = zoo.load(name)
    assert zoo.load(name) is model
    assert model.tokenizer == SymbolTokenizer(model.cfg.d_vocab, model.cfg.n_ctx)
    assert model.cfg.n_ctx >= 64
    logits, cache = model.run_with_cache("the cat sat . the cat")
    assert logits.shape == (1, 7, model.cfg.d_vocab)
    assert cache["pattern", 1].shape == (1, model.cfg.n_heads, 7, 7)


def test_an_unknown_name() -> None:
    message = "There is no model 'induction'; the models are by-hand, induction-2l."
    for ask in (zoo.load, zoo.facts):
        with pytest.raises(ValueError, match=message):
            ask("induction")


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
