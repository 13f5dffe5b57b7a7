from collections.abc import Callable

import numpy as np

from circuit_explainer.core import Transformer


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
