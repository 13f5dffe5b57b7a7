from collections.abc import Callable

import numpy as np
import pytest

from circuit_explainer.core import Transformer
from tests.core.kinds import KINDS


def test_stacked_weights_are_those_of_each_layer_and_head(make_model: Callable[..., Transformer]) -> None:
    model = make_model()
    for kind, shape in {"Q": (2, 3, 7, 5), "K": (2, 3, 7, 5), "V": (2, 3, 7, 5), "O": (2, 3, 5, 7)}.items():
        stacked = getattr(model, f"W_{kind}")
        assert stacked.shape == shape
        np.testing.assert_array_equal(stacked[1, 2], model.weights[f"blocks.1.attn.W_{kind}"][2])
    for kind, bias_shape in {"Q": (2, 3, 5), "K": (2, 3, 5), "V": (2, 3, 5), "O": (2, 7)}.items():
        stacked = getattr(model, f"b_{kind}")
        assert stacked.shape == bias_shape
        np.testing.assert_array_equal(stacked[1], model.weights[f"blocks.1.attn.b_{kind}"])
    shapes = (model.W_E.shape, model.W_pos.shape, model.W_U.shape, model.b_U.shape)
    assert shapes == ((13, 7), (11, 7), (7, 13), (13,))


def test_circuits_of_a_head(make_model: Callable[..., Transformer]) -> None:
    model = make_model()
    assert model.QK.shape == model.OV.shape == (2, 3, 7, 7)
    # float64 sums of five terms.
    np.testing.assert_allclose(model.QK[1, 2].AB, model.W_Q[1, 2] @ model.W_K[1, 2].T, rtol=1e-12)
    np.testing.assert_allclose(model.OV[1, 2].AB, model.W_V[1, 2] @ model.W_O[1, 2], rtol=1e-12)


def test_shared_keys_appear_once_for_each_head(make_model: Callable[..., Transformer]) -> None:
    model = make_model(**KINDS["llama"])
    for kind in "KV":
        weight, bias = getattr(model, f"W_{kind}"), getattr(model, f"b_{kind}")
        assert (weight.shape, bias.shape) == ((2, 6, 7, 10), (2, 6, 10))
        for head, shared in enumerate([0, 0, 1, 1, 2, 2]):
            np.testing.assert_array_equal(weight[1, head], model.weights[f"blocks.1.attn._W_{kind}"][shared])
            np.testing.assert_array_equal(bias[1, head], model.weights[f"blocks.1.attn._b_{kind}"][shared])
    assert model.W_Q.shape == (2, 6, 7, 10)
    assert model.QK.shape == model.OV.shape == (2, 6, 7, 7)


def test_weights_of_mlps(make_model: Callable[..., Transformer]) -> None:
    model = make_model(**KINDS["llama"])
    shapes = {"W_in": (2, 7, 17), "W_gate": (2, 7, 17), "W_out": (2, 17, 7), "b_in": (2, 17), "b_out": (2, 7)}
    for name, shape in shapes.items():
        assert getattr(model, name).shape == shape
        np.testing.assert_array_equal(getattr(model, name)[1], model.weights[f"blocks.1.mlp.{name}"])


def test_weights_that_a_model_does_not_have(make_model: Callable[..., Transformer]) -> None:
    with pytest.raises(AttributeError, match="W_pos: a model with positional_embedding_type='rotary' has no"):
        _ = make_model(**KINDS["llama"]).W_pos
    with pytest.raises(AttributeError, match="W_in: a model with attn_only=True has no such weight"):
        _ = make_model().W_in
    with pytest.raises(AttributeError, match="W_gate: a model with gated_mlp=False has no such weight"):
        _ = make_model(**KINDS["gpt2"]).W_gate


def test_tokens_and_positions_in_one(make_model: Callable[..., Transformer]) -> None:
    model = make_model()
    np.testing.assert_array_equal(model.W_E_pos[12], model.W_E[12])
    np.testing.assert_array_equal(model.W_E_pos[13], model.W_pos[0])
    assert model.W_E_pos.shape == (24, 7)
