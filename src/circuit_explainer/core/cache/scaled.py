"""Parts of the residual stream as the LayerNorm of a run scaled them, and what each adds to a logit.

Methods of ``ActivationCache`` with the names, arguments and results of TransformerLens 3.9. A stack has its components
on the first axis: ``[n, b, p, d]``; a cache without batch axis, or a ``pos_slice`` that is a number, leaves those out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from circuit_explainer.core.arrays import Array
from circuit_explainer.core.cache.cut import Cut, cut
from circuit_explainer.core.run.norm import normalize
from circuit_explainer.core.run.watch import Watch

if TYPE_CHECKING:
    from circuit_explainer.core.model import Transformer


class Scaled(Mapping[Any, Array]):
    """A cache's methods about LayerNorm and logits; ``ActivationCache`` tells what the arguments mean."""

    model: Transformer
    has_batch_dim: bool

    def apply_ln_to_stack(
        self,
        residual_stack: Array,
        layer: int | None = None,
        mlp_input: bool = False,
        pos_slice: Cut = None,
        batch_slice: Cut = None,
        has_batch_dim: bool = True,
        recompute_ln: bool = False,
    ) -> Array:
        """Each component divided by the LayerNorm scale of the run, centred first where LayerNorm centres.

        That is what it contributes to the layer's input, but for LayerNorm's weights and biases. Without
        normalization the stack itself.

        Args:
            residual_stack: components ``[n, b, p, d]``, already cut at ``pos_slice``.
            layer, mlp_input: whose LayerNorm, as told at ``ActivationCache``.
            pos_slice, batch_slice: parts of the scale; ``batch_slice`` is applied to the stack too.
            has_batch_dim: whether the stack has a batch axis.
            recompute_ln: for the final LayerNorm only, apply all of it to each component with its own scale.

        Raises:
            ValueError: the model has no such layer, or the heads of that layer have inputs, and so scales, of their
                own.
        """
        cfg, layer = self.model.cfg, self._up_to(layer)
        if cfg.normalization_type is None:
            return residual_stack
        if has_batch_dim:
            residual_stack = cut(residual_stack, batch_slice, 1)
        if recompute_ln and layer == cfg.n_layers:
            return normalize(cfg, self.model.weights, "ln_final", residual_stack, Watch(lambda _, x: x, ()))
        if cfg.normalization_type in ("LN", "LNPre"):
            residual_stack = residual_stack - residual_stack.mean(axis=-1, keepdims=True)
        name = "ln_final" if layer == cfg.n_layers else f"blocks.{layer}.ln{2 if mlp_input else 1}"
        if name.endswith("ln1") and (cfg.use_attn_in or cfg.use_split_qkv_input):
            raise ValueError(f"{name} scales each head alone; run without use_attn_in and use_split_qkv_input.")
        scale = cut(self[f"{name}.hook_scale"], pos_slice, -2)
        return residual_stack / (cut(scale, batch_slice, 0) if self.has_batch_dim else scale)

    def logit_attrs(
        self,
        residual_stack: Array,
        tokens: Any,
        incorrect_tokens: Any = None,
        pos_slice: Cut = None,
        batch_slice: Cut = None,
        has_batch_dim: bool = True,
    ) -> Array:
        """What each component ``[n, ..., d]`` adds to the logits of ``tokens``: ``[n, ...]``, in logits.

        The final LayerNorm's scale is that of the run. Its weights are left out, as in TransformerLens: fold them into
        ``W_U`` first.

        Source: direct logit attribution, Elhage et al. (2021).

        Args:
            residual_stack: components, already cut at ``pos_slice``.
            tokens: one token, or integers that broadcast against the stack's axes between first and last.
            incorrect_tokens: as many; then the difference of the two logits.
            pos_slice, batch_slice, has_batch_dim: as in ``apply_ln_to_stack``.

        Raises:
            ValueError: a token is not in the vocabulary, or there are not as many of either kind.
        """
        directions = self.model.tokens_to_residual_directions(tokens)
        if incorrect_tokens is not None:
            if np.shape(tokens) != np.shape(incorrect_tokens):
                raise ValueError(
                    "tokens and incorrect_tokens must have the same shape; "
                    f"got {np.shape(tokens)} and {np.shape(incorrect_tokens)}."
                )
            directions = directions - self.model.tokens_to_residual_directions(incorrect_tokens)
        stack = self.apply_ln_to_stack(residual_stack, None, False, pos_slice, batch_slice, has_batch_dim)
        return np.asarray((stack * directions).sum(axis=-1))

    def _up_to(self, layer: int | None) -> int:
        n_layers = self.model.cfg.n_layers
        layer = n_layers if layer in (None, -1) else layer
        if layer is None or not 0 <= layer <= n_layers:
            raise ValueError(f"layer must lie between 0 and n_layers = {n_layers}, or be -1 or None; got {layer}.")
        return layer
