import re

import numpy as np
import pytest

from circuit_explainer import zoo
from circuit_explainer.workbench.playground.views.top_predictions import TOP_PREDICTIONS, first
from tests.circuits.conftest import random_model as make_model
from tests.workbench.playground.views.shown import column, drawn, runs_of

# float32 sums in another order.
CLOSE = 1e-6


def slow(logits: np.ndarray) -> np.ndarray:
    weights = np.exp(logits.astype(float))
    return np.asarray(weights / weights.sum(-1, keepdims=True))


def test_every_position_stands_in_the_table() -> None:
    model = make_model(n_ctx=80)
    ids = np.random.default_rng(0).integers(0, 13, 70)  # more than are turned into probabilities at once
    runs = runs_of(TOP_PREDICTIONS, model, " ".join(map(str, ids)))
    chart = drawn(TOP_PREDICTIONS, runs, top=5)
    shares = slow(runs.clean_logits[0])
    assert len(chart.table.rows) == 70
    for p, row in enumerate(chart.table.rows):
        order = sorted(range(13), key=lambda token: -shares[p, token])
        assert [row[4 + 2 * n] for n in range(5)] == [str(token) for token in order[:5]]
        np.testing.assert_allclose([float(str(row[5 + 2 * n])) for n in range(5)], shares[p, order[:5]], atol=CLOSE)
        if p == 69:
            assert row[1:4] == (None, None, None)
        else:
            assert row[1] == str(ids[p + 1])
            assert row[2] == pytest.approx(shares[p, ids[p + 1]], abs=CLOSE)
            assert row[3] == order.index(ids[p + 1]) + 1
    html = chart.figure["html"]
    assert html.count('class="token"') == 70
    # Each chip has five notes, and one more where the token that comes is not among them.
    outside = sum(rank > 5 for rank in column(chart, "its rank")[:-1])
    assert outside > 0
    assert html.count('<span class="note') == 70 * 5 + outside
    assert html.count('class="note comes"') == 69
    numbers = TOP_PREDICTIONS.numbers(runs, runs.clean_logits, runs.clean, top=5)
    np.testing.assert_allclose(numbers, -np.sort(-shares)[:, :5], atol=CLOSE)


def test_both_runs_and_the_difference() -> None:
    model = zoo.load("induction-2l")
    runs = runs_of(TOP_PREDICTIONS, model, "the cat sat . the cat", ["zero 0.1"])
    clean, intervened, difference = (
        drawn(TOP_PREDICTIONS, runs, run=run, top=1) for run in ("clean", "intervened", "difference")
    )
    assert clean.table == intervened.table == difference.table
    assert runs.logits is not None
    before, after = slow(runs.clean_logits[0]), slow(runs.logits[0])
    moved = np.subtract(column(clean, "intervened: its probability")[:-1], column(clean, "clean: its probability")[:-1])
    np.testing.assert_allclose(column(clean, "difference")[:-1], moved)
    sat = int(runs.tokens[0, 3])
    last = [
        re.findall('<span class="note.*?</span>', chart.figure["html"])[-1] for chart in (clean, intervened, difference)
    ]
    assert last[0] == f'<span class="note"><bdi>sat</bdi> {before[-1, sat]:.2f}</span>'
    assert last[1].endswith(f"{after[-1].max():.2f}</span>")
    change = after[-1] - before[-1]
    assert np.abs(change).argmax() == sat
    assert last[2] == f'<span class="note"><bdi>sat</bdi> −{-change[sat]:.2f}</span>'
    right = [sum(shares[p].argmax() == runs.tokens[0, p + 1] for p in range(6)) for shares in (before, after)]
    assert f"At {right[0]} of the 6 places before" in clean.summary
    assert f"is right at {right[1]} places" in clean.summary


def test_a_readers_words_are_escaped() -> None:
    runs = runs_of(TOP_PREDICTIONS, zoo.load("induction-2l"), "<b> a&b <b> a&b <b>")
    html = drawn(TOP_PREDICTIONS, runs).figure["html"]
    assert "<b>" not in html
    assert "a&amp;b" in html


def test_the_first_of_equal_numbers_is_that_of_the_smaller_token() -> None:
    assert first(np.array([[1.0, 3.0, 3.0, 0.0]]), 3).tolist() == [[1, 2, 0]]


def test_a_text_of_one_token() -> None:
    chart = drawn(TOP_PREDICTIONS, runs_of(TOP_PREDICTIONS, make_model(), "4"))
    assert "places before" not in chart.summary
    assert len(chart.table.rows) == 1
