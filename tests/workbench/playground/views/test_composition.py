from typing import Any

import numpy as np
import pytest

from circuit_explainer import zoo
from circuit_explainer.circuits import composition_scores
from circuit_explainer.circuits.heads import head_name
from circuit_explainer.workbench.playground.views import composition
from circuit_explainer.workbench.playground.views.composition import COMPOSITION, KINDS, with_one
from circuit_explainer.workbench.playground.views.weights import SAME
from tests.circuits.conftest import random_model as make_model
from tests.core.kinds import KINDS as MODELS
from tests.workbench.playground.views.shown import drawn, runs_of


@pytest.mark.parametrize("through", KINDS)
def test_all_pairs_stand_in_the_map(through: str) -> None:
    model = zoo.load("induction-4l")
    runs = runs_of(COMPOSITION, model)
    chart = drawn(COMPOSITION, runs, through=through)
    above = composition_scores(model, KINDS[through]).above_baseline
    assert chart.table.columns[1:] == tuple(f"L{layer}H{head}" for layer in (1, 2, 3) for head in range(4))
    for n, row in enumerate(chart.table.rows):
        layer, head = divmod(n, 4)
        assert row[0] == f"L{layer}H{head}"
        for m, cell in enumerate(row[1:]):
            later = divmod(m + 4, 4)
            if later[0] <= layer:
                assert cell is None
            else:
                assert cell == pytest.approx(above[layer, head, later[0], later[1]])
    first = [int(n) for n in np.unravel_index(np.nanargmax(above), above.shape)]
    best = f"{head_name(*first[2:])} reads most of {head_name(*first[:2])}: {np.nanmax(above):+.2f}"
    assert best in chart.summary


def slow(model: Any, through: str, earlier: tuple[int, int], later: tuple[int, int]) -> float:
    """The definition, with every product formed."""
    left = model.W_V[earlier] @ model.W_O[earlier]
    right = {
        "queries": model.W_Q[later] @ model.W_K[later].T,
        "keys": model.W_K[later] @ model.W_Q[later].T,
        "values": model.W_V[later] @ model.W_O[later],
    }[through]
    return float(np.linalg.norm(left @ right) / np.linalg.norm(left) / np.linalg.norm(right))


@pytest.mark.parametrize("kind", MODELS)
@pytest.mark.parametrize("through", KINDS)
def test_one_later_head_is_scored_as_the_definition_says(kind: str, through: str) -> None:
    model = make_model(n_layers=3, **MODELS[kind])
    scores = with_one(model, KINDS[through], (2, 1))
    assert scores.shape == (2, model.cfg.n_heads)
    for at in np.ndindex(scores.shape):
        assert scores[at] == pytest.approx(slow(model, through, at, (2, 1)), rel=1e-6)


def test_a_large_model_shows_one_later_head(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(composition, "HEADS", 8)
    model = make_model(n_layers=4)
    found: Any = COMPOSITION.controls(model, {})
    assert found["later"].options[0] == "L3H0"
    assert "L0H0" not in found["later"].options
    chart = drawn(COMPOSITION, runs_of(COMPOSITION, model), later="L2H1")
    whole = composition_scores(model, "K").above_baseline[:2, :, 2, 1]
    told = [[float(str(cell)) for cell in row[1:]] for row in chart.table.rows]
    np.testing.assert_allclose(told, whole, rtol=1e-6)
    assert "L2H1 reads most of L" in chart.summary or "no more of earlier ones" in chart.summary


def test_a_head_that_writes_nothing_composes_with_none() -> None:
    model = zoo.load("by-hand")
    weights = {**model.weights, "blocks.0.attn.W_O": np.zeros_like(model.weights["blocks.0.attn.W_O"])}
    silent = type(model)(model.cfg, weights)
    assert with_one(silent, "K", (1, 0)).tolist() == [[0.0]]


def test_weights_stay_as_they_are_and_one_layer_has_no_pairs() -> None:
    runs = runs_of(COMPOSITION, zoo.load("induction-2l"), "a b a", ["zero 0.0"])
    assert drawn(COMPOSITION, runs).summary.endswith(SAME)
    assert not COMPOSITION.by_run
    assert [name for name in zoo.names() if not COMPOSITION.fits(zoo.load(name))] == ["induction-1l", "text-0l"]
