from collections.abc import Callable

import numpy as np
import pytest

from circuit_explainer.core import Config, Transformer
from circuit_explainer.core.run import rotary
from tests.core.slow import turned

Make = Callable[..., Transformer]
FIELDS = {"positional_embedding_type": "rotary", "d_head": 7}
RNG = np.random.default_rng(0)


@pytest.mark.parametrize("adjacent", [False, True])
@pytest.mark.parametrize("width", [2, 4, 6])
def test_pairs_turn_as_complex_numbers(make_model: Make, adjacent: bool, width: int) -> None:
    model = make_model(**FIELDS, rotary_dim=width, rotary_adjacent_pairs=adjacent, rotary_base=50)
    x = RNG.standard_normal((2, 5, 3, 7))
    cos, sin = rotary.turns(model.cfg, np.float64)
    assert cos.shape == sin.shape == (11, width // 2)
    before = x.copy()
    out = rotary.rotate(x, cos, sin, adjacent)
    expected = [[[turned(model, at, head) for head in row] for at, row in enumerate(rows)] for rows in x]
    # float64, two products and a sum.
    np.testing.assert_allclose(out, expected, rtol=1e-13, atol=1e-14)
    np.testing.assert_array_equal(x, before)
    np.testing.assert_allclose(rotary.rotate(out, cos, -sin, adjacent), x, rtol=1e-13, atol=1e-14)


@pytest.mark.parametrize("width", range(4, 18, 2))
def test_rows_of_any_stride(width: int) -> None:
    # numpy 2.4 has routines that err where rows lie 4 or 8 numbers apart.
    angles = np.arange(5.0)[:, None]
    x = RNG.standard_normal((2, 5, 3, width))
    for start in (x, np.ascontiguousarray(x.transpose(0, 2, 1, 3)).transpose(0, 2, 1, 3), x[..., ::2].repeat(2, -1)):
        out = rotary.rotate(start, np.cos(angles), np.sin(angles), True)
        number = (start[..., 0] + 1j * start[..., 1]) * np.exp(1j * angles)
        np.testing.assert_allclose(out[..., 0] + 1j * out[..., 1], number, rtol=1e-13, atol=1e-14)
        np.testing.assert_array_equal(out[..., 2:], start[..., 2:])


def test_scores_depend_on_the_distance_alone(make_model: Make) -> None:
    model = make_model(**FIELDS, rotary_dim=6)
    cos, sin = rotary.turns(model.cfg, np.float64)
    q, k = (np.broadcast_to(RNG.standard_normal(7), (1, 11, 1, 7)) for _ in "qk")
    q, k = (rotary.rotate(x, cos, sin, False) for x in (q, k))
    scores = q[0, :, 0] @ k[0, :, 0].T
    for distance in range(-10, 11):
        along = np.diagonal(scores, distance)
        np.testing.assert_allclose(along, along[0], rtol=1e-12)
    assert np.abs(scores[3] - scores[3, 3])[[0, 2, 4, 10]].min() > 1e-3


def test_float32_angles_are_those_of_float32() -> None:
    # As in TransformerLens: position over slowness, both rounded to float32, and so is their quotient.
    cfg = Config(
        n_layers=1, d_model=8, n_ctx=1024, d_head=8, n_heads=1, d_vocab=2, attn_only=True,
        positional_embedding_type="rotary", rotary_base=500,
    )  # fmt: skip
    cos, sin = rotary.turns(cfg, np.float32)
    assert cos.dtype == sin.dtype == np.float32
    exact = np.arange(1024)[:, None] / 500 ** (np.arange(4) / 4)
    rounded = [[float(np.float32(p) / np.float32(500 ** (pair / 4))) for pair in range(4)] for p in range(1024)]
    # Of these angles the sines are right but for their own rounding: numpy's err by less than two units in the last
    # place, which is 6e-8 near 1.
    np.testing.assert_allclose(sin, np.sin(rounded), rtol=0, atol=1.2e-7)
    np.testing.assert_allclose(cos, np.cos(rounded), rtol=0, atol=1.2e-7)
    # Of the exact angles they are not: far out by a hundred times as much, though never by more than the module says,
    # once for the slowness and once for the quotient.
    off = np.abs(sin - np.sin(exact))
    assert off.max() > 1e-5
    assert (off <= 2 * 6e-8 * exact + 1.2e-7).all()
