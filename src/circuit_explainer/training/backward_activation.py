"""Slopes of the activation functions, mirror of ``core.run.activation``: sources of the functions stand there."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from circuit_explainer.core.arrays import Array
from circuit_explainer.core.run.activation import erf


def relu(x: Array) -> Array:
    """1 above 0, else 0 (at 0 too, as in torch)."""
    return (x > 0).astype(x.dtype)


def gelu(x: Array) -> Array:
    """``Φ(x) + x φ(x)`` with the normal distribution's Φ and its density φ."""
    below = 0.5 * (1 + erf(math.sqrt(0.5) * x))
    density = np.exp(-0.5 * (x * x)) / math.sqrt(2 * math.pi)
    return below + x * density


def gelu_new(x: Array) -> Array:
    """Of ``0.5 x (1 + t)`` with ``t = tanh(u)``, ``u = sqrt(2/π) (x + 0.044715 x³)``."""
    square = x * x
    t = np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * (square * x)))
    slope_of_u = math.sqrt(2 / math.pi) * (1 + 3 * 0.044715 * square)
    out: Array = 0.5 * (1 + t) + 0.5 * x * (1 - t * t) * slope_of_u
    return out


def silu(x: Array) -> Array:
    """``s (1 + x (1 - s))`` with the logistic sigmoid ``s``."""
    s = 0.5 * (1 + np.tanh(0.5 * x))
    return s * (1 + x * (1 - s))


SLOPES: dict[str, Callable[[Array], Array]] = {"relu": relu, "gelu": gelu, "gelu_new": gelu_new, "silu": silu}
