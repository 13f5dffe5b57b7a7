"""The names of the cell are the playground's runs."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from circuit_explainer import circuits, zoo
from circuit_explainer.workbench.cell.present import present
from circuit_explainer.workbench.playground import models, runs
from circuit_explainer.workbench.tools import ToolError
from tests.awaited import awaited
from tests.workbench.cell.ran import run_all

TEXT = "the cat sat . the cat"
VALUES = {"model": "induction-2l", "text": TEXT, "view": "All heads"}


def names(**values: Any) -> dict[str, Any]:
    return awaited(present({**VALUES, **values}, lambda said: None))


@pytest.mark.parametrize("model", ["induction-2l", "text-2l", "text-0l", "by-hand"])
def test_the_names_of_a_model_and_a_text(model: str) -> None:
    found = names(model=model, text="a b a")
    assert list(found) == ["model", "text", "tokens", "logits", "cache"]
    assert found["model"] is zoo.load(model)
    assert found["text"] == "a b a"
    logits, cache = zoo.load(model).run_with_cache("a b a")
    np.testing.assert_array_equal(found["logits"], logits)
    assert set(found["cache"]) == set(cache)


def test_an_intervention_has_its_own_names() -> None:
    found = names(edits=["zero 0.1", "off zero 1.0"])
    model = zoo.load("induction-2l")
    expected = model.run_with_hooks(TEXT, fwd_hooks=circuits.zero_heads(model.cfg, [(0, 1)]))
    np.testing.assert_allclose(found["changed_logits"], expected, rtol=1e-6)
    assert not np.allclose(found["changed_logits"], found["logits"])
    assert not np.asarray(found["changed_cache"]["z", 0][:, :, 1]).any()
    assert "changed_cache" not in names(edits=["off zero 0.1"])


def test_a_patch_takes_the_other_prompt() -> None:
    found = names(edits=["patch resid_pre 0"], other="a b c d e f")
    damaged, _ = zoo.load("induction-2l").run_with_cache(found["tokens"])
    assert found["changed_logits"].shape == damaged.shape
    assert not np.allclose(found["changed_logits"], found["logits"])
    # A form that was not renewed yet has no other prompt: the playground's first one stands in.
    assert "changed_logits" in names(edits=["patch resid_pre 0"])


def test_a_link_that_was_just_opened_gives_the_names_but_for_what_was_changed_since() -> None:
    link = "v=1&model=by-hand&text=b+c+b&edits=zero+0.0"
    found = awaited(present({"text": "a b a"}, lambda said: None, link))
    assert found["model"] is zoo.load("by-hand")
    assert found["text"] == "a b a"
    assert "changed_logits" in found


def test_values_that_are_not_offered_give_way_as_in_the_playground() -> None:
    assert names(model="nothing", view="no view", edits=["zero 9.9"], more="x")["model"] is zoo.load("induction-2l")


@pytest.mark.parametrize(
    "values",
    [{"text": "w " * 500}, {"text": ""}, {"edits": ["patch k 1.1"], "other": "too short"}],
)
def test_what_cannot_be_used_is_told(values: dict[str, Any]) -> None:
    with pytest.raises(ToolError, match="The code gets its variables from the playground, where this is wrong: "):
        names(**values)


def test_a_model_of_the_readers_own_has_no_tokenizer() -> None:
    model = zoo.load("induction-2l")
    own = type(model)(model.cfg, model.weights)
    models.register("mine.safetensors", own)
    try:
        found = names(model="mine.safetensors", text="0 5 7 5")
        assert found["model"] is own
        assert found["tokens"].tolist() == [[0, 5, 7, 5]]
    finally:
        models.forget("mine.safetensors")


def test_a_long_run_says_how_far_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "SLOW", 0)
    runs.clear()
    said: list[dict[str, Any]] = []
    awaited(present(VALUES, said.append))
    assert said == [{"told": "Layer 1 of 2."}, {"told": "Layer 2 of 2."}]


def test_the_playgrounds_runs_are_not_changed_by_the_cell() -> None:
    before = names(edits=["zero 0.1"])
    kept = before["changed_cache"]["pattern", 1].copy()
    done = run_all("changed_cache['pattern', 1][:] = 0", values={**VALUES, "edits": ["zero 0.1"]})
    assert "read-only" in done.failure["message"]
    np.testing.assert_array_equal(names(edits=["zero 0.1"])["changed_cache"]["pattern", 1], kept)
