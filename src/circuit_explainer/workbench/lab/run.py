"""A run that goes on in slices: how far it is, how fast, and what it was on the way."""

from __future__ import annotations

import dataclasses
import math
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from circuit_explainer.training import Progress, Recipe, Trainer
from circuit_explainer.workbench.lab.moments import Moment, Yardstick, even_guess, measure, thinned, yardstick

# Over this many seconds the speed is taken: long enough to be calm, short enough to be true.
WINDOW = 2.0


@dataclass
class Run:
    """A run in the lab. `broken` is the sentence with which the trainer gave up, `spent` the seconds it has trained."""

    trainer: Trainer
    texts: Yardstick
    name: str
    moments: list[Moment] = field(default_factory=list)
    every: int = 1
    broken: str | None = None
    spent: float = 0.0
    progress: Iterator[Progress] = field(init=False)
    _marks: deque[tuple[float, int]] = field(init=False, default_factory=deque)

    def __post_init__(self) -> None:
        self.progress = self.trainer.run()
        self.note()

    @property
    def recipe(self) -> Recipe:
        """All that decides the run."""
        return self.trainer.recipe

    @property
    def step(self) -> int:
        """How many steps are done."""
        return self.trainer.step

    @property
    def over(self) -> bool:
        """Whether no step can follow."""
        return self.broken is not None or self.step >= self.recipe.steps

    def note(self) -> None:
        """Keep the present step as a moment, unless it is one."""
        if self.moments and self.moments[-1].step == self.step and self.moments[-1].model:
            return
        before = [moment for moment in self.moments if moment.step < self.step]
        now = measure(self.trainer.model(), self.step, self.texts)
        if not math.isfinite(now.loss + now.asked):
            return  # the last step of a run that breaks off has no place on a chart
        self.moments, self.every = thinned([*before, now], self.every, even_guess(self.recipe) / 2)

    def one_step(self) -> None:
        """Train one step; keep it where one is due, and at the end."""
        if self.over:
            return
        try:
            next(self.progress)
        except FloatingPointError as error:
            self.broken = str(error)
        if self.over or self.step % self.every == 0:
            self.note()

    def advance(self, seconds: float) -> None:
        """Train for a slice of time, at least one step."""
        began = time.perf_counter()
        if not self._marks:
            self._marks.append((began, self.step))
        while True:
            self.one_step()
            now = time.perf_counter()
            if self.over or now - began >= seconds:
                break
        self.spent += now - began
        self._marks.append((now, self.step))
        while len(self._marks) > 2 and self._marks[1][0] < now - WINDOW:
            self._marks.popleft()

    def rest(self) -> None:
        """Stop the clock that the speed is taken by, and keep the present step."""
        self._marks.clear()
        self.note()

    @property
    def speed(self) -> float:
        """Steps a second, over the last two seconds of the reader's time; 0 where nothing has been timed yet."""
        if len(self._marks) < 2:
            return 0.0
        (first, low), (last, high) = self._marks[0], self._marks[-1]
        return (high - low) / (last - first) if last > first else 0.0


def begin(recipe: Recipe, name: str) -> Run:
    """Return a run that has not made a step. Raises ValueError where the recipe's model is too small to be scored."""
    return Run(Trainer(recipe), yardstick(recipe), name)


def timed(recipe: Recipe, seconds: float = 0.06) -> float:
    """Return how many seconds a step of a recipe takes here, measured on a run of its own for about `seconds`."""
    # A step costs the same at any rate, and at a small one no run breaks off.
    progress = Trainer(dataclasses.replace(recipe, lr=1e-6)).run()
    next(progress)  # the first step fills caches
    began, count = time.perf_counter(), 0
    for _ in progress:
        count += 1
        if time.perf_counter() - began >= seconds:
            break
    return (time.perf_counter() - began) / max(count, 1)
