import re

import numpy as np
import pytest

from circuit_explainer import zoo
from circuit_explainer.charts import Chart
from circuit_explainer.circuits import logit_lens
from circuit_explainer.workbench.playground.views import lens
from circuit_explainer.workbench.playground.views.logit_lens import LOGIT_LENS
from tests.circuits.conftest import random_model as make_model
from tests.core.kinds import KINDS
from tests.workbench.playground.views.shown import column, drawn, finished, runs_of

# float32 sums in another order.
CLOSE = 1e-5


def slow(logits: np.ndarray) -> np.ndarray:
    weights = np.exp(logits.astype(float) - logits.max(-1, keepdims=True))
    return np.asarray(weights / weights.sum(-1, keepdims=True))


@pytest.mark.parametrize("kind", KINDS)
def test_each_place_is_that_of_the_lens_of_the_circuits(kind: str) -> None:
    model = make_model(n_layers=3, **KINDS[kind])
    runs = runs_of(LOGIT_LENS, model, "3 1 4 1 5")
    chart = drawn(LOGIT_LENS, runs)
    _, whole = model.run_with_cache(runs.tokens)
    every = logit_lens(model, whole)
    # The lens of the circuits also stops between attention and MLP.
    stages = [n for n, label in enumerate(every.labels) if model.cfg.attn_only or "attention" not in label]
    shares = slow(every.logits[stages, 0])
    numbers = LOGIT_LENS.numbers(runs, runs.clean_logits, runs.clean)
    np.testing.assert_allclose(numbers, shares.max(-1), atol=CLOSE)
    told = np.array(column(chart, "probability")).reshape(5, 4).T
    np.testing.assert_allclose(told, shares.max(-1), atol=CLOSE)
    # Without a tokenizer tokens are called by their numbers.
    words = np.array(column(chart, "likeliest"), int).reshape(5, 4).T
    np.testing.assert_array_equal(words, shares.argmax(-1))


def test_both_runs_and_the_difference() -> None:
    model = zoo.load("induction-2l")
    runs = runs_of(LOGIT_LENS, model, "the cat sat . the cat", ["zero 0.1"])
    clean, intervened, difference = (drawn(LOGIT_LENS, runs, run=run) for run in ("clean", "intervened", "difference"))
    assert clean.table == intervened.table == difference.table
    told = clean.table.columns.index("difference for the clean likeliest")
    last = clean.table.rows[-1]
    assert last[1] == "sat"
    assert runs.logits is not None
    sat = int(runs.tokens[0, 3])
    change = slow(runs.logits[0, -1])[sat] - slow(runs.clean_logits[0, -1])[sat]
    assert last[told] == pytest.approx(change, abs=CLOSE)
    # The end stands at the top; the last cell of its row is the guess after the last token.
    top = [
        re.findall("<td.*?</td>", chart.figure["html"].split("<tbody>")[1].split("</tr>")[0])[-1]
        for chart in (clean, intervened, difference)
    ]
    assert f"<bdi>sat</bdi><br>{float(str(last[2])):.2f}" in top[0]
    assert "marked" not in top[0]
    assert "marked" in top[1]
    assert f"<bdi>sat</bdi><br>{change:+.2f}".replace("-", "−") in top[2]
    assert 'class="below' in top[2]
    assert re.search(
        r"ends with “sat” \(\d\.\d\d\)\. .*In the intervened run it ends .*“sat” has 0\.\d\d there \(−0\.\d\d\)\.",
        clean.summary,
    )


def test_a_model_without_layers_says_so() -> None:
    chart = drawn(LOGIT_LENS, runs_of(LOGIT_LENS, zoo.load("text-0l"), "ab"))
    assert chart.summary.endswith("It has no layers, so the embedding alone decides.")
    assert len(chart.table.rows) == 3


def test_a_large_vocabulary_bounds_the_work_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    model = make_model(n_layers=2, d_vocab=50257, n_ctx=64)
    assert lens.window(model, 40) == 40
    monkeypatch.setattr(lens, "WORK", 2 * 7 * 50257 * 10)
    text = " ".join(map(str, range(40)))
    runs = runs_of(LOGIT_LENS, model, text)
    chart = drawn(LOGIT_LENS, runs)
    assert chart.summary.endswith("Only the last 10 of 40 positions are read here: this model is large.")
    assert len(chart.table.rows) == 30
    assert LOGIT_LENS.numbers(runs, runs.clean_logits, runs.clean).shape == (3, 10)
    assert LOGIT_LENS.code(model)[-1] == "result = result[:, -10:]"
    np.testing.assert_allclose(
        LOGIT_LENS.numbers(runs, runs.clean_logits, runs.clean)[-1],
        slow(runs.clean_logits[0, -10:]).max(-1),
        atol=CLOSE,
    )


def test_slow_work_tells_how_far_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lens, "SLOW", 0)
    runs = runs_of(LOGIT_LENS, make_model(), "1 2", ["zero 0.0"])
    work = LOGIT_LENS.draw(runs)
    assert not isinstance(work, Chart)
    said = [next(work) for _ in range(6)]
    assert said == [f"Place {n} of 3{run}." for run in ("", " in the intervened run") for n in (1, 2, 3)]
    assert finished(work).summary
