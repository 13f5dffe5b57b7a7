from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from circuit_explainer.circuits import (
    Patching,
    activation_patching,
    each_patch,
    logit_difference,
    patch_attn_out,
    patch_heads,
    patch_k,
    patch_mlp_out,
    patch_pattern,
    patch_q,
    patch_resid,
    patch_v,
)
from circuit_explainer.circuits.patching import SITES
from circuit_explainer.core import Transformer
from circuit_explainer.core.table import ACTIVATIONS
from tests.circuits.conftest import random_model

CLEAN = np.array([[1, 2, 3, 1, 2], [4, 5, 6, 4, 5]])
CORRUPTED = np.array([[1, 2, 7, 1, 8], [4, 9, 6, 10, 5]])
METRIC = logit_difference([3, 6], [7, 8])
WORDS = {"p": "position", "h": "head", "g": "head", "q": "query", "k": "key"}


def test_the_axes_of_the_sites_are_those_of_the_table_of_activations() -> None:
    table = {row.name.rpartition("hook_")[2]: row.axes.split() for row in ACTIVATIONS if "ln" not in row.name}
    for site, axes in SITES.items():
        letters = table[site]
        for axis, place in axes.items():
            # Heads' vectors have one position, be it a query's or a key's.
            word = WORDS[letters[place]] if site == "pattern" or place == 2 else "position"
            assert word == axis
        assert len(axes) == len([letter for letter in letters if letter not in "bde"])


def slow(model: Transformer, site: str, by: Sequence[str]) -> Any:
    """For each index a run of its own whose hook replaces just the named entries, one at a time."""
    _, clean = model.run_with_cache(CLEAN)
    axes = SITES[site]
    shape = (3, *(clean[site, 0].shape[axes[axis]] for axis in by[1:]))
    values = np.zeros(shape)
    for index in np.ndindex(*shape):
        chosen = dict(zip(by, index, strict=True))
        source = clean[site, chosen["layer"]]

        def put(x: Any, hook: Any, source: Any = source, chosen: Any = chosen) -> Any:
            for at in np.ndindex(*x.shape):
                if all(at[axes[axis]] == place for axis, place in chosen.items() if axis != "layer"):
                    x[at] = source[at]
            return x

        name = f"blocks.{chosen['layer']}." + ("attn." if site in "qkvzpattern" else "") + f"hook_{site}"
        values[index] = METRIC(model.run_with_hooks(CORRUPTED, [(name, put)]))
    return values


@pytest.mark.parametrize(
    ("site", "by"),
    [
        ("resid_pre", ("layer", "position")),
        ("resid_post", ("layer",)),
        ("attn_out", ("layer", "position")),
        ("q", ("layer", "position", "head")),
        ("k", ("layer", "head")),
        ("v", ("layer", "head", "position")),
        ("z", ("layer", "head")),
        ("pattern", ("layer", "head", "query")),
    ],
)
def test_patching_equals_the_loop(any_model: Transformer, site: str, by: Sequence[str]) -> None:
    found = activation_patching(any_model, CLEAN, CORRUPTED, METRIC, site, by)
    assert found.axes == tuple(by)
    # The very same runs.
    np.testing.assert_array_equal(found.values, slow(any_model, site, by))
    assert found.clean == METRIC(any_model.run_with_cache(CLEAN)[0])
    assert found.corrupted == METRIC(any_model(CORRUPTED))


@pytest.mark.parametrize("site", ["resid_mid", "mlp_out"])
def test_sites_of_models_with_mlps(site: str) -> None:
    model = random_model(n_layers=3, attn_only=False, d_mlp=17, act_fn="gelu", normalization_type="RMS")
    by = ("layer", "position")
    np.testing.assert_array_equal(
        activation_patching(model, CLEAN, CORRUPTED, METRIC, site, by).values, slow(model, site, by)
    )
    with pytest.raises(ValueError, match=f"no activation '{site}'"):
        activation_patching(random_model(), CLEAN, CORRUPTED, METRIC, site, by)


def test_key_by_query() -> None:
    found = activation_patching(
        random_model(n_layers=3), CLEAN, CORRUPTED, METRIC, "pattern", ("layer", "query", "key")
    )
    assert found.values.shape == (3, 5, 5)
    np.testing.assert_array_equal(found.values, slow(random_model(n_layers=3), "pattern", ("layer", "query", "key")))


