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


def test_a_cache_without_batch_axis(make_model: Callable[..., Transformer]) -> None:
    model = make_model(normalization_type="LN")
    whole = model.run_with_cache([[0, 1, 2]])[1]
    cache = model.run_with_cache([[0, 1, 2]], remove_batch_dim=True)[1]
    assert (whole.has_batch_dim, cache.has_batch_dim) == (True, False)
    assert {name: array.shape for name, array in cache.items()} == {n: a.shape[1:] for n, a in whole.items()}
    assert cache.remove_batch_dim() is cache
    for name, arguments in (
        ("accumulated_resid", {"apply_ln": True}), ("decompose_resid", {"apply_ln": True, "pos_slice": -1}),
        ("stack_head_results", {"apply_ln": True, "pos_slice": (1, 3)}), ("get_full_resid_decomposition", {}),
    ):  # fmt: skip
        np.testing.assert_allclose(getattr(cache, name)(**arguments), getattr(whole, name)(**arguments)[:, 0])
    with pytest.raises(ValueError, match="This cache has no batch axis to slice"):
        cache.apply_slice_to_batch_dim(0)
    with pytest.raises(ValueError, match=r"Only a batch of one can lose its axis; hook_embed has shape \(2, 3, 7\)"):
        model.run_with_cache([[0, 1, 2], [3, 4, 5]], remove_batch_dim=True)


def test_some_of_the_sequences(make_model: Callable[..., Transformer]) -> None:
    cache = make_model().run_with_cache([[0, 1], [2, 3], [4, 5]])[1]
    np.testing.assert_array_equal(cache.apply_slice_to_batch_dim((1, 3))["z", 0], cache["z", 0][1:])
    one = cache.apply_slice_to_batch_dim(2)
    assert (one.has_batch_dim, one["pattern", 1].shape) == (False, (3, 2, 2))
