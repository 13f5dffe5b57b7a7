"""All heads at once: each at its place, those of both runs and what changed between them."""

import base64
from typing import Any

import numpy as np
import pytest

from circuit_explainer import zoo
from circuit_explainer.core import Config, Transformer, weight_shapes
from circuit_explainer.exhibits import Choice
from circuit_explainer.workbench.playground.views.all_heads import ALL_HEADS
from tests.workbench.playground.views.made import TEXT, drawn, made

MODEL = zoo.load("induction-2l")


def shown(trace: dict[str, Any]) -> np.ndarray:
    rows, columns = map(int, trace["z"]["shape"].split(", "))
    return np.frombuffer(base64.b64decode(trace["z"]["bdata"]), "<f4").reshape(rows, columns)


def many(layers: int = 12, heads: int = 12) -> Transformer:
    cfg = Config(n_layers=layers, n_heads=heads, d_model=8, n_ctx=64, d_head=2, d_vocab=9, attn_only=True)
    rng = np.random.default_rng(0)
    weights = {name: rng.standard_normal(shape).astype(np.float32) for name, shape in weight_shapes(cfg).items()}
    return Transformer(cfg, weights)


def test_each_trace_is_the_pattern_of_its_head() -> None:
    cache = MODEL.run_with_cache(TEXT)[1]
    figure = drawn(ALL_HEADS, MODEL).figure
    assert [trace["hovertemplate"][:5] for trace in figure["data"]] == ["L0H0:", "L0H1:", "L1H0:", "L1H1:"]
    for n, trace in enumerate(figure["data"]):
        pattern = cache["pattern", n // 2][0, n % 2]
        later = np.triu(np.ones(pattern.shape, bool), 1)
        np.testing.assert_array_equal(shown(trace), np.where(later, np.nan, pattern))
    assert figure["layout"]["meta"]["press"][2] == "view=One head&head=L1H0"
    # Layers from below.
    assert figure["layout"]["yaxis"]["domain"][1] < figure["layout"]["yaxis3"]["domain"][0]


def test_by_a_score_the_best_stands_first_with_its_score() -> None:
    chart = drawn(ALL_HEADS, MODEL, order="previous token")
    assert chart.figure["layout"]["annotations"][0]["text"] == "L0H1 · 1.00"
    assert chart.figure["layout"]["meta"]["press"][0] == "view=One head&head=L0H1"
    assert chart.summary == "L0H1 has the highest score for “previous token” on this text, 1.00."


def test_without_repeats_there_is_no_induction_to_score() -> None:
    chart = drawn(ALL_HEADS, MODEL, text="a b c", order="induction")
    assert chart.summary.startswith("No token of this text comes twice, so no head can be scored for “induction”")
    assert chart.figure["layout"]["annotations"][0]["text"] == "L0H0"


def test_heads_keep_their_places_when_something_is_changed() -> None:
    clean = drawn(ALL_HEADS, MODEL, order="induction")
    changed = drawn(ALL_HEADS, MODEL, "zero 0.1", order="induction", run="intervened")
    assert changed.figure["layout"]["meta"] == clean.figure["layout"]["meta"]
    assert changed.summary == (
        "L1H0 has the highest score for “induction” on this text, 1.00; with your changes 0.00. "
        "The largest change: in L1H0 “the₂” looks at “cat₁” with 0.00 instead of 1.00."
    )


def test_the_difference_is_drawn_around_zero() -> None:
    runs = [drawn(ALL_HEADS, MODEL, "zero 0.1", run=run).figure for run in ("clean", "intervened", "difference")]
    clean, changed, difference = (shown(figure["data"][3]) for figure in runs)
    np.testing.assert_array_equal(difference, changed - clean)
    trace = runs[2]["data"][3]
    assert trace["zmin"] == -trace["zmax"] < 0
    assert runs[1]["data"][3]["zmin"] == 0


def test_nothing_changed_says_so() -> None:
    assert drawn(ALL_HEADS, MODEL, "freeze 0").summary.endswith("Your changes move none of these patterns.")


def test_the_table_has_every_pair_or_says_that_it_has_not() -> None:
    chart = drawn(ALL_HEADS, MODEL, "zero 0.1")
    cache = MODEL.run_with_cache(TEXT)[1]
    assert len(chart.table.rows) == 55
    assert chart.table.columns[:4] == ("Pair of tokens", "L0H0, clean", "L0H0, intervened", "L0H0, difference")
    row: Any = next(row for row in chart.table.rows if row[0] == "cat₂ looks at sat")
    assert row[7] == pytest.approx(float(cache["pattern", 1][0, 0, 9, 3]))
    assert row[9] == pytest.approx(row[8] - row[7])
    long = drawn(ALL_HEADS, many(), text=" ".join(str(n % 9) for n in range(40)), order="induction")
    assert len(long.table.rows) == 40
    assert len(long.table.columns) == 17
    assert "that of the last token, “3₅”" in long.table.caption


def test_of_many_heads_one_part_is_shown() -> None:
    model = many()
    controls = ALL_HEADS.controls(model, {"order": "layer"})
    assert isinstance(controls["part"], Choice)
    assert controls["part"].options == tuple(f"layer {n}" for n in range(12))
    given = made(ALL_HEADS, model, text="1 2 3 1 2", part="layer 7")
    # A run as small as this is kept whole; of a large one just this is.
    assert ALL_HEADS.needed(model, {"part": "layer 7"}) == {"blocks.7.attn.hook_pattern"}
    np.testing.assert_array_equal(
        ALL_HEADS.numbers(given, given.clean_logits, given.clean, part="layer 7"), given.clean["pattern", 7][0]
    )
    second = drawn(ALL_HEADS, model, text="1 2 3 1 2", order="first token", part="17 to 32")
    assert "has the highest score of these for “first token”" in second.summary
    assert len(second.figure["data"]) == 16


def test_one_token_is_a_text_too() -> None:
    model = many(1, 1)
    for order in ("layer", "previous token", "induction"):
        assert drawn(ALL_HEADS, model, text="1", order=order).summary.endswith(".")
    assert "There is one token" in drawn(ALL_HEADS, model, text="1", order="previous token").summary
