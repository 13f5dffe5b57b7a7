"""A part of an array along one axis, given as TransformerLens's ``Slice`` is."""

from __future__ import annotations

from typing import Any

import numpy as np

from circuit_explainer.core.arrays import Array

# A number drops the axis; a tuple means slice(*tuple); a list or an array picks; None leaves all.
Cut = int | tuple[int | None, ...] | slice | list[int] | Array | None


def cut(x: Array, where: Cut, axis: int) -> Array:
    """``x`` at ``where`` along ``axis``; a negative axis counts from the end."""
    if where is None:
        return x
    at: Any = slice(*where) if isinstance(where, tuple) else where
    index: list[Any] = [slice(None)] * x.ndim
    index[axis] = np.asarray(at) if isinstance(at, list) else at
    return np.asarray(x[tuple(index)])
