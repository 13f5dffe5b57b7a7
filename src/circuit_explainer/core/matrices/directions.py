"""What a model's weights say of the residual stream: the directions of tokens, the sum of the biases, heads' names."""

from __future__ import annotations

from typing import Any

import numpy as np

from circuit_explainer.core.arrays import Array
from circuit_explainer.core.matrices.stacked import StackedWeights


class Directions(StackedWeights):
    """Methods of ``Transformer``; names and meanings are those of TransformerLens's ``HookedTransformer``."""

    def tokens_to_residual_directions(self, tokens: Any) -> Array:
        """Columns of ``W_U``: ``[d]`` for one token, ``[..., d]`` for integers ``[...]``.

        The logit of a token is the final, normalized residual stream times its direction. LayerNorm's weights are not
        in it: fold them into ``W_U`` first, or multiply by ``ln_final.w``.

        Raises:
            ValueError: a token is no integer of the vocabulary.
        """
        ids = np.asarray(tokens)
        if ids.dtype.kind not in "iu" or ids.size == 0 or ids.min() < 0 or ids.max() >= self.cfg.d_vocab:
            raise ValueError(f"tokens must be integers between 0 and {self.cfg.d_vocab - 1}; got {tokens!r:.100}.")
        # A single token in brackets too gives [d], as in TransformerLens.
        return np.asarray(self.W_U.T[ids if ids.size > 1 else int(ids.reshape(-1)[0])])

    def accumulated_bias(self, layer: int, mlp_input: bool = False, include_mlp_biases: bool = True) -> Array:
        """The sum ``[d]`` of the output biases of the first ``layer`` layers, which every position gets alike.

        Args:
            layer: 0 to ``n_layers``.
            mlp_input: also that of the attention of this layer, up to the input of its MLP.
            include_mlp_biases: also those of the MLPs, where there are MLPs.

        Raises:
            ValueError: the model has no such layer.
        """
        if not 0 <= layer + mlp_input <= self.cfg.n_layers or layer < 0:
            raise ValueError(f"layer must lie between 0 and {self.cfg.n_layers - mlp_input}; got layer={layer}.")
        total: Array = self.b_O[: layer + mlp_input].sum(axis=0)
        if include_mlp_biases and not self.cfg.attn_only:
            total = total + self.b_out[:layer].sum(axis=0)
        return total

    def all_head_labels(self) -> list[str]:
        """``L0H0``, ``L0H1`` … in the order of ``stack_head_results``; a property in TransformerLens 4.3."""
        return [f"L{layer}H{head}" for layer in range(self.cfg.n_layers) for head in range(self.cfg.n_heads)]
