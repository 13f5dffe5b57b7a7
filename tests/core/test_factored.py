from typing import Any

import numpy as np
import pytest

from circuit_explainer.core import FactoredMatrix

RNG = np.random.default_rng(0)
A, B = RNG.standard_normal((3, 5, 11, 2)), RNG.standard_normal((3, 5, 2, 7))
SQUARE = FactoredMatrix(RNG.standard_normal((5, 11, 3)), RNG.standard_normal((5, 3, 11)))
M = FactoredMatrix(A, B)


def close(actual: Any, expected: Any) -> None:
    # float64; the decompositions lose a few digits to the condition of the factors.
    np.testing.assert_allclose(actual, expected, rtol=1e-9, atol=1e-10)


def test_shapes() -> None:
    assert (M.shape, M.ndim, M.ldim, M.mdim, M.rdim) == ((3, 5, 11, 7), 4, 11, 2, 7)
    assert M.AB.shape == M.shape
    close(M.T.AB, np.swapaxes(M.AB, -1, -2))
    assert FactoredMatrix(A[0, 0], B).shape == (3, 5, 11, 7)


def test_norm_and_svd_equal_those_of_the_product() -> None:
    close(M.norm(), np.linalg.norm(M.AB, axis=(-2, -1)))
    u, s, v = M.svd()
    close(s, np.linalg.svd(M.AB)[1][..., :2])
    close(u @ (s[..., None] * np.swapaxes(v, -1, -2)), M.AB)
    close(np.swapaxes(M.U, -1, -2) @ M.U, np.broadcast_to(np.eye(2), (3, 5, 2, 2)))
    assert (M.S.shape, M.V.shape) == ((3, 5, 2), (3, 5, 7, 2))


def test_eigenvalues_are_the_non_zero_ones_of_the_product() -> None:
    def by_size(values: Any) -> Any:
        return np.take_along_axis(values, np.lexsort((values.imag, -np.abs(values).round(9)), axis=-1), -1)

    full = by_size(np.linalg.eigvals(SQUARE.AB))
    close(by_size(SQUARE.eigenvalues), full[..., :3])
    assert np.abs(full[..., 3:]).max() < 1e-9
    assert SQUARE.eigenvalues.dtype == np.complex128


def test_eigenvalues_need_a_square() -> None:
    with pytest.raises(ValueError, match=r"Only a square matrix has eigenvalues; this one has shape \(3, 5, 11, 7\)"):
        _ = M.eigenvalues


def test_products_on_both_sides() -> None:
    left, right = RNG.standard_normal((13, 11)), RNG.standard_normal((7, 13))
    close((left @ M).AB, left @ M.AB)
    close((M @ right).AB, M.AB @ right)
    close(left[0] @ M, left[0] @ M.AB)
    close(M @ right[:, 0], M.AB @ right[:, 0])
    close((2 * M).AB, 2 * M.AB)
    for other in (FactoredMatrix(RNG.standard_normal((7, k)), RNG.standard_normal((k, 5))) for k in (1, 4)):
        close((M @ other).AB, M.AB @ other.AB)
        assert (M @ other).mdim == min(2, other.mdim)


def test_a_chain_never_forms_the_big_product() -> None:
    # The full product would be 10 000 × 10 000 numbers, 800 MB.
    embed, thin = np.ones((10_000, 4)), FactoredMatrix(np.ones((4, 2)), np.ones((2, 4)))
    full = embed @ thin @ embed.T
    assert (full.shape, full.A.shape, full.B.shape) == ((10_000, 10_000), (10_000, 2), (2, 10_000))
    # All entries are 4 · 2 · 4.
    assert full.norm() == pytest.approx(32 * 10_000)


@pytest.mark.parametrize(
    ("index", "same"),
    [
        (1, 1),
        ((1, 2), (1, 2)),
        ((slice(None), 2), (slice(None), 2)),
        ((1, 2, 3), (1, 2, slice(3, 4))),
        ((1, 2, slice(2, 5), 6), (1, 2, slice(2, 5), slice(6, 7))),
        ((1, 2, -1, -1), (1, 2, slice(10, 11), slice(6, 7))),
    ],
)
def test_indexing_as_the_product(index: Any, same: Any) -> None:
    close(M[index].AB, M.AB[same])


def test_errors_name_the_shapes() -> None:
    with pytest.raises(ValueError, match=r"got A \(2, 3\) and B \(4, 5\)"):
        FactoredMatrix(np.ones((2, 3)), np.ones((4, 5)))
    with pytest.raises(ValueError, match="at most 4 numbers or slices"):
        M[1, 2, 3, 4, 5]
    with pytest.raises(ValueError, match="Only a number scales"):
        M * np.ones(7)  # type: ignore[operator]
