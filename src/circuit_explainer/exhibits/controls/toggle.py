"""On or off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from circuit_explainer.exhibits.controls.wire import Wire


@dataclass(frozen=True)
class Toggle:
    """On or off, at first `default`; `label` and `shared` as in `Text`."""

    kind: ClassVar[str] = "toggle"
    default: bool = False
    label: str | None = None
    shared: bool = False

    def parse(self, wire: Wire) -> bool:
        """Return the switch's state. Raises ValueError for anything but true and false."""
        if not isinstance(wire, bool):
            raise ValueError(f"Expected on or off. Got {wire!r:.60}.")
        return wire
