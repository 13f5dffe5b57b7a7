"""The way back in the lab: what it held before a run was thrown away or opened, a curve kept or removed."""

from __future__ import annotations

from dataclasses import dataclass, field

from circuit_explainer.workbench.lab.curves import Kept
from circuit_explainer.workbench.lab.run import Run

MOST = 10  # states on the way back; a run takes some megabytes


@dataclass(frozen=True)
class Held:
    """What the lab holds, as far as it can be brought back: the run itself, which may have gone on since."""

    run: Run | None
    theirs: bool
    at: int | None
    head: tuple[int, int] | None
    kept: tuple[Kept, ...]
    passed: bool


@dataclass
class History:
    """States before and after the present one, the nearest last."""

    past: list[Held] = field(default_factory=list)
    future: list[Held] = field(default_factory=list)

    def note(self, now: Held) -> None:
        """Keep the present state, which is about to change."""
        self.past = [*self.past, now][-MOST:]
        self.future = []

    def back(self, now: Held) -> Held:
        """The state before; `now` is kept for `forth`."""
        self.future.append(now)
        return self.past.pop()

    def forth(self, now: Held) -> Held:
        """The state that `back` left."""
        self.past.append(now)
        return self.future.pop()
