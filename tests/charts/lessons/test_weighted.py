import numpy as np

from circuit_explainer import charts

SHARE, SIZE = np.array([0.6, 0.4]), np.array([1.0, 5.0])


def test_what_is_looked_at_may_not_be_what_moves() -> None:
    chart = charts.weighted_attention(SHARE, SIZE, SHARE * SIZE, ["<BOS>", "cat"])
    assert chart.summary == (
        "“cat” gives 0.60 to “<BOS>”: most of its attention. That moves 0.60. The 0.40 for “cat” moves more: 2.00."
    )
    assert chart.table.rows == (("<BOS>", 0.6, 1.0, 0.6), ("cat", 0.4, 5.0, 2.0))
    assert chart.figure["html"].count("source") == 2


def test_it_may_be() -> None:
    said = charts.weighted_attention(SHARE, SIZE[::-1], SHARE * SIZE[::-1], ["<BOS>", "cat"]).summary
    assert said.endswith("That moves 3.00, more than any other share.")
