from collections.abc import Callable

import numpy as np
import pytest

from circuit_explainer.circuits import zero_heads
from circuit_explainer.core import Transformer

Make = Callable[..., Transformer]
TOKENS = np.array([[1, 2, 3, 1, 2], [4, 5, 6, 4, 5]])


def test_ablated_heads_write_nothing(make_model: Make) -> None:
    model = make_model(use_attn_result=True)
    heads = [(0, 1), (1, 0), (1, 2)]
    _, cache = model.run_with_cache(TOKENS, fwd_hooks=zero_heads(model.cfg, heads))
    for layer, head in np.ndindex(2, 3):
        silent = not cache["result", layer][:, :, head].any()
        assert silent == ((layer, head) in heads)


def test_equals_a_model_whose_heads_have_no_output_weights(make_model: Make) -> None:
    model = make_model()
    weights = {name: array.copy() for name, array in model.weights.items()}
    weights["blocks.0.attn.W_O"][1] = 0
    # float64; adding zeros in another order.
    ablated = model.run_with_hooks(TOKENS, zero_heads(model.cfg, [(0, 1)]))
    np.testing.assert_allclose(ablated, Transformer(model.cfg, weights)(TOKENS), rtol=1e-12, atol=1e-12)


def test_no_heads_change_nothing(make_model: Make) -> None:
    model = make_model()
    np.testing.assert_array_equal(model.run_with_hooks(TOKENS, zero_heads(model.cfg, [])), model(TOKENS))


@pytest.mark.parametrize("head", [(2, 0), (0, 3), (-1, 0)])
def test_a_head_that_is_not_there(make_model: Make, head: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match=r"layer < 2 and head < 3; got \("):
        zero_heads(make_model().cfg, [head])
