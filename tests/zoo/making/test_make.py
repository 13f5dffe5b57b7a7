import dataclasses
import hashlib
import json
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from circuit_explainer import zoo
from circuit_explainer.core import Config, load
from circuit_explainer.zoo import checkpoint_file
from circuit_explainer.zoo.loader import FILES
from circuit_explainer.zoo.making import make, makers, recipes
from circuit_explainer.zoo.making.text.corpus import Problem
from circuit_explainer.zoo.making.text.recipe import TEXT_0L, TEXT_2L

SHORT = dataclasses.replace(recipes.INDUCTION, steps=3, batch=2)


@pytest.mark.parametrize("name", FILES)
def test_the_files_are_those_recorded(name: str) -> None:
    content = (zoo.directory() / f"{name}.safetensors").read_bytes()
    assert hashlib.sha256(content).hexdigest() == zoo.facts(name)["sha256"]
    assert len(content) == zoo.facts(name)["bytes"]


def test_all_files_together_are_small() -> None:
    assert sum(zoo.facts(name)["bytes"] for name in FILES) < 3_500_000


def test_the_recorded_recipes_are_those_in_the_code() -> None:
    told = {name: dataclasses.asdict(recipe) for name, recipe in recipes.RECIPES.items()}
    told |= {"text-2l": dataclasses.asdict(TEXT_2L), "text-0l": dataclasses.asdict(TEXT_0L)}
    for name, recipe in told.items():
        made: dict[str, Any] = json.loads(json.dumps(recipe))
        recorded = zoo.facts(name)["made"]
        # A field that came later has its default in what was recorded before.
        recorded = {**recorded, "config": dataclasses.asdict(Config.from_dict(recorded["config"]))}
        assert made.items() <= recorded.items()
        # LayerNorm's weights are folded away once text-2l is trained; the facts say so.
        folded = zoo.facts(name)["made"].get("stored_with", {})
        assert zoo.load(name).cfg == Config.from_dict({**recipe["config"], **folded})
    assert zoo.facts("text-2l")["made"]["stored_with"] == {"normalization_type": "LNPre"}
    assert tuple(zoo.checkpoints("induction-2l")) == recipes.CHECKPOINTS


def test_making_writes_says_and_compares(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    making = {
        "induction-2l": partial(makers.make_trained, "induction-2l", SHORT, (0, 2)),
        "by-hand": makers.make_by_hand,
    }
    monkeypatch.setattr(make, "MAKERS", making)
    monkeypatch.setattr(makers, "measure", lambda model: {"third": 1 / 3})
    facts, folder = tmp_path / "models.json", tmp_path / "models"
    assert make.make(["induction-2l"], folder, facts) == 1
    said = capsys.readouterr().out
    assert "induction-2l: step 3 of 3, loss " in said
    assert "induction-2l.checkpoints: NOT identical to the recorded file." in said
    assert "1 of 1 models made in " in said
    first = facts.read_bytes()
    assert json.loads(first)["induction-2l"]["measured"] == {"third": 0.333333}
    assert make.make(["induction-2l"], folder, facts) == 0
    assert "induction-2l: identical to the recorded file." in capsys.readouterr().out
    assert facts.read_bytes() == first
    assert load(folder / "induction-2l.safetensors").cfg == SHORT.config
    run = checkpoint_file.read(folder / "induction-2l.checkpoints.safetensors")
    assert list(run) == [0, 2]
    assert [row["step"] for row in json.loads(first)["induction-2l.checkpoints"]["measured"]] == [0, 2]


def test_several_are_made_in_processes_of_their_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # One process for both, since they write the same file.
    monkeypatch.setattr(make, "AT_ONCE", 1)
    first, second = make._made(["by-hand", "by-hand"], tmp_path)
    assert first == second
    assert first[0] == "by-hand"
    assert isinstance(first[1], dict)
    assert first[1]["by-hand"]["sha256"] == zoo.facts("by-hand")["sha256"]


def test_when_one_fails_the_others_are_made_and_recorded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    # The processes know the real makers only, and none of this name.
    monkeypatch.setattr(make, "MAKERS", {"nothing": makers.make_by_hand, "by-hand": makers.make_by_hand})
    monkeypatch.setattr(make, "AT_ONCE", 1)
    facts = tmp_path / "models.json"
    assert make.make([], tmp_path / "models", facts) == 2
    told = capfd.readouterr()
    lines = told.out.splitlines()
    assert lines[0] == "nothing: begun."
    # At once, and again at the end.
    failed, done = (at for at, line in enumerate(lines) if "FAILED" in line or "models made" in line)
    assert lines[failed] == "nothing: FAILED: KeyError: 'nothing'"
    assert lines[done].startswith("1 of 2 models made in ")
    assert lines[-2:] == ["1 of 2 models failed:", "nothing: KeyError: 'nothing'"]
    assert "Traceback" in told.err
    assert list(json.loads(facts.read_text(encoding="utf-8"))) == ["by-hand"]
    assert (tmp_path / "models" / "by-hand.safetensors").is_file()


def test_a_model_that_fails_halfway_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(folder: Path, report: makers.Report) -> makers.Facts:
        (folder / "by-hand.safetensors").write_bytes(b"new")
        raise Problem("there is no internet")

    monkeypatch.setattr(make, "MAKERS", {"by-hand": broken})
    facts, path = tmp_path / "models.json", tmp_path / "by-hand.safetensors"
    facts.write_text('{"by-hand": {"sha256": "00"}}', encoding="utf-8")
    path.write_bytes(b"old")
    assert make.make(["by-hand"], tmp_path, facts) == 2
    told = capsys.readouterr()
    assert told.out.splitlines() == [
        "by-hand: begun.", "by-hand: FAILED: there is no internet", "1 of 1 models failed:",
        "by-hand: there is no internet",
    ]  # fmt: skip
    assert told.err == ""
    assert path.read_bytes() == b"old"
    assert json.loads(facts.read_text(encoding="utf-8")) == {"by-hand": {"sha256": "00"}}


def test_by_hand_is_made_again_byte_for_byte(tmp_path: Path) -> None:
    facts = tmp_path / "models.json"
    facts.write_bytes(make.FACTS.read_bytes())
    assert make.make(["by-hand"], tmp_path, facts) == 0


def test_an_unknown_name(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"There is no model 'x'; the models are by-hand, induction-2l, "):
        make.make(["x"], tmp_path, tmp_path / "models.json")


def test_progress_is_told_now_and_then_and_at_the_end(capsys: pytest.CaptureFixture[str]) -> None:
    told = make.reporter("a", every=1e9)
    for step in (1, 2, 3):
        told(step, 3, f"loss {step}")
    assert capsys.readouterr().out.splitlines() == ["a: step 3 of 3, loss 3; 0 s, about 0 s to go"]
    told = make.reporter("a", every=0)
    told(1, 3, "loss 1")
    assert capsys.readouterr().out == "a: step 1 of 3, loss 1; 0 s, about 0 s to go\n"
