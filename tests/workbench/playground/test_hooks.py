"""Each intervention does what it says, and lists act in their order: against a slow run with plain loops."""

from collections.abc import Callable
from functools import partial

import numpy as np
import pytest

from circuit_explainer.core import ActivationCache, Config, HookPoint, Transformer, get_act_name, weight_shapes
from circuit_explainer.core.arrays import Array
from circuit_explainer.workbench.playground.hooks import hooks, sources
from circuit_explainer.workbench.playground.interventions import Intervention, parse_all

TOKENS, OTHER = np.array([[1, 2, 3, 1, 2]]), np.array([[4, 2, 6, 5, 1]])
UNDONE = ["patch pattern 1.1", "freeze 0"]
LISTS = [
    ["zero 0.1"], ["mean 1.2"], ["zero mlp 1"], ["freeze 0", "zero 0.0"], ["freeze 1"], ["patch q 1.0"],
    ["patch k 1.3"], ["patch v 0.2"], ["patch z 1.1"], ["patch pattern 0.3"], ["patch resid_pre 1"],
    ["zero 0.1", "patch z 0.1"], ["patch z 0.1", "zero 0.1"], ["freeze 0", "patch pattern 1.1", "patch resid_pre 0"],
    UNDONE, ["off zero 0.1"], ["off freeze 0", "zero 0.0"],
]  # fmt: skip


def model(**fields: object) -> Transformer:
    sizes = {"n_layers": 2, "n_heads": 4, "d_head": 3, "d_model": 7, "n_ctx": 8, "d_vocab": 9, "act_fn": "gelu"}
    cfg = Config.from_dict({"normalization_type": "LN", **sizes, **fields})
    rng = np.random.default_rng(0)
    weights = {name: rng.standard_normal(shape) / 2 for name, shape in weight_shapes(cfg).items()}
    return Transformer(cfg, weights)


MODELS = {"own keys": model(), "shared keys": model(n_key_value_heads=2)}


def slowly(
    of: Transformer, one: Intervention, clean: ActivationCache, other: ActivationCache
) -> dict[str, Callable[[Array], Array]]:
    """What one intervention does to each activation, position by position."""
    layers = range(one.layer, of.cfg.n_layers) if one.kind == "freeze" else [one.layer]
    group = of.cfg.n_heads // (of.cfg.n_key_value_heads or of.cfg.n_heads)

    def change(name: str, value: Array) -> Array:
        out = value.copy()
        if one.kind == "freeze":
            return clean[name].copy()
        for p in range(TOKENS.shape[1]):
            if one.form == "zero mlp":
                out[0, p, :] = 0
            elif one.site == "resid_pre":
                out[0, p, :] = other[name][0, p, :]
            elif one.site == "pattern":
                out[0, one.head, p, :] = other[name][0, one.head, p, :]
            else:
                h = (one.head or 0) // group if one.site in "kv" else one.head
                for e in range(of.cfg.d_head):
                    if one.kind == "zero":
                        out[0, p, h, e] = 0
                    elif one.kind == "mean":
                        out[0, p, h, e] = sum(clean[name][0, q, h, e] for q in range(5)) / 5
                    else:
                        out[0, p, h, e] = other[name][0, p, h, e]
        return out

    names = [get_act_name(one.site, layer) for layer in layers]
    return {name: partial(change, name) for name in names}


@pytest.mark.parametrize("kind", MODELS)
@pytest.mark.parametrize("wires", LISTS, ids=" then ".join)
def test_a_list_does_what_it_says(wires: list[str], kind: str) -> None:
    of = MODELS[kind]
    listed = parse_all(wires, of.cfg)
    everything, others = of.run_with_cache(TOKENS)[1], of.run_with_cache(OTHER)[1]
    # Only what they say that they read.
    clean = of.run_with_cache(TOKENS, sources(listed, of.cfg, "clean"))[1]
    other = of.run_with_cache(OTHER, sources(listed, of.cfg, "patch"))[1]
    found, cache = of.run_with_cache(
        TOKENS, fwd_hooks=[hook for one in listed for hook in hooks(one, of.cfg, clean, other)]
    )
    changes = [slowly(of, one, everything, others) for one in listed if one.on]
    names = [name for name in everything if any(name in change for change in changes)]

    def all_of(value: Array, hook: HookPoint) -> Array:
        for change in changes:
            if hook.name in change:
                value = change[hook.name](value)
        return value

    expected, slow = of.run_with_cache(TOKENS, fwd_hooks=[(name, all_of) for name in names])
    # float64; a mean adds up in another order.
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-13)
    for name in slow:
        np.testing.assert_allclose(cache[name], slow[name], rtol=1e-12, atol=1e-13, err_msg=name)
    changed = np.abs(found - of(TOKENS)).max() > 1e-9
    # A frozen pattern undoes what was patched into it before.
    assert changed == any(one.on and one.form != "freeze" for one in listed) & (wires != UNDONE)


def test_the_runs_that_are_read_from_stay_as_they_were() -> None:
    of = MODELS["own keys"]
    listed = parse_all(["freeze 0", "patch pattern 0.1", "patch resid_pre 1", "mean 0.1"], of.cfg)
    clean, other = of.run_with_cache(TOKENS)[1], of.run_with_cache(OTHER)[1]
    before = {name: clean[name].copy() for name in clean}, {name: other[name].copy() for name in other}
    of.run_with_hooks(TOKENS, [hook for one in listed for hook in hooks(one, of.cfg, clean, other)])
    for cache, kept in zip((clean, other), before, strict=True):
        for name in kept:
            np.testing.assert_array_equal(cache[name], kept[name])


def test_a_patch_without_the_other_run_is_refused() -> None:
    of = MODELS["own keys"]
    with pytest.raises(ValueError, match="A patch needs the run on the other prompt"):
        hooks(parse_all(["patch k 0.0"], of.cfg)[0], of.cfg, of.run_with_cache(TOKENS)[1], None)
