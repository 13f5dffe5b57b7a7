import math
from typing import Any

import pytest

from circuit_explainer.training import Schedule


def parts(steps: int, **fields: Any) -> list[float]:
    schedule = Schedule(**fields)
    return [schedule.part(step, steps) for step in range(1, steps + 1)]


def test_constant() -> None:
    assert parts(5, hold=1) == [1] * 5


def test_hold_then_a_straight_line() -> None:
    assert parts(8) == [1, 1, 1, 1, 1, 0.75, 0.5, 0.25]
    assert parts(4, hold=0) == [1, 0.75, 0.5, 0.25]


def test_warm_up() -> None:
    assert parts(6, hold=1, warmup=4) == [0.25, 0.5, 0.75, 1, 1, 1]
    assert parts(4, hold=0, warmup=2) == [0.5, 0.75, 0.5, 0.25]


def test_cosine() -> None:
    expected = [0.5 + 0.5 * math.cos(math.pi * step / 6) for step in range(6)]
    assert parts(6, hold=0, fall="cosine") == pytest.approx(expected, rel=1e-12)
    held = [1, 1, 1, *(0.5 + 0.5 * math.cos(math.pi * step / 3) for step in range(3))]
    assert parts(6, hold=0.5, fall="cosine") == pytest.approx(held, rel=1e-12)


def test_floor() -> None:
    assert parts(4, hold=0, floor=0.2) == pytest.approx([1, 0.8, 0.6, 0.4])


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"warmup": -1}, "warmup must be a whole number of at least 0; got warmup=-1"),
        ({"warmup": "3"}, "warmup must be a whole number of at least 0; got warmup='3'"),
        ({"hold": 1.1}, "hold must be a finite number of at least 0 and at most 1; got hold=1.1"),
        ({"hold": -0.1}, "hold must be .*; got hold=-0.1"),
        ({"hold": None}, "hold must be .*; got hold=None"),
        ({"floor": 2}, "floor must be .* at most 1; got floor=2"),
        ({"fall": "step"}, "fall must be 'line' or 'cosine'; got fall='step'"),
        ({"fall": []}, r"fall must be 'line' or 'cosine'; got fall=\[\]"),
    ],
)
def test_impossible_schedules(fields: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=f"^{said}"):
        Schedule(**fields)


def test_fields_by_name() -> None:
    assert Schedule.from_dict({"warmup": 3, "fall": "cosine"}) == Schedule(warmup=3, fall="cosine")
    with pytest.raises(ValueError, match=r"A schedule has the fields warmup, hold, fall, floor; got speed\."):
        Schedule.from_dict({"speed": 1})
