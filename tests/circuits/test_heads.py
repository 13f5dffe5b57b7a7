from typing import Any

import numpy as np
import pytest

from circuit_explainer.circuits import heads
from circuit_explainer.core import Transformer
from tests.circuits.conftest import random_model

TOKENS = np.array([[1, 2, 3, 1, 2], [4, 5, 6, 4, 5]])


def test_names_and_order() -> None:
    cfg = random_model().cfg
    assert heads.all_heads(cfg) == [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2)]
    assert heads.head_name(1, 2) == "L1H2"


@pytest.mark.parametrize("head", [(2, 0), (0, 3), (-1, 0), (0,), "01", (0.0, 1), 3])
def test_a_head_that_is_not_there(head: Any) -> None:
    with pytest.raises(ValueError, match=r"layer < 2 and head < 3; got "):
        heads.check_heads(random_model().cfg, [head])


def test_an_earlier_head_is_in_an_earlier_layer() -> None:
    cfg = random_model().cfg
    heads.check_earlier(cfg, (0, 2), (1, 0))
    for earlier, later in (((1, 0), (0, 0)), ((1, 0), (1, 1))):
        with pytest.raises(ValueError, match=r"earlier layer; got L1H0 and L"):
            heads.check_earlier(cfg, earlier, later)


def test_weights_and_values_of_one_head_are_those_that_the_model_stacks(any_model: Transformer) -> None:
    cfg = any_model.cfg
    stacked = {"Q": any_model.W_Q, "K": any_model.W_K, "V": any_model.W_V, "O": any_model.W_O}
    _, cache = any_model.run_with_cache(TOKENS)
    for layer, head in heads.all_heads(cfg):
        for kind, stack in stacked.items():
            np.testing.assert_array_equal(heads.head_weight(any_model, kind, layer, head), stack[layer, head])
        values = heads.values_by_head(cfg, cache, layer)
        assert values.shape == (2, 5, cfg.n_heads, cfg.d_head)
        mixed = cache["pattern", layer][:, head] @ values[:, :, head]
        # float64; the same sums in another order.
        np.testing.assert_allclose(mixed, cache["z", layer][:, :, head], rtol=1e-10, atol=1e-12)


def test_a_cache_without_batch_axis_is_refused() -> None:
    _, cache = random_model().run_with_cache(TOKENS[:1], remove_batch_dim=True)
    with pytest.raises(ValueError, match="batch axis"):
        heads.check_batch(cache)
