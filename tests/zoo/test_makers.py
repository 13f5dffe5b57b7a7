import dataclasses
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from circuit_explainer import zoo
from circuit_explainer.core import load
from circuit_explainer.zoo import makers


@pytest.mark.parametrize("name", zoo.names())
def test_the_files_are_those_recorded(name: str) -> None:
    content = (zoo.directory() / f"{name}.safetensors").read_bytes()
    facts = zoo.facts(name)
    assert hashlib.sha256(content).hexdigest() == facts["sha256"]
    assert len(content) == facts["bytes"] < 300_000


def test_the_recorded_recipe_is_the_one_in_the_code() -> None:
    for name, recipe in makers.RECIPES.items():
        made: dict[str, Any] = json.loads(json.dumps(dataclasses.asdict(recipe)))
        assert made.items() <= zoo.facts(name)["made"].items()
        assert zoo.load(name).cfg == recipe.config


def test_making_writes_says_and_compares(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    short = dataclasses.replace(makers.RECIPES["induction-2l"], steps=3, batch=2)
    monkeypatch.setattr(makers, "RECIPES", {"induction-2l": short})
    monkeypatch.setattr(makers, "measure", lambda model: {"third": 1 / 3})
    facts = tmp_path / "models.json"
    assert makers.make([], tmp_path / "models", facts) == 1
    said = capsys.readouterr().out
    assert "induction-2l: step 3 of 3, loss " in said
    assert "by-hand: NOT identical to the recorded model." in said
    first = facts.read_bytes()
    assert json.loads(first)["by-hand"]["measured"] == {"third": 0.333333}
    assert makers.make(["induction-2l"], tmp_path / "models", facts) == 0
    assert "induction-2l: identical to the recorded model." in capsys.readouterr().out
    assert facts.read_bytes() == first
    assert load(tmp_path / "models" / "induction-2l.safetensors").cfg == short.config


def test_by_hand_is_made_again_byte_for_byte(tmp_path: Path) -> None:
    facts = tmp_path / "models.json"
    facts.write_bytes(makers.FACTS.read_bytes())
    assert makers.make(["by-hand"], tmp_path, facts) == 0


def test_an_unknown_name(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"There is no model 'x'; the models are by-hand, induction-2l."):
        makers.make(["x"], tmp_path, tmp_path / "models.json")
