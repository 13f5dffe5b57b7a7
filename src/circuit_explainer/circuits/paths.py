"""Path patching, head to head: only what one head writes straight into one input of a later head is changed.

After Wang et al. (2022) and Goldowsky-Dill et al. (2023). The change goes through the residual stream alone: the heads
and MLPs between the two stay as they were (Wang et al. let the MLPs be computed anew). The receiver's LayerNorm is
computed anew on its changed input. What the receiver then gives goes on through the whole model.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from circuit_explainer.circuits.ablation import replace_heads
from circuit_explainer.circuits.heads import Head, all_heads, check_earlier, check_heads
from circuit_explainer.circuits.metrics import Metric
from circuit_explainer.circuits.patching import Patching, same_shape
from circuit_explainer.core.arrays import Array
from circuit_explainer.core.cache.activation_cache import ActivationCache
from circuit_explainer.core.hooks import HookFunction, HookPoint, Hooks
from circuit_explainer.core.model import Transformer
from circuit_explainer.core.names import get_act_name
from circuit_explainer.core.run import ops
from circuit_explainer.core.shapes import activation_names

INPUTS = ("q", "k", "v")


@dataclass(frozen=True)
class Received:
    """What a head does with a changed input: its ``pattern [b, q, k]`` and its ``z [b, q, e]``."""

    head: Head
    pattern: Array
    z: Array

    def hooks(self, model: Transformer) -> Hooks:
        """Hooks that let a run go on with this ``z``."""
        return replace_heads(model.cfg, [self.head], lambda layer, heads, z: self.z[:, :, None])


class Receivers:
    """A model whose heads have an input each for queries, keys and values; made once for many paths.

    ``fwd_hooks`` are interventions on every run, besides the path.
    """

    def __init__(self, model: Transformer, fwd_hooks: Hooks = ()) -> None:
        self.model = model.replace(use_split_qkv_input=True, use_attn_in=False)
        self.fwd_hooks = fwd_hooks

    def receive(self, tokens: Array, head: Head, through: str, change: Array) -> Received:
        """What ``head`` does on ``tokens [b, p]`` if ``change [b, p, d]`` is added to one of its inputs, or to several.

        ``through`` is "q", "k" or "v", or some of these letters together, as "qk".

        Raises:
            ValueError: the head is not in the model, or ``through`` is something else.
        """
        check_heads(self.model.cfg, [head])
        if not through or not set(through) <= set(INPUTS):
            raise ValueError(f"through must be made of the letters {', '.join(INPUTS)}; got through={through!r}.")
        layer, index = head
        # Every head of the layer sees the change, but of this run only the one head is used.
        reach = [(f"blocks.{layer}.hook_{letter}_input", _add(change)) for letter in set(through)]
        pattern, z = get_act_name("pattern", layer), get_act_name("z", layer)
        hooks = [*self._reached(layer + 1), *reach]
        _, cache = self.model.run_with_cache(tokens, [pattern, z], hooks, layer + 1)
        return Received(head, cache[pattern][:, index], cache[z][:, :, index])

    def _reached(self, stop: int) -> Hooks:
        """The hooks that a run which stops before a layer meets; others would be refused."""
        met = activation_names(self.model.cfg, stop)
        return [(name, fn) for name, fn in self.fwd_hooks if callable(name) or name in met]


def path_patching(model: Transformer, clean: Any, corrupted: Any, metric: Metric, receiver: Head) -> Patching:
    """The metric of a run on ``corrupted`` for each path to ``receiver`` that carries what it carries on ``clean``.

    Source: Wang et al. (2022) and Goldowsky-Dill et al. (2023); heads and MLPs between the two ends stay as they were.

    Args:
        model: of any architecture.
        clean, corrupted: texts or tokens of the same shape. Exchange them to break a path instead of restoring it.
        metric: of logits ``[b, p, v]``, such as ``logit_difference``.
        receiver: the later head.

    Returns:
        ``values [3, l, h]`` with the axes "input" (queries, keys, values), "layer" and "head" of the sender; NaN for
        heads that are not in an earlier layer.

    Raises:
        ValueError: the head is not in the model, or the prompts have different shapes.
    """
    check_heads(model.cfg, [receiver])
    tokens, damaged = same_shape(model, clean, corrupted)
    outputs = ("hook_z", "unembed.hook_out")
    caches = [model.run_with_cache(given, lambda name: name.endswith(outputs))[1] for given in (tokens, damaged)]
    receivers = Receivers(model)
    values = np.full((3, model.cfg.n_layers, model.cfg.n_heads), np.nan)
    for layer, head in all_heads(model.cfg)[: receiver[0] * model.cfg.n_heads]:
        written, instead = (head_output(model, cache, (layer, head)) for cache in caches)
        for number, through in enumerate(INPUTS):
            received = receivers.receive(damaged, receiver, through, written - instead)
            values[number, layer, head] = metric(model.run_with_hooks(damaged, received.hooks(model)))
    before, after = (metric(cache["unembed.hook_out"]) for cache in caches)
    return Patching(("input", "layer", "head"), values, before, after)


def cut_path(
    receivers: Receivers, cache: ActivationCache, tokens: Array, earlier: Head, later: Head, through: str
) -> Received:
    """What ``later`` does if one of its inputs, or several, misses what ``earlier`` writes.

    Args:
        receivers: of the model.
        cache: of a run on ``tokens [b, p]``, with the earlier head's ``z``.
        tokens: the text.
        earlier, later: the two ends of the path.
        through: "q", "k" or "v", or several of these letters.

    Raises:
        ValueError: a head is not in the model or the first not in an earlier layer, or ``through`` is something else.
    """
    check_earlier(receivers.model.cfg, earlier, later)
    return receivers.receive(tokens, later, through, -head_output(receivers.model, cache, earlier))


def head_output(model: Transformer, cache: ActivationCache, head: Head) -> Array:
    """What one head adds to the residual stream: ``[b, p, d]``."""
    layer, index = head
    return ops.product(cache["z", layer][:, :, index], model.weights[f"blocks.{layer}.attn.W_O"][index])


def _add(change: Array) -> HookFunction:
    def add(x: Array, hook: HookPoint) -> Array:  # [b, p, h, d] or [b, p, g, d]
        return x + change[:, :, None]

    return add
