from collections.abc import Callable

import numpy as np
import pytest

from circuit_explainer.core import Transformer
from tests.core.kinds import KINDS

Make = Callable[..., Transformer]


def test_directions_of_tokens(make_model: Make) -> None:
    model = make_model()
    np.testing.assert_array_equal(model.tokens_to_residual_directions(5), model.W_U[:, 5])
    np.testing.assert_array_equal(model.tokens_to_residual_directions([5]), model.W_U[:, 5])
    tokens = np.array([[1, 2, 3], [4, 5, 12]])
    directions = model.tokens_to_residual_directions(tokens)
    assert directions.shape == (2, 3, 7)
    np.testing.assert_array_equal(directions[1, 2], model.W_U[:, 12])
    for bad in (13, -1, 1.5, [0, 13], "the"):
        with pytest.raises(ValueError, match="tokens must be integers between 0 and 12; got"):
            model.tokens_to_residual_directions(bad)


def test_biases_add_up(make_model: Make) -> None:
    model = make_model(**KINDS["gpt2"])
    w = model.weights
    b_o, b_out = ([w[f"blocks.{layer}.{name}"] for layer in range(2)] for name in ("attn.b_O", "mlp.b_out"))
    for layer, attn, mlp in [(0, 0, 0), (1, 1, 1), (2, 2, 2)]:
        expected = sum(b_o[:attn], np.zeros(7)) + sum(b_out[:mlp], np.zeros(7))
        np.testing.assert_allclose(model.accumulated_bias(layer), expected, rtol=1e-14)
    np.testing.assert_allclose(model.accumulated_bias(1, mlp_input=True), b_o[0] + b_o[1] + b_out[0], rtol=1e-14)
    np.testing.assert_allclose(model.accumulated_bias(2, include_mlp_biases=False), b_o[0] + b_o[1], rtol=1e-14)
    for layer, mlp_input in [(3, False), (2, True), (-1, True)]:
        with pytest.raises(ValueError, match=rf"layer must lie between 0 and {2 - mlp_input}; got layer={layer}"):
            model.accumulated_bias(layer, mlp_input)


def test_names_of_heads(make_model: Make) -> None:
    assert make_model().all_head_labels() == ["L0H0", "L0H1", "L0H2", "L1H0", "L1H1", "L1H2"]
