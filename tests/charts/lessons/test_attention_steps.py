import re
from typing import Any

import numpy as np
import pytest

from circuit_explainer import charts
from circuit_explainer.charts import ATTENTION_STEPS

DOTS = np.array([[2.0, 4.0, 1.0], [0.0, -2.0, 3.0], [6.0, 2.0, 0.0]])
SCORES = DOTS / 2
MASKED = np.where(np.triu(np.ones((3, 3)), 1) > 0, -np.inf, SCORES)
PATTERN = charts.softmax(MASKED)
VALUES = np.arange(12.0).reshape(3, 4)  # [key, d_head]
HANDED = PATTERN[-1][:, None] * VALUES
STREAM = np.arange(20.0).reshape(4, 5)
RUN: dict[str, Any] = {
    "dots": DOTS, "scores": SCORES, "masked": MASKED, "pattern": PATTERN, "handed": HANDED, "stream": STREAM,
}  # fmt: skip
TOKENS = ["<BOS>", "cat", "cat"]


def drawn(step: str) -> charts.Chart:
    return charts.attention_steps(step, TOKENS, **RUN)


def test_each_step_shows_its_numbers() -> None:
    shown = [re.findall(r">([−\d.∞]+)</td>", drawn(step).figure["html"]) for step in ATTENTION_STEPS]
    assert shown[0][:3] == ["2.00", "4.00", "1.00"]
    assert shown[1][:3] == ["1.00", "2.00", "0.50"]
    assert shown[2][:6] == ["1.00", "−∞", "−∞", "0.00", "−1.00", "−∞"]
    assert shown[3] == ["1.00", "1.00", "0.73", "0.27", "1.00", "0.84", "0.11", "0.04", "1.00"]
    assert len(shown[4]) == 4 * 4
    assert shown[5][:4] == ["0.00", "1.00", "2.00", "3.00"]


def test_each_step_says_what_happened() -> None:
    said = [drawn(step).summary for step in ATTENTION_STEPS]
    assert (
        said[0] == "The query of “cat₂” and the key of “<BOS>” have the dot product 6.00, the largest of the last row."
    )
    assert said[1] == "Each number is divided by √4 = 2.00. What was 6.00 is now 3.00."
    assert said[2].startswith("3 scores are set to −∞, above the diagonal")
    assert said[3] == "Each row adds up to 1. “cat₂” gives 0.84 to “<BOS>”: most of its attention."
    assert said[4].startswith("“<BOS>” weighs most in the sum, with 0.84.")
    assert "the first 4 of 5 components" in said[5]


def test_shares_that_print_alike_are_told() -> None:
    even = {**RUN, "pattern": np.full((3, 3), 1 / 3)}
    assert charts.attention_steps(ATTENTION_STEPS[3], TOKENS, **even).summary.endswith("as much as to others.")


def test_the_sum_of_what_is_handed_over_stands_below() -> None:
    rows = drawn(ATTENTION_STEPS[4]).table.rows
    assert [row[0] for row in rows] == ["0.84 × <BOS>", "0.11 × cat₁", "0.04 × cat₂", "sum"]
    np.testing.assert_allclose([float(x or 0) for x in rows[3][1:]], (PATTERN @ VALUES)[-1])


def test_what_does_not_fit() -> None:
    with pytest.raises(ValueError, match="step must be one of 1 Scores, 2 Scale"):
        drawn("7")
    with pytest.raises(ValueError, match="stream must have 4 rows: stream before, this head"):
        charts.attention_steps(ATTENTION_STEPS[0], TOKENS, **{**RUN, "stream": STREAM[:3]})
