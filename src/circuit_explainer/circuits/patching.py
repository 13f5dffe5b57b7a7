"""Activation patching: run on a corrupted prompt, put one clean activation back, and see how much comes back.

After Meng et al. (2022), who call it causal tracing, and ``patching.py`` of TransformerLens. One loop does the work;
the functions with names are partials of it. They give the metric of every patched run; ``restored`` gives its share of
the difference between the two prompts: 0 where the activation carries nothing of it, 1 where it carries all.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from circuit_explainer.circuits.metrics import Metric
from circuit_explainer.core import check
from circuit_explainer.core.arrays import Array
from circuit_explainer.core.cache.activation_cache import ActivationCache
from circuit_explainer.core.hooks import HookFunction, HookPoint
from circuit_explainer.core.model import Transformer
from circuit_explainer.core.names import get_act_name

# The axes of each activation behind the batch that a patch may walk; "head" of k and v is a head of keys and values.
_STREAM, _HEADS, _SQUARE = {"position": 1}, {"position": 1, "head": 2}, {"head": 1, "query": 2, "key": 3}
SITES = {
    "resid_pre": _STREAM, "resid_mid": _STREAM, "resid_post": _STREAM, "attn_out": _STREAM, "mlp_out": _STREAM,
    "q": _HEADS, "k": _HEADS, "v": _HEADS, "z": _HEADS, "pattern": _SQUARE,
}  # fmt: skip


@dataclass(frozen=True)
class Patching:
    """``values`` of the metric, with one axis for each name in ``axes``.

    ``clean`` and ``corrupted`` are the metric of both unpatched runs. All are in the metric's unit.
    """

    axes: tuple[str, ...]
    values: Array
    clean: float
    corrupted: float

    @property
    def restored(self) -> Array:
        """``(values - corrupted) / (clean - corrupted)``, in the shape of ``values``: 0 for none, 1 for all.

        Raises:
            ValueError: the metric does not tell the two runs apart.
        """
        if self.clean == self.corrupted:
            raise ValueError(f"The metric is {self.clean} in both runs, so there is no difference to restore.")
        return (self.values - self.corrupted) / (self.clean - self.corrupted)


def activation_patching(
    model: Transformer, clean: Any, corrupted: Any, metric: Metric, site: str, by: Sequence[str]
) -> Patching:
    """The metric of a run on ``corrupted`` for each activation that is put back from the run on ``clean``.

    Source: causal tracing, Meng et al. (2022); ``patching.py`` of TransformerLens (Nanda and Bloom, 2022).

    Args:
        model: of any architecture.
        clean, corrupted: texts or tokens of the same shape.
        metric: of logits ``[b, p, v]``, such as ``logit_difference``.
        site: which activation. Axes that can be walked are "position" for "resid_pre", "resid_mid", "resid_post",
            "attn_out" and "mlp_out"; "position" and "head" for "q", "k", "v" and "z"; "head", "query" and "key" for
            "pattern".
        by: "layer" first, then axes of the site; what is not named is put back as a whole.

    Returns:
        ``values`` with the axes ``by``: ``[l]`` for ``("layer",)``, ``[l, p]`` for ``("layer", "position")`` …

    Raises:
        ValueError: the prompts have different shapes, the model has no such activation, or ``by`` names an axis that
            it does not have.
    """
    tokens, damaged = same_shape(model, clean, corrupted)
    logits, cache = model.run_with_cache(tokens, lambda name: name.endswith(f"hook_{site}"))
    values = np.empty(patch_shape(model, cache, site, by))
    for index, value in each_patch(model, cache, damaged, metric, site, by):
        values[index] = value
    return Patching(tuple(by), values, metric(logits), metric(model(damaged)))


def each_patch(
    model: Transformer, clean: ActivationCache, corrupted: Any, metric: Metric, site: str, by: Sequence[str]
) -> Iterator[tuple[tuple[int, ...], float]]:
    """The loop itself: gives the index and the metric of one patched run after the other, for pages that show it grow.

    Source: as ``activation_patching``: Meng et al. (2022).

    Args:
        model, corrupted, metric, site, by: as for ``activation_patching``.
        clean: the cache of the clean run, with the activation in every layer.

    Yields:
        An index into the ``values`` of ``activation_patching``, and the metric there.

    Raises:
        ValueError: (when the loop begins) the cache has no such activation, or the activation no such axis.
    """
    for index in np.ndindex(*patch_shape(model, clean, site, by)):
        layer, *places = index
        where: list[Any] = [slice(None)] * 4
        for axis, place in zip(by[1:], places, strict=True):
            where[SITES[site][axis]] = place
        hook = _put_back(clean[site, layer], tuple(where[: clean[site, layer].ndim]))
        yield index, metric(model.run_with_hooks(corrupted, [(get_act_name(site, layer), hook)]))


def patch_shape(model: Transformer, clean: ActivationCache, site: str, by: Sequence[str]) -> tuple[int, ...]:
    """How many patches there are along each of the axes ``by``.

    Raises:
        ValueError: as ``activation_patching``.
    """
    if site not in SITES:
        raise ValueError(f"site must be one of {', '.join(SITES)}; got {site!r}.")
    if tuple(by[:1]) != ("layer",) or len(set(by)) != len(by) or not set(by[1:]) <= set(SITES[site]):
        raise ValueError(f"by must be 'layer' and then axes of {', '.join(SITES[site])} for {site!r}; got {by!r}.")
    if get_act_name(site, 0) not in clean:
        raise ValueError(f"This run has no activation {site!r}, as in models without MLPs for 'resid_mid'.")
    lengths = clean[site, 0].shape
    return (model.cfg.n_layers, *(lengths[SITES[site][axis]] for axis in by[1:]))


def same_shape(model: Transformer, clean: Any, corrupted: Any) -> tuple[Array, Array]:
    """Both prompts as tokens ``[b, p]``; raises ValueError where their shapes differ."""
    one, other = (
        check.tokens(model.cfg, model.to_tokens(given) if isinstance(given, str) else given)
        for given in (clean, corrupted)
    )
    if one.shape != other.shape:
        raise ValueError(f"clean and corrupted must have the same shape; got {one.shape} and {other.shape}.")
    return one, other


def _put_back(activation: Array, where: tuple[Any, ...]) -> HookFunction:
    def put(damaged: Array, hook: HookPoint) -> Array:
        damaged[where] = activation[where]
        return damaged

    return put


# By position too with by=("layer", "position", "head"), for patterns by=("layer", "head", "query").
patch_resid = partial(activation_patching, site="resid_pre", by=("layer", "position"))
"""``activation_patching`` of the residual stream before each layer, by layer and position."""
patch_attn_out = partial(activation_patching, site="attn_out", by=("layer", "position"))
"""``activation_patching`` of what the attention of each layer adds, by layer and position."""
patch_mlp_out = partial(activation_patching, site="mlp_out", by=("layer", "position"))
"""``activation_patching`` of what each MLP adds, by layer and position."""
patch_heads = partial(activation_patching, site="z", by=("layer", "head"))
"""``activation_patching`` of each head's output, by layer and head."""
patch_q = partial(activation_patching, site="q", by=("layer", "head"))
"""``activation_patching`` of each head's queries, by layer and head."""
patch_k = partial(activation_patching, site="k", by=("layer", "head"))
"""``activation_patching`` of each head's keys, by layer and head (of keys, where heads share them)."""
patch_v = partial(activation_patching, site="v", by=("layer", "head"))
"""``activation_patching`` of each head's values, by layer and head (of values, where heads share them)."""
patch_pattern = partial(activation_patching, site="pattern", by=("layer", "head"))
"""``activation_patching`` of each head's attention pattern, by layer and head."""
