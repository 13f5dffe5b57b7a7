"""One head: its pattern, what it moves, its scores; clean, intervened and the difference."""

from typing import Any

import numpy as np
import pytest

from circuit_explainer import zoo
from circuit_explainer.circuits import value_weighted_attention
from circuit_explainer.exhibits import Choice
from circuit_explainer.workbench.playground.views.one_head import KINDS, ONE_HEAD
from tests.workbench.playground.views.made import TEXT, drawn, made

MODEL = zoo.load("induction-2l")


@pytest.mark.parametrize("name", ["induction-2l", "induction-2l-grouped"])
@pytest.mark.parametrize("kind", KINDS)
def test_the_numbers_are_those_of_the_run(kind: str, name: str) -> None:
    model = zoo.load(name)
    cache = model.run_with_cache(TEXT)[1]
    whole = {
        "pattern": cache["pattern", 1],
        "value-weighted": value_weighted_attention(model, cache, 1),
        "scores before softmax": cache["attn_scores", 1],
    }[kind]
    given = made(ONE_HEAD, model, head="L1H1", kind=kind)
    found = ONE_HEAD.numbers(given, given.clean_logits, given.clean, head="L1H1", kind=kind)
    below = np.tril_indices(len(found))
    # Two ways to the length of the same float32 vectors.
    np.testing.assert_allclose(found[below], whole[0, 1][below], rtol=1e-5, atol=1e-6)
    assert np.isnan(found[np.triu_indices(len(found), 1)]).all()


def test_heads_are_chosen_by_name_where_there_are_several() -> None:
    head = ONE_HEAD.controls(MODEL, {})["head"]
    assert isinstance(head, Choice)
    assert head.options == ("L0H0", "L0H1", "L1H0", "L1H1")
    assert set(ONE_HEAD.controls(MODEL, {"edits": ["zero 0.0"]})) == set(ONE_HEAD.fields)


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("pattern", "L1H0: “cat₂” looks at “sat” with 1.00: all of its attention."),
        ("value-weighted", r"L1H0: what “cat₂” gets comes most from “sat”: \d+.\d\d."),
        ("scores before softmax", r"L1H0: the query of “cat₂” fits best with the key of “sat”: \+\d+.\d\d."),
    ],
)
def test_the_sentence(kind: str, told: str) -> None:
    import re

    chart = drawn(ONE_HEAD, MODEL, head="L1H0", kind=kind)
    assert re.fullmatch(told, chart.summary), chart.summary
    assert chart.figure["layout"]["meta"] == {"strip": True}
    assert chart.table.columns[0] == "Pair of tokens"
    assert len(chart.table.rows) == 55


@pytest.mark.parametrize("run", ["clean", "intervened", "difference"])
@pytest.mark.parametrize("kind", KINDS)
def test_both_runs_are_told_whichever_is_drawn(kind: str, run: str) -> None:
    chart = drawn(ONE_HEAD, MODEL, "zero 0.1", head="L1H0", kind=kind, run=run)
    assert "The largest change is from “" in chart.summary
    assert chart.table.columns == ("Pair of tokens", "clean", "intervened", "difference")
    row: Any
    for row in chart.table.rows:
        assert row[3] == pytest.approx(row[2] - row[1], abs=1e-4)
    signed = kind == "scores before softmax" or run == "difference"
    assert (chart.figure["data"][0]["zmin"] < 0) == signed


def test_where_nothing_changes_the_sentence_says_so() -> None:
    assert drawn(ONE_HEAD, MODEL, "zero 1.1", head="L0H0").summary.endswith("Your changes move nothing here.")


def test_a_long_text_has_its_last_row_in_the_table_and_nothing_over_its_small_cells() -> None:
    text = "ab cd " * 21
    chart = drawn(ONE_HEAD, zoo.load("text-2l"), "zero 0.0", text=text, head="L1H3")
    assert len(chart.table.rows) == 127
    assert "that of the last token" in chart.table.caption
    assert chart.figure["layout"]["xaxis"]["showticklabels"] is False
    assert chart.figure["layout"]["shapes"] == []