def test_the_named_patches_are_the_loop_with_a_site() -> None:
    model = random_model(attn_only=False, d_mlp=17, act_fn="relu", n_heads=6, n_key_value_heads=2)
    named = {
        patch_resid: ("resid_pre", ("layer", "position"), (2, 5)),
        patch_attn_out: ("attn_out", ("layer", "position"), (2, 5)),
        patch_mlp_out: ("mlp_out", ("layer", "position"), (2, 5)),
        patch_heads: ("z", ("layer", "head"), (2, 6)),
        patch_q: ("q", ("layer", "head"), (2, 6)),
        patch_k: ("k", ("layer", "head"), (2, 2)),
        patch_v: ("v", ("layer", "head"), (2, 2)),
        patch_pattern: ("pattern", ("layer", "head"), (2, 6)),
    }
    for patch, (site, by, shape) in named.items():
        found = patch(model, CLEAN, CORRUPTED, METRIC)
        assert found.values.shape == shape
        np.testing.assert_array_equal(
            found.values, activation_patching(model, CLEAN, CORRUPTED, METRIC, site, by).values
        )
    assert patch_q(model, CLEAN, CORRUPTED, METRIC, by=("layer", "position", "head")).values.shape == (2, 5, 6)


def test_the_whole_stream_restores_everything_and_nothing_restores_nothing(any_model: Transformer) -> None:
    whole = activation_patching(any_model, CLEAN, CORRUPTED, METRIC, "resid_post", ("layer",))
    np.testing.assert_allclose(whole.restored[-1], 1, rtol=1e-9)
    same = activation_patching(any_model, CORRUPTED, CORRUPTED, METRIC, "z", ("layer", "head"))
    np.testing.assert_allclose(same.values, same.corrupted, rtol=1e-9, atol=1e-12)
    with pytest.raises(ValueError, match="in both runs, so there is no difference to restore"):
        _ = Patching(("layer",), np.ones(2), 3.0, 3.0).restored


def test_patches_come_one_by_one() -> None:
    model = random_model()
    _, cache = model.run_with_cache(CLEAN)
    steps = each_patch(model, cache, CORRUPTED, METRIC, "z", ("layer", "head"))
    whole = patch_heads(model, CLEAN, CORRUPTED, METRIC).values
    assert next(steps) == ((0, 0), whole[0, 0])
    assert [index for index, _ in steps] == [(0, 1), (0, 2), (1, 0), (1, 1), (1, 2)]


def test_unfit_questions() -> None:
    model = random_model()
    with pytest.raises(ValueError, match=r"same shape; got \(2, 5\) and \(2, 4\)"):
        patch_heads(model, CLEAN, CORRUPTED[:, :4], METRIC)
    with pytest.raises(ValueError, match="site must be one of resid_pre, .*; got 'result'"):
        activation_patching(model, CLEAN, CORRUPTED, METRIC, "result", ("layer",))
    for by in ((), ("position",), ("layer", "query"), ("layer", "head", "head"), ("head", "layer")):
        with pytest.raises(ValueError, match="by must be 'layer' and then axes of position, head for 'z'; got"):
            activation_patching(model, CLEAN, CORRUPTED, METRIC, "z", by)


def test_the_circuit_of_the_hand_written_model(by_hand: Transformer) -> None:
    """The corrupted text lacks the first "cat": what finds "sat" goes from there to its note, and to the last word."""
    clean, corrupted = "the cat sat . the cat", "the dog sat . the cat"
    sat = by_hand.to_tokens(clean)[0, 3]
    tokens = by_hand.to_tokens(clean)
    # By numbers, so that the words of both texts keep theirs.
    changed = tokens.copy()
    changed[0, 2] = 20
    metric = logit_difference(sat)
    resid = patch_resid(by_hand, tokens, changed, metric).restored
    expected = np.zeros((2, 7))
    expected[0, 2] = 1  # the word itself
    expected[1, 3] = 1  # the note at the word after it
    np.testing.assert_allclose(resid, expected, atol=1e-3)
    np.testing.assert_allclose(patch_heads(by_hand, tokens, changed, metric).restored, [[1], [1]], atol=1e-3)
    np.testing.assert_allclose(patch_k(by_hand, tokens, changed, metric).restored, [[0], [1]], atol=1e-3)
    np.testing.assert_allclose(patch_q(by_hand, tokens, changed, metric).restored, [[0], [0]], atol=1e-3)
    np.testing.assert_allclose(patch_v(by_hand, tokens, changed, metric).restored, [[1], [0]], atol=1e-3)
    np.testing.assert_allclose(patch_pattern(by_hand, tokens, changed, metric).restored, [[0], [1]], atol=1e-3)
    assert patch_resid(by_hand, clean, corrupted, metric).values.shape == (2, 7)
