import numpy as np
import pytest

from circuit_explainer import charts

TOKENS, NAMES = ["cat", "a <b>", "cat"], ["cat", "a <b>"]
EYE = np.eye(3)


def test_each_token_has_a_line_of_words() -> None:
    key = np.stack([EYE[1], np.zeros(3), np.full(3, 0.5)])
    chart = charts.three_questions(EYE, key, EYE[[0, 1, 0]], TOKENS, NAMES)
    assert chart.table.rows == (
        ("cat₁", "cat", "a <b>", "cat"),
        ("a␣<b>", "a <b>", "nothing", "a <b>"),
        ("cat₂", "#2", "anything", "cat"),
    )
    assert chart.summary == "“cat₂” looks for #2, offers anything and hands over “cat”."
    assert "a &lt;b&gt;" in chart.figure["html"]
    assert "<b>" not in chart.figure["html"]


def test_three_vectors_of_a_token_as_bars() -> None:
    chart = charts.query_key_value(100 * EYE[0], EYE[1], -EYE[0], TOKENS, 0, NAMES)
    assert chart.summary == "“cat₁” looks for “cat”, offers “a␣<b>” and hands over “cat”."
    assert len(chart.table.rows) == 2  # only what has a name is drawn
    unnamed = charts.query_key_value(3 * EYE[0], EYE[1], EYE[2], TOKENS, 2)
    assert unnamed.summary == ("The three vectors of “cat₂”: the query is 3.00 long, the key 1.00 and the value 1.00.")
    assert len(unnamed.table.rows) == 3


def test_what_is_handed_over() -> None:
    whole = charts.handed_over(EYE[0], EYE[0], TOKENS, 2, 1, NAMES)
    assert whole.summary == "The key of “a␣<b>” fits best. “cat₂” receives “cat”, the value of “a␣<b>”, whole."
    assert whole.table.columns[1:] == ("value of a␣<b>", "received by cat₂")
    part = charts.handed_over(EYE[0], EYE[0] / 2, TOKENS, 2, 1)
    assert part.summary.endswith("“cat₂” receives something that differs from the value of “a␣<b>”.")


def test_what_does_not_fit() -> None:
    with pytest.raises(ValueError, match=r"key must have shape \(3, d_head\). Got \(2, 3\)."):
        charts.three_questions(EYE, EYE[:2], EYE, TOKENS, NAMES)
