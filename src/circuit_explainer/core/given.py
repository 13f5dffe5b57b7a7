"""Numbers that a caller gives: whole ones, tokens, positions; each failure is one sentence with what came instead."""

from __future__ import annotations

from typing import Any

import numpy as np

from circuit_explainer.core.arrays import Array


def array(name: str, given: Any) -> Array:
    """What was given as an array.

    Raises:
        ValueError: its rows have different lengths.
    """
    try:
        return np.asarray(given)
    except ValueError as error:
        raise ValueError(f"{name} must have rows of one length; got {given!r:.100}.") from error


def whole(name: str, given: Any, low: int, high: int | None = None) -> int:
    """A whole number from ``low`` on, up to ``high`` if that is given.

    Raises:
        ValueError: it is not one.
    """
    fits = isinstance(given, int | np.integer) and not isinstance(given, bool)
    if not fits or given < low or (high is not None and given > high):
        span = f"of at least {low}" if high is None else f"between {low} and {high}"
        raise ValueError(f"{name} must be a whole number {span}; got {name}={given!r:.100}.")
    return int(given)


def known_ids(name: str, given: Any, count: int) -> Array:
    """Whole numbers from 0 to ``count - 1``, as tokens of a vocabulary, in the shape in which they were given.

    Raises:
        ValueError: there is none, or one is not of these.
    """
    ids = array(name, given)
    if ids.dtype.kind not in "iu" or ids.size == 0 or ids.min() < 0 or ids.max() >= count:
        raise ValueError(f"{name} must be an integer between 0 and {count - 1}; got {given!r:.100}.")
    return ids


def position(given: Any, length: int) -> int:
    """A position of a text, counted from its start; negative ones are counted from the end.

    Raises:
        ValueError: the text has no such position.
    """
    return whole("position", given, -length, length - 1) % length
