"""A number within bounds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from circuit_explainer.exhibits.controls.wire import Wire


def _number(value: float) -> str:
    return f"{value:g}"


@dataclass(frozen=True)
class Slider:
    """A number from `minimum` to `maximum` in steps of `step`, shown with its `unit`; at first it is `default`.

    `names`, one for each number, are shown in place of the numbers. `label` and `shared` are as in `Text`.
    Raises ValueError for an empty range, a step that is not positive, a default outside, or another count of names.
    """

    kind: ClassVar[str] = "slider"
    minimum: float
    maximum: float
    default: float
    step: float = 1
    unit: str = ""
    label: str | None = None
    shared: bool = False
    names: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.minimum < self.maximum:
            raise ValueError(f"Slider needs minimum < maximum. Got {self.minimum} and {self.maximum}.")
        if not self.step > 0:
            raise ValueError(f"Slider step must be positive. Got {self.step}.")
        if not self.minimum <= self.default <= self.maximum:
            raise ValueError(
                f"Slider default must lie from {_number(self.minimum)} to {_number(self.maximum)}. "
                f"Got {_number(self.default)}."
            )
        count = round((self.maximum - self.minimum) / self.step) + 1
        if self.names and len(self.names) != count:
            raise ValueError(f"Slider needs a name for each of its {count} numbers. Got {len(self.names)}.")

    def told(self, value: float) -> str:
        """Return what is shown for a number: its name, or the number with its unit."""
        if self.names:
            return self.names[round((value - self.minimum) / self.step)]
        return f"{_number(value)} {self.unit}".rstrip()

    def parse(self, wire: Wire) -> float:
        """Return the number, an int where all of the slider's numbers are. Raises ValueError outside its range."""
        try:
            value = float("" if isinstance(wire, list) else wire)
        except ValueError:
            raise ValueError(f"Expected a number. Got {wire!r:.60}.") from None
        if not self.minimum <= value <= self.maximum:
            raise ValueError(
                f"Expected a number from {_number(self.minimum)} to {_number(self.maximum)}. Got {_number(value)}."
            )
        whole = all(float(x).is_integer() for x in (self.minimum, self.step, value))
        return int(value) if whole else value
