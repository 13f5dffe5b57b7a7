"""What the values of a recipe must be; each failure is one sentence with the name, what was expected and what came."""

from __future__ import annotations

import math
from typing import Any


def whole(name: str, value: Any, least: int = 0) -> None:
    """Raise ValueError unless the value is a whole number of at least ``least``."""
    if type(value) is not int or value < least:
        raise ValueError(f"{name} must be a whole number of at least {least}; got {name}={value!r:.100}.")


def number(
    name: str, value: Any, low: float = 0.0, high: float = math.inf, above: bool = False, below: bool = False
) -> None:
    """Raise ValueError unless the value is a finite number from ``low`` to ``high``.

    With ``above`` it may not be ``low`` itself, with ``below`` not ``high``.
    """
    fits = isinstance(value, int | float) and not isinstance(value, bool)
    # Weights are float32, in which larger numbers are infinite.
    fits = fits and abs(value) <= 1e38 and low <= value <= high
    if not fits or (above and value == low) or (below and value == high):
        limits = f"{'above' if above else 'of at least'} {low:g}"
        if high < math.inf:
            limits += f" and {'below' if below else 'at most'} {high:g}"
        raise ValueError(f"{name} must be a finite number {limits}; got {name}={value!r:.100}.")


def switch(name: str, value: Any) -> None:
    """Raise ValueError unless the value is True or False."""
    if not isinstance(value, bool):
        raise ValueError(f"{name} must be True or False; got {name}={value!r:.100}.")


def kind(name: str, value: Any, wanted: type) -> None:
    """Raise ValueError unless the value is of a class."""
    if not isinstance(value, wanted):
        raise ValueError(f"{name} must be a {wanted.__name__}; got {name}={value!r:.100}.")
