"""Adam on one flat vector (Kingma and Ba, 2015), after clipping the gradient to a greatest length."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from circuit_explainer.core.ops import Array


@dataclass
class Moments:
    """Running means of the gradient and of its square, and how many steps they hold."""

    first: Array
    second: Array
    steps: int = 0


def clip(grad: Array, longest: float) -> float:
    """Shorten ``grad`` in place to length ``longest`` if it is longer; gives back its length before."""
    length = float(np.sqrt(np.dot(grad, grad)))
    if length > longest:
        grad *= np.asarray(longest / length, grad.dtype)
    return length


def adam_step(
    theta: Array, grad: Array, state: Moments, lr: float, beta1: float = 0.9, beta2: float = 0.98, eps: float = 1e-8
) -> None:
    """Move ``theta`` one step against ``grad``, in place: ``lr * m̂ / (sqrt(v̂) + eps)``, both bias-corrected."""
    real = theta.dtype.type
    state.steps += 1
    state.first *= real(beta1)
    state.first += real(1 - beta1) * grad
    state.second *= real(beta2)
    state.second += real(1 - beta2) * (grad * grad)
    rate = real(lr / (1 - beta1**state.steps))
    theta -= rate * state.first / (np.sqrt(state.second / real(1 - beta2**state.steps)) + real(eps))
