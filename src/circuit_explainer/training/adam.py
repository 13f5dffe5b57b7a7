"""Adam on one flat vector (Kingma and Ba, 2015), after clipping the gradient to a greatest length.

Weights that decay shrink by themselves, not through the gradient (AdamW; Loshchilov and Hutter, 2019).
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np

from circuit_explainer.core.arrays import Array


@dataclass
class Moments:
    """Running means of the gradient and of its square, and how many steps they hold."""

    first: Array
    second: Array
    steps: int = 0
    _free: tuple[Array, Array] = dataclasses.field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._free = np.empty_like(self.first), np.empty_like(self.first)

    @classmethod
    def zeros(cls, theta: Array) -> Moments:
        """Those of no steps yet."""
        return cls(np.zeros_like(theta), np.zeros_like(theta))


def clip(grad: Array, longest: float) -> float:
    """Shorten ``grad`` in place to length ``longest`` if it is longer; gives back its length before."""
    length = float(np.sqrt(np.dot(grad, grad)))
    if length > longest:
        grad *= np.asarray(longest / length, grad.dtype)
    return length


def adam_step(
    theta: Array,
    grad: Array,
    state: Moments,
    lr: float,
    beta1: float = 0.9,
    beta2: float = 0.98,
    eps: float = 1e-8,
    weight_decay: float = 0.0,
    decaying: int | None = None,
) -> None:
    """Move ``theta`` one step against ``grad``, in place: ``lr * m̂ / (sqrt(v̂) + eps)``, both bias-corrected.

    Args:
        theta, grad: ``[n]``, of one dtype.
        state: is moved on too.
        lr, beta1, beta2, eps: as in the paper.
        weight_decay: before the step, numbers that decay shrink by ``lr * weight_decay`` of themselves.
        decaying: how many numbers decay, from the first on; all where None is given.
    """
    real = theta.dtype.type
    state.steps += 1
    part, bottom = state._free
    state.first *= real(beta1)
    state.first += np.multiply(grad, real(1 - beta1), out=part)
    state.second *= real(beta2)
    np.multiply(grad, grad, out=part)
    part *= real(1 - beta2)
    state.second += part
    np.divide(state.second, real(1 - beta2**state.steps), out=bottom)
    np.sqrt(bottom, out=bottom)
    bottom += real(eps)
    np.multiply(state.first, real(lr / (1 - beta1**state.steps)), out=part)
    part /= bottom
    if weight_decay:
        theta[:decaying] *= real(1 - lr * weight_decay)
    theta -= part
