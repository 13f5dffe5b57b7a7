"""Taking heads out of a run, as hooks that any run takes: ``model.run_with_hooks(tokens, zero_heads(cfg, heads))``.

A head's output is its ``z``, its mean of values, times ``W_O``. Zero ablation sets ``z`` to nothing, mean ablation to
its mean over other texts, which leaves the later layers the input that they are used to. Both also change where later
heads look; with ``keep_patterns`` beside them they do not (pattern-preserving ablation, Olsson et al., 2022).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable

import numpy as np

from circuit_explainer.circuits.heads import Head, check_batch, check_heads
from circuit_explainer.core.arrays import Array
from circuit_explainer.core.cache.activation_cache import ActivationCache
from circuit_explainer.core.config import Config
from circuit_explainer.core.hooks import HookFunction, HookPoint
from circuit_explainer.core.names import get_act_name

# Gives the new z [b, p, h, e] of some heads of a layer, from the layer, the heads and the old one.
Replace = Callable[[int, list[int], Array], Array | float]


def zero_heads(cfg: Config, heads: Iterable[Head]) -> list[tuple[str, HookFunction]]:
    """Hooks that set the output of each ``(layer, head)`` to zero; pass them as ``fwd_hooks``.

    Source: Michel et al. (2019).

    Raises:
        ValueError: a head is not in the model.
    """
    return replace_heads(cfg, heads, lambda layer, chosen, z: 0)


def mean_heads(
    cfg: Config, heads: Iterable[Head], reference: ActivationCache, by_position: bool = False
) -> list[tuple[str, HookFunction]]:
    """Hooks that set the output of each ``(layer, head)`` to its mean over a reference batch.

    Source: Wang et al. (2022).

    Args:
        cfg, heads: which heads of which model.
        reference: the cache of a run on the reference batch, with every ``z`` concerned.
        by_position: take the mean position by position; the texts must then be as long as those of the reference.
            Otherwise over all positions too.

    Raises:
        ValueError: a head is not in the model, the cache has no batch axis, or (in the run) the lengths differ.
    """
    check_batch(reference)
    over = (0,) if by_position else (0, 1)

    def mean(layer: int, chosen: list[int], z: Array) -> Array:
        known = reference["z", layer]
        if by_position and known.shape[1] != z.shape[1]:
            raise ValueError(
                f"A mean by position needs texts as long as the reference's {known.shape[1]} tokens; got {z.shape[1]}."
            )
        return np.asarray(known[:, :, chosen].mean(axis=over))

    return replace_heads(cfg, heads, mean)


def keep_patterns(cfg: Config, clean: ActivationCache, after: int = -1) -> list[tuple[str, HookFunction]]:
    """Hooks that freeze the attention patterns of every layer behind layer ``after`` as they were in a clean run.

    Add them to those of an ablation: ``zero_heads(cfg, [(0, 1)]) + keep_patterns(cfg, cache, after=0)``. The patterns
    of the ablated layer are not changed by the ablation.

    Source: pattern-preserving ablation, Olsson et al. (2022).

    Args:
        cfg: of the model.
        clean: the cache of a run on the same texts, with every pattern concerned.
        after: a layer; -1 freezes all patterns.

    Raises:
        ValueError: there is no such layer, or the cache has no batch axis.
    """
    check_batch(clean)
    if not -1 <= after < cfg.n_layers:
        raise ValueError(f"after must be a layer, 0 to {cfg.n_layers - 1}, or -1 for all patterns; got after={after}.")

    def freeze(layer: int) -> HookFunction:
        return lambda pattern, hook: clean["pattern", layer]

    return [(get_act_name("pattern", layer), freeze(layer)) for layer in range(after + 1, cfg.n_layers)]


def replace_heads(cfg: Config, heads: Iterable[Head], new: Replace) -> list[tuple[str, HookFunction]]:
    """Hooks that give each ``(layer, head)`` another ``z``: ``new(layer, heads, z)`` for the heads of one layer.

    Raises:
        ValueError: a head is not in the model.
    """
    by_layer: dict[int, list[int]] = defaultdict(list)
    for layer, head in check_heads(cfg, heads):
        by_layer[layer].append(head)

    def replace(layer: int, chosen: list[int]) -> HookFunction:
        def put(z: Array, hook: HookPoint) -> Array:
            z[:, :, chosen] = new(layer, chosen, z)
            return z

        return put

    return [(get_act_name("z", layer), replace(layer, chosen)) for layer, chosen in by_layer.items()]
