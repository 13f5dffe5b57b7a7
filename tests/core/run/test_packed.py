from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from circuit_explainer.core import Config, Transformer, weight_shapes
from circuit_explainer.core.run.packed import pack, room

Make = Callable[..., Transformer]
KINDS: list[dict[str, Any]] = [
    {},
    {"n_heads": 6, "n_key_value_heads": 2, "d_head": 4, "positional_embedding_type": "rotary"},
    {"n_heads": 1, "d_head": 1},
]


@pytest.mark.parametrize("shared", [None, 2, 3])
def test_packing_puts_q_k_and_v_side_by_side(make_model: Make, shared: int | None) -> None:
    model = make_model(n_heads=6, n_key_value_heads=shared)
    packed = pack(model.cfg, model.weights)
    under, few = ("", 6) if shared is None else ("_", shared)
    assert packed.qkv[0].shape == (7, (6 + 2 * few) * 5)
    first = 0
    for kind, heads, mark in (("Q", 6, ""), ("K", few, under), ("V", few, under)):
        for head in range(heads):
            columns = slice(first, first + 5)
            expected = [model.weights[f"blocks.1.attn.{mark}{part}_{kind}"][head] for part in "Wb"]
            np.testing.assert_array_equal(packed.qkv[1][:, columns], expected[0])
            np.testing.assert_array_equal(packed.qkv_bias[1][columns], expected[1])
            first += 5
    assert packed.turns is None


def filled(model: Transformer) -> dict[str, Any]:
    arrays = room(model.cfg, np.float64)
    for name, array in model.weights.items():
        arrays[name][...] = array
    return arrays


@pytest.mark.parametrize("fields", KINDS)
def test_weights_in_their_room_are_not_copied_and_run_the_same(make_model: Make, fields: dict[str, Any]) -> None:
    model = make_model(**fields)
    arrays = filled(model)
    assert {name: array.shape for name, array in arrays.items()} == weight_shapes(model.cfg)
    again = Transformer(model.cfg, arrays)
    for layer in range(model.cfg.n_layers):
        matrix = again._packed.qkv[layer]
        for kind in "QKV":
            key = next(name for name in arrays if name.endswith(f"W_{kind}") and name.startswith(f"blocks.{layer}."))
            assert np.shares_memory(matrix, again.weights[key])
        np.testing.assert_array_equal(matrix, model._packed.qkv[layer])
        assert matrix.flags.c_contiguous
    tokens = np.array([[0, 3, 1, 2]])
    # The products are the same; BLAS may add up their terms in another order.
    np.testing.assert_allclose(again(tokens), model(tokens), rtol=1e-12, atol=1e-12)


def test_views_that_are_not_the_whole_matrix_are_copied(make_model: Make) -> None:
    model = make_model()
    arrays = filled(model)
    q, k = arrays["blocks.0.attn.W_Q"], arrays["blocks.0.attn.W_K"]
    for changed in ({"W_Q": k, "W_K": q}, {"W_V": k}, {"W_K": k.copy()}, {"W_Q": q[:, ::-1]}, {"W_Q": q[::-1]}):
        weights = {**arrays, **{f"blocks.0.attn.{kind}": array for kind, array in changed.items()}}
        expected = np.concatenate(
            [weights[f"blocks.0.attn.W_{kind}"].transpose(1, 0, 2).reshape(model.cfg.d_model, -1) for kind in "QKV"],
            axis=1,
        )
        np.testing.assert_array_equal(pack(model.cfg, weights).qkv[0], expected)


def test_a_matrix_with_more_columns_is_copied() -> None:
    cfg = Config(n_layers=1, d_model=2, n_ctx=3, d_head=2, n_heads=1, d_vocab=4, attn_only=True)
    wide = np.arange(14.0).reshape(2, 7).copy()  # a view of the numbers themselves would be no matrix
    weights = room(cfg, np.float64)
    for n, kind in enumerate("QKV"):
        weights[f"blocks.0.attn.W_{kind}"] = wide[:, 2 * n : 2 * n + 2][None]
    np.testing.assert_array_equal(pack(cfg, weights).qkv[0], wide[:, :6])


def test_a_view_turned_in_its_place_is_copied() -> None:
    cfg = Config(n_layers=1, d_model=2, n_ctx=3, d_head=2, n_heads=1, d_vocab=4, attn_only=True)
    weights = room(cfg, np.float64)
    whole = weights["blocks.0.attn.W_Q"].base
    assert whole is not None
    whole[...] = np.arange(12.0).reshape(2, 6)
    weights["blocks.0.attn.W_Q"] = whole[:, :2].T[None]
    np.testing.assert_array_equal(pack(cfg, weights).qkv[0], [[0, 6, 2, 3, 4, 5], [1, 7, 8, 9, 10, 11]])


def test_room_without_some() -> None:
    cfg = Config(n_layers=1, d_model=2, n_ctx=3, d_head=2, n_heads=1, d_vocab=4, attn_only=True)
    assert "unembed.W_U" not in room(cfg, np.float32, without=("unembed.W_U",))
    assert {array.dtype for array in room(cfg, np.float32).values()} == {np.dtype(np.float32)}
