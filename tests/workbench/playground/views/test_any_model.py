"""The views of every model: those that ship, one without tokenizer, one with a vocabulary as large as GPT-2's."""

from typing import Any

import numpy as np
import pytest

from circuit_explainer import zoo
from circuit_explainer.core import Config, Transformer, weight_shapes
from circuit_explainer.exhibits import Control
from circuit_explainer.workbench.playground.views import VIEWS
from circuit_explainer.workbench.playground.views.words import token_names
from tests.circuits.conftest import random_model
from tests.core.kinds import KINDS
from tests.workbench.playground.views.shown import drawn, runs_of

OURS = ("top_predictions", "logit_lens", "logit_attribution", "circuits", "composition", "hook_explorer")
# Cells of a table that a page takes without delay.
CELLS = 6000


def values_of(controls: dict[str, Control]) -> dict[str, Any]:
    return {name: control.default for name, control in controls.items()}


def walk(model: Transformer, name: str, edits: list[str]) -> None:
    view = VIEWS[name]
    if not view.fits(model):
        return
    controls = view.controls(model, {"edits": edits})
    assert set(controls) <= set(view.fields)
    assert len(view.fields) <= 3
    assert ("run" in controls) == ("run" in view.fields and bool(edits))
    values = values_of(controls)
    runs = runs_of(view, model, "", edits, **values)
    for run in ("clean", "intervened", "difference"):
        given = {**values, **({"run": run} if "run" in controls else {})}
        chart = drawn(view, runs, **given)
        assert len(chart.table.rows) * len(chart.table.columns) <= CELLS
        if edits and view.by_run:
            assert any("difference" in column for column in chart.table.columns)
            assert any("clean" in column for column in chart.table.columns)
            assert any("intervened" in column for column in chart.table.columns)
            assert "intervened" in chart.summary or "intervention" in chart.summary
        elif not edits:
            assert not any("intervened" in column for column in chart.table.columns)
    assert view.code(model, **values)[-1].startswith("result = ")


@pytest.mark.parametrize("view", OURS)
@pytest.mark.parametrize("name", zoo.names())
def test_models_that_ship(name: str, view: str) -> None:
    model = zoo.load(name)
    for edits in ([], ["zero 0.0"], ["patch resid_pre 0", "freeze 0"]):
        if model.cfg.n_layers or not edits:
            walk(model, view, edits)


@pytest.mark.parametrize("view", OURS)
@pytest.mark.parametrize("kind", KINDS)
def test_kinds_of_models_without_tokenizer(kind: str, view: str) -> None:
    for layers in (0, 1, 3):
        model = random_model(n_layers=layers, **KINDS[kind])
        for edits in ([], ["zero 0.0"]):
            if layers or not edits:
                walk(model, view, edits)


@pytest.fixture(scope="module")
def large() -> Transformer:
    """The shape of GPT-2 small, with two layers."""
    cfg = Config(
        n_layers=2, d_model=768, n_ctx=64, d_head=64, n_heads=12, d_vocab=50257, act_fn="gelu_new",
        normalization_type="LN",
    )  # fmt: skip
    noise = np.random.default_rng(0).standard_normal(999_983, np.float32) * np.float32(0.02)
    weights = {name: np.resize(noise, shape) + name.endswith(".w") for name, shape in weight_shapes(cfg).items()}
    return Transformer(cfg, weights)


@pytest.mark.parametrize("view", OURS)
@pytest.mark.parametrize("edits", [[], ["zero 0.0"]])
def test_a_vocabulary_as_large_as_that_of_gpt_2(large: Transformer, view: str, edits: list[str]) -> None:
    walk(large, view, edits)


def test_tokens_are_called_by_their_text_where_the_model_has_one() -> None:
    runs = runs_of(VIEWS["top_predictions"], zoo.load("induction-2l"), "the cat")
    assert token_names(runs, [0, 1, 2, 3]) == ["<BOS>", "the", "cat", "#3"]
    runs = runs_of(VIEWS["top_predictions"], zoo.load("text-2l"), "a b")
    assert token_names(runs, [0, 1, 2, 67, 68]) == ["<BOS>", "⏎", "␣", "a", "b"]
    runs = runs_of(VIEWS["top_predictions"], random_model(), "5 7")
    assert token_names(runs, [5, 6]) == ["5", "6"]
