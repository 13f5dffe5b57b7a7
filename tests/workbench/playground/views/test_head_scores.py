"""The head table as a chart: the scores of `circuits.head_scores`, clean and intervened."""

import numpy as np
import pytest

from circuit_explainer import zoo
from circuit_explainer.circuits import head_scores, zero_heads
from circuit_explainer.circuits.table import SCORES
from circuit_explainer.core import Config, Transformer, weight_shapes
from circuit_explainer.workbench.playground.views import head_scores as view
from circuit_explainer.workbench.playground.views.head_scores import HEAD_SCORES, offered
from tests.workbench.playground.views.made import drawn, made

MODEL = zoo.load("induction-2l")
PLAIN = head_scores(MODEL)
WITHOUT = head_scores(MODEL, fwd_hooks=zero_heads(MODEL.cfg, [(0, 1)]))


def test_the_numbers_are_those_of_the_head_table() -> None:
    given = made(HEAD_SCORES, MODEL, "zero 0.1")
    assert given.cache is not None
    for cache, table in ((given.clean, PLAIN), (given.cache, WITHOUT)):
        whole = HEAD_SCORES.numbers(given, given.clean_logits, cache)
        for at, name in enumerate(SCORES):
            np.testing.assert_allclose(whole[:, at], table.column(name).reshape(-1), rtol=1e-6, err_msg=name)
            words = name.replace("_", " ")
            one = HEAD_SCORES.numbers(given, given.clean_logits, cache, score=words)
            np.testing.assert_array_equal(one, whole[:, at])


def test_all_scores_stand_in_one_picture() -> None:
    chart = drawn(HEAD_SCORES, MODEL)
    assert chart.figure["layout"]["yaxis"]["ticktext"] == ["L0H0", "L0H1", "L1H0", "L1H1"]
    assert chart.figure["layout"]["xaxis"]["ticktext"] == [name.replace("_", " ") for name in SCORES]
    assert len(chart.table.rows) == 4
    best = PLAIN.best("induction")
    assert chart.summary.startswith(f"L{best.layer}H{best.head} has the highest score for “induction”, ")


def test_one_score_is_bars_of_both_runs() -> None:
    clean, both = (drawn(HEAD_SCORES, MODEL, *edits, score="induction") for edits in ([], ["zero 0.1"]))
    assert len(clean.figure["data"]) == 1
    assert [trace["name"] for trace in both.figure["data"]] == ["clean", "with your changes"]
    assert both.table.columns == ("Head", "clean", "intervened", "difference")
    rows = {row[0]: row[1:] for row in both.table.rows}
    assert rows["L1H0"][0] == pytest.approx(PLAIN.column("induction")[1, 0])
    assert rows["L1H0"][1] == pytest.approx(WITHOUT.column("induction")[1, 0])
    assert "with your changes 0.0" in both.summary


def large() -> Transformer:
    cfg = Config(n_layers=5, n_heads=8, d_model=8, n_ctx=24, d_head=2, d_vocab=9, attn_only=True)
    rng = np.random.default_rng(0)
    return Transformer(cfg, {name: rng.standard_normal(shape) for name, shape in weight_shapes(cfg).items()})


def test_of_many_heads_the_best_are_drawn_and_all_are_in_the_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(view, "MOST_WORK", 500)
    model = large()
    assert "copying eigenvalues" not in offered(model)
    whole = drawn(HEAD_SCORES, model, "zero 0.0")
    assert len(whole.figure["layout"]["yaxis"]["ticktext"]) == 24
    assert len(whole.table.rows) == 40
    one = drawn(HEAD_SCORES, model, score="first token")
    assert len(one.figure["data"][0]["y"]) == 16
    assert len(one.table.rows) == 40


def test_the_run_is_a_choice_for_all_scores_only() -> None:
    on = {"edits": ["zero 0.0"]}
    assert set(HEAD_SCORES.controls(MODEL, on)) == {"score", "run"}
    assert set(HEAD_SCORES.controls(MODEL, {**on, "score": "induction"})) == {"score"}
    assert set(HEAD_SCORES.controls(MODEL, {})) == {"score"}
