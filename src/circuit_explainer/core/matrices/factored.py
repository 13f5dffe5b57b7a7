"""Low-rank matrices kept as a product of two thin ones, ``A @ B``, so that the big product is never formed.

After ``FactoredMatrix`` of TransformerLens 3.9 (Nanda and Bloom, 2022).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from circuit_explainer.core.arrays import Array
from circuit_explainer.core.matrices.fit import both_leading, check_fit, fits, numbers
from circuit_explainer.core.matrices.spectrum import Spectrum


class FactoredMatrix(Spectrum):
    """The matrix ``A @ B``, with any leading axes: ``A [..., ldim, mdim]``, ``B [..., mdim, rdim]``.

    A product with a vector, on either side, is an array; one with a matrix, factored or not, is a ``FactoredMatrix``.
    In the shapes of its properties ``k`` is ``min(ldim, mdim, rdim)``.

    Source: ``FactoredMatrix`` of TransformerLens 3.9 (Nanda and Bloom, 2022).

    Args:
        A, B: arrays, or nested lists of numbers, with leading axes that broadcast; attributes of these names.

    Raises:
        ValueError: the shapes do not fit, or something is not made of numbers; in products too.
    """

    # Lets ``array @ factored`` reach __rmatmul__ below.
    __array_ufunc__ = None

    def __init__(self, A: Any, B: Any) -> None:
        A, B = numbers("A", A), numbers("B", B)
        if A.ndim < 2 or B.ndim < 2 or not fits(A.shape, B.shape):
            raise ValueError(
                "FactoredMatrix needs A [..., ldim, mdim] and B [..., mdim, rdim] with the same mdim and leading axes "
                f"that fit; got A {A.shape} and B {B.shape}."
            )
        self.A, self.B = both_leading(A, B)

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of the product: ``(..., ldim, rdim)``."""
        return (*self.A.shape[:-1], self.B.shape[-1])

    @property
    def ndim(self) -> int:
        """Number of axes of the product."""
        return self.A.ndim

    @property
    def ldim(self) -> int:
        """Rows of the product."""
        return int(self.A.shape[-2])

    @property
    def mdim(self) -> int:
        """The inner dimension: no less than the rank."""
        return int(self.A.shape[-1])

    @property
    def rdim(self) -> int:
        """Columns of the product."""
        return int(self.B.shape[-1])

    @property
    def AB(self) -> Array:
        """The product itself, formed now: ``[..., ldim, rdim]``."""
        return np.asarray(self.A @ self.B)

    @property
    def pair(self) -> tuple[Array, Array]:
        """The factors ``A [..., ldim, mdim]`` and ``B [..., mdim, rdim]``."""
        return self.A, self.B

    @property
    def T(self) -> FactoredMatrix:
        """The transposed matrix ``[..., rdim, ldim]``."""
        return FactoredMatrix(np.swapaxes(self.B, -1, -2), np.swapaxes(self.A, -1, -2))

    def make_even(self) -> FactoredMatrix:
        """The same matrix with half of each singular value in either factor.

        They are ``U √S [..., ldim, k]`` and ``√S Vᵀ [..., k, rdim]``.
        """
        u, s, v = self.svd()
        root = np.sqrt(s)
        return FactoredMatrix(u * root[..., None, :], root[..., None] * np.swapaxes(v, -1, -2))

    def get_corner(self, k: int = 3) -> Array:
        """The first ``k`` entries along every axis of the product, as an array; the rest is never formed."""
        lead = (slice(k),) * (self.ndim - 2)
        return np.asarray(self.A[lead][..., :k, :] @ self.B[lead][..., :k])

    def unsqueeze(self, k: int) -> FactoredMatrix:
        """With a leading axis of length one put in at ``k``, counted from the front.

        Raises:
            ValueError: ``k`` is not a place among the leading axes.
        """
        if not 0 <= k <= self.ndim - 2:
            raise ValueError(f"k must be a place among the leading axes, 0 to {self.ndim - 2}; got k={k}.")
        return FactoredMatrix(np.expand_dims(self.A, k), np.expand_dims(self.B, k))

    def __matmul__(self, other: Any) -> Any:
        if isinstance(other, FactoredMatrix):
            check_fit(self.shape, other.shape)
            middle = self.B @ other.A
            if self.mdim <= other.mdim:
                return FactoredMatrix(self.A, middle @ other.B)
            return FactoredMatrix(self.A @ middle, other.B)
        other = numbers("A factor", other)
        check_fit(self.shape, other.shape)
        if other.ndim == 1:
            return (self.A @ (self.B @ other[:, None]))[..., 0]
        return FactoredMatrix(self.A, self.B @ other)

    def __rmatmul__(self, other: Any) -> Any:
        other = numbers("A factor", other)
        check_fit(other.shape, self.shape)
        if other.ndim == 1:
            return ((other[None] @ self.A) @ self.B)[..., 0, :]
        return FactoredMatrix(other @ self.A, self.B)

    def __mul__(self, scalar: float) -> FactoredMatrix:
        if np.ndim(scalar) != 0:
            raise ValueError(f"Only a number scales a FactoredMatrix; use @ for products, got {scalar!r}.")
        return FactoredMatrix(self.A * scalar, self.B)

    __rmul__ = __mul__

    def __getitem__(self, index: Any) -> FactoredMatrix:
        """Index as the product would be; rows and columns picked by a number stay as axes of length one.

        Raises:
            ValueError: there are more indices than axes, or one is None or an ellipsis.
            IndexError: a leading index is out of range.
        """
        index = index if isinstance(index, tuple) else (index,)
        lead = self.ndim - 2
        if any(part is Ellipsis or part is None for part in index) or len(index) > self.ndim:
            raise ValueError(
                f"A FactoredMatrix of shape {self.shape} is indexed by at most {self.ndim} numbers or slices; "
                f"got {index}."
            )
        rows, columns = (*index[lead:], slice(None), slice(None))[:2]
        left, right = self.A[index[:lead]], self.B[index[:lead]]
        return FactoredMatrix(left[..., _keep(rows), :], right[..., :, _keep(columns)])

    def __repr__(self) -> str:
        return f"FactoredMatrix: Shape({self.shape}), Hidden Dim({self.mdim})"


def _keep(part: Any) -> Any:
    if not isinstance(part, (int, np.integer)):
        return part
    return slice(part, part + 1 if part != -1 else None)
