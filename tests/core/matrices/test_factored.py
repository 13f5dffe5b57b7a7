import operator
import re
import tracemalloc
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
    assert FactoredMatrix(A[0, 0], B).shape == FactoredMatrix(A[0], B).shape == (3, 5, 11, 7)


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
    with pytest.raises(ValueError, match=r"Only a square .*; this one has shape \(3, 5, 11, 7\)"):
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


def test_a_wide_matrix_is_never_formed() -> None:
    # The product would be 50 000 × 50 000 numbers, 20 GB; its factors have 400 000.
    width = 50_000
    embed, thin = RNG.standard_normal((width, 4)), FactoredMatrix(np.eye(4)[:, :2], np.eye(4)[:2])
    tracemalloc.start()
    full = embed @ thin @ embed.T
    assert (full.shape, full.A.shape, full.B.shape) == ((width, width), (width, 2), (2, width))
    # It is E2 @ E2.T with the first two columns of the embedding.
    small = embed[:, :2].T @ embed[:, :2]
    values = np.linalg.eigvalsh(small)[::-1]
    close(full.norm() / values[0], np.linalg.norm(small) / values[0])
    close(full.S / values[0], values / values[0])
    close(np.sort(full.eigenvalues.real)[::-1] / values[0], values / values[0])
    close(full[-1, 7].AB, [[embed[-1, :2] @ embed[7, :2]]])
    close(full.T.get_corner(5), embed[:5, :2] @ embed[:5, :2].T)
    close((full @ full.T).norm() / values[0] ** 2, np.linalg.norm(values**2) / values[0] ** 2)
    close((3 * full).unsqueeze(0)[0, :2, :2].AB, 3 * full.get_corner(2))
    close(full.make_even().A.T @ full.make_even().A / values[0], np.diag(values) / values[0])
    close(full @ embed[:, 0] / values[0], embed[:, :2] @ small[:, 0] / values[0])
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 40_000_000


def test_other_forms_of_the_same_matrix() -> None:
    close(M.make_even().AB, M.AB)
    even = M.make_even()
    close(np.swapaxes(even.A, -1, -2) @ even.A, M.S[..., None] * np.eye(2))
    close(even.B @ np.swapaxes(even.B, -1, -2), M.S[..., None] * np.eye(2))
    close(M.U @ M.collapse_l(), M.AB)
    close(M.collapse_r() @ np.swapaxes(M.V, -1, -2), M.AB)
    assert (M.collapse_l().shape, M.collapse_r().shape) == ((3, 5, 2, 7), (3, 5, 11, 2))
    close(M.get_corner(2), M.AB[:2, :2, :2, :2])
    close(SQUARE.BA, SQUARE.B @ SQUARE.A)
    assert M.pair[0] is M.A
    assert M.pair[1] is M.B
    for k in range(3):
        close(M.unsqueeze(k).AB, np.expand_dims(M.AB, k))
    with pytest.raises(ValueError, match=r"among the leading axes, 0 to 2; got k=-1"):
        M.unsqueeze(-1)


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


def test_lists_will_do() -> None:
    listed = FactoredMatrix([[1, 2], [3, 4]], [[5.0], [6.0]])
    close(listed.AB, [[17], [39]])
    close((listed @ [[2]]).AB, [[34], [78]])
    close([1, 1] @ listed, [56])
    close(listed @ [2], [34, 78])


@pytest.mark.parametrize(
    ("a", "b"),
    [(A[0, 0], B[0, 0].T), (A, B[:2]), (A[0, 0, 0], B), (A, B[0, 0, 0]), (3.0, B), ([], [])],
)
def test_factors_that_do_not_fit(a: Any, b: Any) -> None:
    shapes = re.escape(f"got A {np.shape(a)} and B {np.shape(b)}.")
    with pytest.raises(ValueError, match=rf"^FactoredMatrix needs A \[.* with the same mdim and leading .*{shapes}$"):
        FactoredMatrix(a, b)


@pytest.mark.parametrize("other", [np.ones(6), np.ones((6, 2)), np.ones((2, 1, 7, 2)), 3, FactoredMatrix(A, B)])
def test_products_that_do_not_fit(other: Any) -> None:
    told = r"^A product needs as many columns on the left as rows on the right, and leading axes that fit; got shapes "
    with pytest.raises(ValueError, match=told + re.escape(f"(3, 5, 11, 7) and {np.shape(other)}.")):
        M @ other
    if not isinstance(other, FactoredMatrix):
        with pytest.raises(ValueError, match=told + re.escape(f"{np.shape(other)} and (3, 5, 11, 7).")):
            other @ M


def test_what_is_not_made_of_numbers() -> None:
    with pytest.raises(ValueError, match=r"^B must be made of numbers; got <U1\.$"):
        FactoredMatrix(A, [["a"]])
    with pytest.raises(ValueError, match=r"^A must have rows of one length; got \[\[1\], \[2, 3\]\]\.$"):
        FactoredMatrix([[1], [2, 3]], B)
    for other in ("a", None, [[1], [2, 3]]):
        with pytest.raises(ValueError, match=r"^A factor must (be made of numbers|have rows of one length); got"):
            M @ other


def test_errors_name_what_came() -> None:
    with pytest.raises(ValueError, match="at most 4 numbers or slices"):
        M[1, 2, 3, 4, 5]
    with pytest.raises(ValueError, match="Only a number scales"):
        operator.mul(M, np.ones(7))
