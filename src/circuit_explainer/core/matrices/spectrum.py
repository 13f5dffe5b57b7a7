"""Singular values, eigenvalues and norm of a product ``A @ B`` of thin matrices, without the product.

With ``A = Qa Ra`` and ``Bᵀ = Qb Rb``, the small core ``Ra Rbᵀ`` has the singular values and the norm of ``A B``; the
non-zero eigenvalues of ``A B`` are those of ``B A``.
"""

from __future__ import annotations

import functools

import numpy as np

from circuit_explainer.core.arrays import Array


class Spectrum:
    """What a ``FactoredMatrix`` knows of its product by way of its factors."""

    A: Array
    B: Array

    @property
    def BA(self) -> Array:
        """The product the other way round ``[..., mdim, mdim]``; small, and with the non-zero eigenvalues of ``AB``.

        Raises:
            ValueError: the product is not square.
        """
        if self.A.shape[-2] != self.B.shape[-1]:
            shape = (*self.A.shape[:-1], self.B.shape[-1])
            raise ValueError(f"Only a square matrix has eigenvalues and BA; this one has shape {shape}.")
        return np.asarray(self.B @ self.A)

    @property
    def eigenvalues(self) -> Array:
        """The ``mdim`` eigenvalues of ``B @ A`` ``[..., mdim]``, complex: those of ``A @ B`` but for zeros.

        Raises:
            ValueError: the product is not square.
        """
        values = np.linalg.eigvals(self.BA)
        return values.astype(np.result_type(values.dtype, np.complex64))

    def norm(self) -> Array:
        """Frobenius norm of the product, one number for each leading index: ``[...]``."""
        left, right = self._triangles()
        return np.asarray(np.linalg.norm(left[1] @ np.swapaxes(right[1], -1, -2), axis=(-2, -1)))

    def svd(self) -> tuple[Array, Array, Array]:
        """``U, S, V`` with ``A @ B = U @ diag(S) @ V.T`` (V itself, as in TransformerLens, not its transpose).

        Of ``k = min(ldim, mdim, rdim)`` singular values: ``[..., ldim, k], [..., k], [..., rdim, k]``. Computed once.
        """
        return self._svd

    @functools.cached_property
    def _svd(self) -> tuple[Array, Array, Array]:
        left, right = self._triangles()
        u, s, vh = np.linalg.svd(left[1] @ np.swapaxes(right[1], -1, -2), full_matrices=False)
        return left[0] @ u, s, right[0] @ np.swapaxes(vh, -1, -2)

    @property
    def U(self) -> Array:
        """Left singular vectors ``[..., ldim, k]``, one a column."""
        return self.svd()[0]

    @property
    def S(self) -> Array:
        """Singular values ``[..., k]``, largest first."""
        return self.svd()[1]

    @property
    def V(self) -> Array:
        """Right singular vectors ``[..., rdim, k]``, one a column."""
        return self.svd()[2]

    def collapse_l(self) -> Array:
        """``S Vᵀ`` ``[..., k, rdim]``: the product but for a rotation of its left side."""
        _, s, v = self.svd()
        return s[..., None] * np.swapaxes(v, -1, -2)

    def collapse_r(self) -> Array:
        """``U S`` ``[..., ldim, k]``: the product but for a rotation of its right side."""
        u, s, _ = self.svd()
        return u * s[..., None, :]

    def _triangles(self) -> tuple[tuple[Array, Array], tuple[Array, Array]]:
        q_a, r_a = np.linalg.qr(self.A)
        q_b, r_b = np.linalg.qr(np.swapaxes(self.B, -1, -2))
        return (q_a, r_a), (q_b, r_b)
