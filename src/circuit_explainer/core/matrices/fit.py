"""Whether arrays can be multiplied, asked before numpy is."""

from __future__ import annotations

from typing import Any

import numpy as np

from circuit_explainer.core.arrays import Array
from circuit_explainer.core.given import array

Shape = tuple[int, ...]


def numbers(name: str, given: Any) -> Array:
    """What was given as an array of numbers; raises ValueError if it is none."""
    made = array(name, given)
    if made.dtype.kind not in "fiubc":
        raise ValueError(f"{name} must be made of numbers; got {made.dtype}.")
    return made


def fits(left: Shape, right: Shape) -> bool:
    """Whether arrays of these shapes can be multiplied: vectors, or matrices with any leading axes."""
    if not left or not right or left[-1] != right[-2 if len(right) > 1 else 0]:
        return False
    pairs = zip(left[-3::-1], right[-3::-1], strict=False)
    return all(a == b or 1 in (a, b) for a, b in pairs)


def check_fit(left: Shape, right: Shape) -> None:
    """Raise ValueError unless arrays of these shapes can be multiplied."""
    if not fits(left, right):
        raise ValueError(
            "A product needs as many columns on the left as rows on the right, and leading axes that fit; "
            f"got shapes {left} and {right}."
        )


def both_leading(a: Array, b: Array) -> tuple[Array, Array]:
    """Two matrices with the same leading axes, as views."""
    lead = np.broadcast_shapes(a.shape[:-2], b.shape[:-2])
    return np.broadcast_to(a, lead + a.shape[-2:]), np.broadcast_to(b, lead + b.shape[-2:])
