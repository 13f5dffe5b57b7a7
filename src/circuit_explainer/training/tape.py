"""What a forward pass leaves behind for the backward pass, and where the gradients of the weights go."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from circuit_explainer.core.arrays import Array
from circuit_explainer.core.config import Config
from circuit_explainer.core.run import ops
from circuit_explainer.core.run.packed import Packed


@dataclass(frozen=True)
class Tape:
    """One run to be gone through backwards: the model, its kept activations by name, and the arrays to fill.

    A weight that ``grads`` does not name gets no gradient, and costs nothing.
    """

    cfg: Config
    packed: Packed
    seen: Mapping[str, Array]
    grads: Mapping[str, Array]

    def weight(self, name: str) -> Array:
        """The weight called ``name``."""
        return self.packed.weights[name]

    def matrix(self, name: str, x: Array, d_out: Array) -> None:  # [..., i], [..., o]
        """The gradient of a matrix that ``x`` was multiplied with, from that of the product."""
        if name in self.grads:
            target = self.grads[name]
            outer(x, d_out, target.reshape(-1, target.shape[-1]))

    def bias(self, name: str, d_out: Array) -> None:  # [b, p, o]
        """The gradient of a vector that was added at every position."""
        if name in self.grads:
            target = self.grads[name]
            target[...] = over_positions(d_out).reshape(target.shape)


def outer(a: Array, b: Array, out: Array | None = None) -> Array:  # [..., i], [..., o] -> [i, o]
    """The sum over all positions of the outer products, into ``out`` if given."""
    a, b = a.reshape(-1, a.shape[-1]), b.reshape(-1, b.shape[-1])
    if ops.BLAS:
        return np.matmul(a.T, b, out=out)
    # Without BLAS, einsum is fastest along contiguous rows of both.
    rows: Array = np.einsum("ir,or->io", np.ascontiguousarray(a.T), np.ascontiguousarray(b.T), out=out)
    return rows


def over_positions(x: Array) -> Array:  # [..., o] -> [o]
    """The sum over all positions."""
    return np.asarray(x.reshape(-1, x.shape[-1]).sum(axis=0))
