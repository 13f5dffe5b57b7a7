"""Activation functions of MLPs, by TransformerLens's names, and the error function that numpy lacks."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from circuit_explainer.core.arrays import Array

# Cody (1969), "Rational Chebyshev approximations for the error function", highest power first:
# erf(x) = x P(x²) / Q(x²) below 0.46875; above it erf(x) = 1 - exp(-x²) R(x) / S(x), here up to where erf(x) = 1.
_P = (1.85777706184603153e-1, 3.16112374387056560, 1.13864154151050156e2, 3.77485237685302021e2, 3.20937758913846947e3)
_Q = (1.0, 2.36012909523441209e1, 2.44024637934444173e2, 1.28261652607737228e3, 2.84423683343917062e3)
_R = (
    2.15311535474403846e-8, 5.64188496988670089e-1, 8.88314979438837594, 6.61191906371416295e1,
    2.98635138197400131e2, 8.81952221241769090e2, 1.71204761263407058e3, 2.05107837782607147e3, 1.23033935479799725e3,
)  # fmt: skip
_S = (
    1.0, 1.57449261107098347e1, 1.17693950891312499e2, 5.37181101862009858e2, 1.62138957456669019e3,
    3.29079923573345963e3, 4.36261909014324716e3, 3.43936767414372164e3, 1.23033935480374942e3,
)  # fmt: skip

# In float32 one formula does, erf(x) = x T(x²) / U(x²) on [-3.9, 3.9], fitted here by least squares to 1.5e-8.
_T = (2.050422391e-06, 2.874558065e-04, 3.836762857e-03, 5.296657170e-02, 1.919382045e-01, 1.128379032)
_U = (3.823103248e-05, 1.181709064e-03, 1.510897642e-02, 1.147570637e-01, 5.034325837e-01, 1.0)


def erf(x: Array) -> Array:
    """The error function, to 1e-15 in float64 and to 5e-7 in float32 (absolute)."""
    if x.dtype == np.float32:
        near = np.clip(x, -3.9, 3.9)
        square = near * near
        near *= _polynomial(_T, square)
        near /= _polynomial(_U, square)
        return near
    size = np.abs(x)
    small = np.minimum(size, 0.5)
    square = small * small
    near = small * _polynomial(_P, square) / _polynomial(_Q, square)
    far = np.clip(size, 0.46875, 6)
    beyond = 1 - np.exp(-far * far) * _polynomial(_R, far) / _polynomial(_S, far)
    return np.copysign(np.where(size < 0.46875, near, beyond), x)


def relu(x: Array) -> Array:
    """``max(x, 0)``."""
    return np.asarray(np.maximum(x, 0))


def gelu(x: Array) -> Array:
    """``x Φ(x)`` with the normal distribution's Φ, exactly (Hendrycks and Gimpel, 2016)."""
    return _gated(x, erf(x * math.sqrt(0.5)))


def gelu_new(x: Array) -> Array:
    """The tanh form of ``gelu`` (Hendrycks and Gimpel, 2016) that GPT-2 uses."""
    inner = x * x
    inner *= 0.044715
    inner += 1
    inner *= x
    inner *= math.sqrt(2 / math.pi)
    return _gated(x, np.tanh(inner, out=inner))


def silu(x: Array) -> Array:
    """``x`` times its logistic sigmoid, by way of tanh, which does not overflow (Elfwing et al., 2017)."""
    inner = 0.5 * x
    return _gated(x, np.tanh(inner, out=inner))


FUNCTIONS: dict[str, Callable[[Array], Array]] = {"relu": relu, "gelu": gelu, "gelu_new": gelu_new, "silu": silu}


def _gated(x: Array, gate: Array) -> Array:
    """``x * (1 + gate) / 2``, in the memory of the gate."""
    gate += 1
    gate *= 0.5
    gate *= x
    return gate


def _polynomial(coefficients: tuple[float, ...], x: Array) -> Array:
    out = np.full_like(x, coefficients[0])
    for coefficient in coefficients[1:]:
        out *= x
        out += coefficient
    return out
