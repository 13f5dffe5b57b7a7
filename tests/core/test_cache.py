from collections.abc import Callable

import numpy as np
import pytest

from circuit_explainer.core import ActivationCache, Transformer


@pytest.fixture
def cache(make_model: Callable[..., Transformer]) -> ActivationCache:
    return make_model(normalization_type="LN", use_attn_result=True).run_with_cache([[0, 1, 2]])[1]


@pytest.mark.parametrize(
    ("key", "name"),
    [
        (("pattern", 0), "blocks.0.attn.hook_pattern"),
        (("pattern", -1), "blocks.1.attn.hook_pattern"),
        (("resid_pre", 1), "blocks.1.hook_resid_pre"),
        (("scale", 1, "ln1"), "blocks.1.ln1.hook_scale"),
        ("scale", "ln_final.hook_scale"),
        (("scale",), "ln_final.hook_scale"),
        ("embed", "hook_embed"),
        ("pos_embed", "hook_pos_embed"),
        ("v1", "blocks.1.attn.hook_v"),
        ("unembed.hook_in", "unembed.hook_in"),
    ],
)
def test_shorthands_and_full_names(cache: ActivationCache, key: object, name: str) -> None:
    assert cache[key] is cache[name]
    assert key in cache


def test_is_a_mapping(cache: ActivationCache) -> None:
    assert len(cache) == len(list(cache)) == len(dict(cache))
    assert "hook_embed" in repr(cache)


@pytest.mark.parametrize(
    ("key", "message"),
    [
        (("pattern", 2), r"no activation \('pattern', 2\) \(full name 'blocks.2.attn.hook_pattern'\); did you mean"),
        ("hook_nothing_like_it", "no activation 'hook_nothing_like_it'"),
        (3, r"A cache key is a name or \(name, layer\[, part\]\).*; got 3."),
    ],
)
def test_unknown_keys(cache: ActivationCache, key: object, message: str) -> None:
    with pytest.raises(KeyError, match=message):
        cache[key]
    assert key not in cache


def test_head_results_are_those_of_the_hook(cache: ActivationCache) -> None:
    stacked = cache.stack_head_results()
    assert stacked.shape == (6, 1, 3, 7)
    np.testing.assert_array_equal(stacked[4], cache["result", 1][:, :, 1])
