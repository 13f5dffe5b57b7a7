import re

import numpy as np

from circuit_explainer import charts

WORD = "Donaudampfschifffahrtsgesellschaft"
TOKENS = ["<BOS>", WORD, "cat", WORD]
PREVIOUS, FOUND = np.eye(4)[[0, 0, 1, 2]], np.eye(4)[[0, 0, 0, 2]]


def test_a_long_word_is_cut_in_the_picture_and_not_in_the_table() -> None:
    chart = charts.induction_steps(PREVIOUS, FOUND, np.eye(4)[2], TOKENS, TOKENS, charts.INDUCTION_STEPS[3])
    assert WORD not in chart.figure["html"]
    assert re.search(r">Donaudampf\w*…₂<", chart.figure["html"])
    assert chart.table.rows[1][0] == f"{WORD}₁"
    assert chart.summary == "The head copies what it found. The model expects “cat” next."
