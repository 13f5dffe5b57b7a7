"""Taking heads out of a run: zero ablation sets a head's ``z``, its mean of values, to nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from circuit_explainer.core.config import Config
from circuit_explainer.core.hooks import get_act_name
from circuit_explainer.core.model import HookFunction, HookPoint
from circuit_explainer.core.ops import Array


def zero_heads(cfg: Config, heads: Iterable[tuple[int, int]]) -> list[tuple[str, HookFunction]]:
    """Hooks that set the output of each ``(layer, head)`` to zero; pass them as ``fwd_hooks``.

    Raises:
        ValueError: a head is not in the model.
    """
    by_layer: dict[int, list[int]] = defaultdict(list)
    for layer, head in heads:
        if not (0 <= layer < cfg.n_layers and 0 <= head < cfg.n_heads):
            raise ValueError(
                f"Heads are (layer, head) with layer < {cfg.n_layers} and head < {cfg.n_heads}; got {(layer, head)}."
            )
        by_layer[layer].append(head)
    return [(get_act_name("z", layer), _zero(chosen)) for layer, chosen in by_layer.items()]


def _zero(heads: list[int]) -> HookFunction:
    def zero(z: Array, hook: HookPoint) -> Array:
        z[:, :, heads] = 0
        return z

    return zero
