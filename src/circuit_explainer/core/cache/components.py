"""The residual stream by head and by neuron.

Methods of ``ActivationCache``, as in ``scaled``. TransformerLens's ``project_output_onto`` is not here.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from circuit_explainer.core.arrays import Array
from circuit_explainer.core.cache.cut import Cut, cut
from circuit_explainer.core.cache.residual import ResidualStream
from circuit_explainer.core.run.forward import head_results


class Components(ResidualStream):
    """A cache's methods about single heads and neurons; ``ActivationCache`` tells what the arguments mean."""

    def stack_head_results(
        self,
        layer: int | None = -1,
        return_labels: bool = False,
        incl_remainder: bool = False,
        pos_slice: Cut = None,
        apply_ln: bool = False,
    ) -> Any:
        """What every head of the layers before ``layer`` adds to the residual stream: ``[l·h, b, p, d]``.

        Output biases are not in it.

        Args:
            layer, return_labels, pos_slice, apply_ln: as told at ``ActivationCache``; labels are ``L0H0`` …
            incl_remainder: one component more, all that the heads did not add.

        Raises:
            ValueError: the model has no such layer.
        """
        layer = self._up_to(layer)
        parts = [np.moveaxis(self._head_results(at, pos_slice), -2, 0) for at in range(layer)]
        labels = self.model.all_head_labels()[: layer * self.model.cfg.n_heads]
        return self._stacked(parts, labels, layer, return_labels, incl_remainder, pos_slice, apply_ln)

    def stack_neuron_results(
        self,
        layer: int | None,
        pos_slice: Cut = None,
        neuron_slice: Cut = None,
        return_labels: bool = False,
        incl_remainder: bool = False,
        apply_ln: bool = False,
    ) -> Any:
        """What every neuron of the layers before ``layer`` adds to the residual stream: ``[l·m, b, p, d]``.

        That is much: narrow it by ``pos_slice`` and ``neuron_slice``. Output biases are not in it.

        Args:
            layer, return_labels, pos_slice, apply_ln: as told at ``ActivationCache``; labels are ``L0N0`` …
            neuron_slice: which neurons, in the forms of ``pos_slice``.
            incl_remainder: one component more, all that these neurons did not add.

        Raises:
            ValueError: the model has no such layer.
        """
        layer = self._up_to(layer)
        neurons = np.atleast_1d(cut(np.arange(self.model.cfg.d_mlp or 0), neuron_slice, 0))
        found = (self.get_neuron_results(at, neurons, pos_slice) for at in range(layer))
        parts = [np.moveaxis(part, -2, 0) for part in found]
        labels = [f"L{at}N{neuron}" for at in range(layer) for neuron in neurons]
        return self._stacked(parts, labels, layer, return_labels, incl_remainder, pos_slice, apply_ln)

    def get_neuron_results(self, layer: int, neuron_slice: Cut = None, pos_slice: Cut = None) -> Array:
        """What each neuron of one layer adds to the residual stream: ``[b, p, m, d]``.

        Args:
            layer: counted from 0.
            neuron_slice, pos_slice: which neurons and positions.

        Raises:
            KeyError: the model has no MLPs or no such layer, or the cache lacks ``mlp.hook_post``.
        """
        acts = cut(cut(self["post", layer], pos_slice, -2), neuron_slice, -1)
        return acts[..., None] * cut(self.model.weights[f"blocks.{layer}.mlp.W_out"], neuron_slice, 0)

    def get_full_resid_decomposition(
        self,
        layer: int | None = None,
        mlp_input: bool = False,
        expand_neurons: bool = True,
        apply_ln: bool = False,
        pos_slice: Cut = None,
        return_labels: bool = False,
    ) -> Any:
        """The residual stream as every head, every neuron (or MLP), the embeddings and the biases, in this order.

        With shortformer positions, ``pos_embed`` is no part of the sum; see ``decompose_resid``.

        Args:
            layer, mlp_input, return_labels, apply_ln, pos_slice: as told at ``ActivationCache``.
            expand_neurons: neuron by neuron; otherwise MLP by MLP, their biases included.

        Returns:
            ``[n, b, p, d]``.

        Raises:
            ValueError: the model has no such layer.
        """
        layer = self._up_to(layer)
        stack, labels = self.stack_head_results(layer + mlp_input, return_labels=True, pos_slice=pos_slice)
        parts = [stack]
        if not self.model.cfg.attn_only and layer > 0:
            if expand_neurons:
                found, names = self.stack_neuron_results(layer, pos_slice, return_labels=True)
            else:
                found, names = self.decompose_resid(
                    layer, mode="mlp", pos_slice=pos_slice, incl_embeds=False, return_labels=True
                )
            parts.append(found)
            labels += names
        for name in ("embed", "pos_embed"):
            if f"hook_{name}" in self:
                parts.append(cut(self[name], pos_slice, -2)[None])
                labels.append(name)
        bias = self.model.accumulated_bias(layer, mlp_input, include_mlp_biases=expand_neurons)
        parts.append(np.broadcast_to(bias, (1, *stack.shape[1:])))
        labels.append("bias")
        stack = np.concatenate(parts)
        if apply_ln:
            stack = self.apply_ln_to_stack(stack, layer, mlp_input, pos_slice)
        return (stack, labels) if return_labels else stack

    def stack_activation(self, activation_name: str, layer: int | None = -1, sublayer_type: str | None = None) -> Array:
        """One activation of every layer before ``layer``, of at least one: ``[l, ...]``.

        Args:
            activation_name: such as "pattern".
            layer: as told at ``ActivationCache``.
            sublayer_type: the third part of a cache key, such as "ln1".

        Raises:
            ValueError: there is no layer before ``layer``, or the model has no such layer.
            KeyError: the cache does not hold it.
        """
        if (layers := self._up_to(layer)) == 0:
            raise ValueError(
                f"There is no layer before layer {layers} whose {activation_name!r:.100} could be stacked."
            )
        return np.stack([self[activation_name, at, sublayer_type] for at in range(layers)])

    def _head_results(self, layer: int, pos_slice: Cut) -> Array:
        if f"blocks.{layer}.attn.hook_result" in self:
            return cut(self["result", layer], pos_slice, -3)
        z = cut(self["z", layer], pos_slice, -3)
        by_row = head_results(z.reshape(1, -1, *z.shape[-2:]), self.model.weights[f"blocks.{layer}.attn.W_O"])
        return by_row.reshape(*z.shape[:-1], -1)

    def _stacked(
        self,
        parts: list[Array],
        labels: list[str],
        layer: int,
        return_labels: bool,
        incl_remainder: bool,
        pos_slice: Cut,
        apply_ln: bool,
    ) -> Any:
        stack = np.concatenate(parts) if parts else cut(self["embed"], pos_slice, -2)[None][:0]
        if incl_remainder:
            first = self["resid_pre", 0] if self.model.cfg.n_layers else self._final()
            whole = self["resid_post", layer - 1] if layer else first
            stack = np.concatenate([stack, (cut(whole, pos_slice, -2) - stack.sum(axis=0))[None]])
            labels = [*labels, "remainder"]
        if apply_ln:
            stack = self.apply_ln_to_stack(stack, layer, False, pos_slice)
        return (stack, labels) if return_labels else stack
