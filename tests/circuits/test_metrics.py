import math
import re
from typing import Any

import numpy as np
import pytest

from circuit_explainer.circuits import log_probability, logit_difference

LOGITS = np.random.default_rng(0).standard_normal((2, 3, 5))


@pytest.mark.parametrize("position", [-1, 1])
def test_each_metric_equals_the_loop(position: int) -> None:
    token, against = [3, 4], [0, 3]
    rows = [LOGITS[b, position].tolist() for b in range(2)]
    own = sum(rows[b][token[b]] for b in range(2)) / 2
    other = sum(rows[b][against[b]] for b in range(2)) / 2
    same = sum(rows[b][2] for b in range(2)) / 2
    chances = [math.exp(rows[b][token[b]]) / sum(map(math.exp, rows[b])) for b in range(2)]
    assert logit_difference(token, position=position)(LOGITS) == pytest.approx(own)
    assert logit_difference(token, against, position)(LOGITS) == pytest.approx(own - other)
    assert logit_difference(token, 2, position)(LOGITS) == pytest.approx(own - same)
    assert log_probability(token, position)(LOGITS) == pytest.approx(sum(map(math.log, chances)) / 2)


@pytest.mark.parametrize(
    ("token", "told"),
    [
        (5, "must be an integer between 0 and 4; got 5."),
        (-1, "must be an integer between 0 and 4; got -1."),
        (1.5, "must be an integer between 0 and 4; got 1.5."),
        ([1, 999], "must be an integer between 0 and 4; got [1, 999]."),
        ([1, 2, 3], "must have one token for each of 2 sequences; got shape (3,)."),
        ([[1, 2]], "must have one token for each of 2 sequences; got shape (1, 2)."),
    ],
)
def test_unfit_tokens(token: Any, told: str) -> None:
    for name, metric in (
        ("token", logit_difference(token)),
        ("against", logit_difference(1, token)),
        ("token", log_probability(token)),
    ):
        with pytest.raises(ValueError, match=f"^{re.escape(f'{name} {told}')}$"):
            metric(LOGITS)


@pytest.mark.parametrize("position", [3, 9, -4, 0.5, "last", True])
def test_unfit_positions(position: Any) -> None:
    for metric in (logit_difference(1, position=position), log_probability(1, position)):
        with pytest.raises(
            ValueError, match=rf"^position must be a whole number between -3 and 2; got .*={position!r}"
        ):
            metric(LOGITS)
