"""How the learning rate goes over a run, as data."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from circuit_explainer.core.files.fields import mapping
from circuit_explainer.training import checks


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """Rises, holds, falls: the part of the full learning rate that each step gets.

    ``Schedule(hold=1)`` is constant, ``Schedule(hold=0, fall="cosine")`` the cosine without restarts,
    ``Schedule(warmup=100)`` rises in a straight line, holds for half of the run and falls in a straight line.

    Source: the cosine, Loshchilov and Hutter (2017); the warm-up, Goyal et al. (2017).

    Args:
        warmup: steps over which the rate rises in a straight line to all of it.
        hold: which part of all steps is over before the rate falls; 1 for never.
        fall: "line" or "cosine", from all of it to ``floor`` at the end.
        floor: the part that is left at the end.

    Raises:
        ValueError: a value is impossible; the sentence gives it.
    """

    warmup: int = 0
    hold: float = 0.5
    fall: str = "line"
    floor: float = 0.0

    def __post_init__(self) -> None:
        checks.whole("warmup", self.warmup)
        checks.number("hold", self.hold, high=1)
        checks.number("floor", self.floor, high=1)
        if self.fall not in ("line", "cosine"):
            raise ValueError(f"fall must be 'line' or 'cosine'; got fall={self.fall!r:.100}.")

    @classmethod
    def from_dict(cls, fields: Mapping[str, Any]) -> Schedule:
        """The schedule with these fields.

        Raises:
            ValueError: a field is unknown, or a value is impossible.
        """
        fields = mapping(fields, "A schedule")
        known = [field.name for field in dataclasses.fields(cls)]
        if set(fields) - set(known):
            raise ValueError(f"A schedule has the fields {', '.join(known)}; got {', '.join(fields)}.")
        return cls(**fields)

    def part(self, step: int, steps: int) -> float:
        """Between 0 and 1, for step 1, 2, … of ``steps``."""
        rise = min(1.0, step / self.warmup) if self.warmup else 1.0
        if self.hold == 1:
            return rise
        left = min(1.0, (1 - (step - 1) / steps) / (1 - self.hold))
        if self.fall == "cosine":
            left = (1 - math.cos(math.pi * left)) / 2
        return rise * (self.floor + (1 - self.floor) * left)
