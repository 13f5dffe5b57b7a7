"""Interventions as hooks of a run, in the order of the list."""

from __future__ import annotations

from collections.abc import Iterable

from circuit_explainer.circuits.ablation import keep_patterns, mean_heads, zero_heads
from circuit_explainer.circuits.heads import key_value_head
from circuit_explainer.core import ActivationCache, Config, HookPoint, get_act_name
from circuit_explainer.core.arrays import Array
from circuit_explainer.core.hooks import HookFunction
from circuit_explainer.workbench.playground.interventions import Intervention

Named = tuple[str, HookFunction]


def sources(interventions: Iterable[Intervention], cfg: Config, kind: str) -> set[str]:
    """Names of the activations that the interventions read: of the clean run, or (`kind` "patch") of the other."""
    names: set[str] = set()
    for one in interventions:
        if one.on and one.kind in (("patch",) if kind == "patch" else ("mean", "freeze")):
            layers = range(one.layer, cfg.n_layers) if one.kind == "freeze" else (one.layer,)
            names |= {get_act_name(one.site, layer) for layer in layers}
    return names


def hooks(one: Intervention, cfg: Config, clean: ActivationCache, other: ActivationCache | None) -> list[Named]:
    """The hooks of one intervention; none where it is off.

    `clean` and `other` are the caches of the runs on the text and on the other prompt, with the `sources`; both are
    [1, p, …] of the same p. Raises ValueError for a patch without `other`.
    """
    if not one.on:
        return []
    if one.kind == "patch":
        if other is None:
            raise ValueError("A patch needs the run on the other prompt.")
        return [(get_act_name(one.site, one.layer), _patch(one, cfg, other))]
    if one.kind == "freeze":
        return list(keep_patterns(cfg, clean, after=one.layer - 1))
    if one.head is None:
        return [(get_act_name(one.site, one.layer), _zero)]
    heads = [(one.layer, one.head)]
    return list(zero_heads(cfg, heads) if one.kind == "zero" else mean_heads(cfg, heads, clean))


def index(one: Intervention, cfg: Config) -> int:
    """The place on the axis of heads of its activation: keys and values may be shared."""
    assert one.head is not None
    return key_value_head(cfg, one.head) if one.site in ("k", "v") else one.head


def _patch(one: Intervention, cfg: Config, other: ActivationCache) -> HookFunction:
    taken = other[one.site, one.layer]
    if one.head is None:
        return lambda value, hook: taken
    # Behind the batch stand the heads of a pattern; positions come first elsewhere.
    at = (slice(None), index(one, cfg)) if one.site == "pattern" else (slice(None), slice(None), index(one, cfg))

    def put(value: Array, hook: HookPoint) -> Array:
        value[at] = taken[at]
        return value

    return put


def _zero(value: Array, hook: HookPoint) -> Array:
    value[:] = 0
    return value
