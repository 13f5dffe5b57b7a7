"""Long work as a generator: it stops for a moment now and then, so that a page can show progress or give up."""

from __future__ import annotations

from collections.abc import Generator
from typing import TypeVar

Result = TypeVar("Result")


def finished(steps: Generator[object, None, Result]) -> Result:
    """What the steps return, all of them taken at once."""
    while True:
        try:
            next(steps)
        except StopIteration as done:
            result: Result = done.value
            return result
