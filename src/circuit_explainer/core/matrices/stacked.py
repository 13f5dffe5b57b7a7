"""A model's weights under TransformerLens's attribute names, stacked over the layers."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

import numpy as np

from circuit_explainer.core.arrays import Array
from circuit_explainer.core.config import Config
from circuit_explainer.core.matrices.factored import FactoredMatrix
from circuit_explainer.core.shapes import attn_key, weight_shapes


class StackedWeights:
    """Weights by attribute; ``W_Q[layer, head]`` and its like are stacked anew at each access.

    Keys and values that heads share appear once for each head, as in TransformerLens: ``W_K[l, h]`` is what head ``h``
    uses. A weight that this kind of model does not have raises AttributeError (TransformerLens gives None for
    ``W_gate``).
    """

    cfg: Config
    weights: Mapping[str, Array]

    @property
    def W_E(self) -> Array:
        """Token embedding ``[v, d]``."""
        return self.weights["embed.W_E"]

    @property
    def W_pos(self) -> Array:
        """Positional embedding ``[c, d]``.

        Raises:
            AttributeError: positions are rotary.
        """
        if self.cfg.positional_embedding_type == "rotary":
            raise AttributeError("W_pos: a model with positional_embedding_type='rotary' has no positional embedding.")
        return self.weights["pos_embed.W_pos"]

    @property
    def W_E_pos(self) -> Array:
        """Token and positional embedding, one below the other ``[v + c, d]``.

        Raises:
            AttributeError: positions are rotary.
        """
        return np.concatenate([self.W_E, self.W_pos])

    @property
    def W_U(self) -> Array:
        """Unembedding ``[d, v]``."""
        return self.weights["unembed.W_U"]

    @property
    def b_U(self) -> Array:
        """Unembedding bias ``[v]``."""
        return self.weights["unembed.b_U"]

    @property
    def W_Q(self) -> Array:
        """Query weights ``[l, h, d, e]``."""
        return self._attn("W_Q")

    @property
    def W_K(self) -> Array:
        """Key weights ``[l, h, d, e]``."""
        return self._attn("W_K")

    @property
    def W_V(self) -> Array:
        """Value weights ``[l, h, d, e]``."""
        return self._attn("W_V")

    @property
    def W_O(self) -> Array:
        """Output weights ``[l, h, e, d]``."""
        return self._attn("W_O")

    @property
    def b_Q(self) -> Array:
        """Query biases ``[l, h, e]``."""
        return self._attn("b_Q")

    @property
    def b_K(self) -> Array:
        """Key biases ``[l, h, e]``."""
        return self._attn("b_K")

    @property
    def b_V(self) -> Array:
        """Value biases ``[l, h, e]``."""
        return self._attn("b_V")

    @property
    def b_O(self) -> Array:
        """Output biases ``[l, d]``."""
        return self._attn("b_O")

    @property
    def W_in(self) -> Array:
        """Input weights of the MLPs ``[l, d, m]``.

        Raises:
            AttributeError: there are no MLPs.
        """
        return self._mlp("W_in")

    @property
    def W_gate(self) -> Array:
        """Gates' weights of gated MLPs ``[l, d, m]``.

        Raises:
            AttributeError: there are no MLPs, or they have no gates.
        """
        return self._mlp("W_gate")

    @property
    def W_out(self) -> Array:
        """Output weights of the MLPs ``[l, m, d]``.

        Raises:
            AttributeError: there are no MLPs.
        """
        return self._mlp("W_out")

    @property
    def b_in(self) -> Array:
        """Input biases of the MLPs ``[l, m]``.

        Raises:
            AttributeError: there are no MLPs.
        """
        return self._mlp("b_in")

    @property
    def b_out(self) -> Array:
        """Output biases of the MLPs ``[l, d]``.

        Raises:
            AttributeError: there are no MLPs.
        """
        return self._mlp("b_out")

    @property
    def QK(self) -> FactoredMatrix:
        """``W_Q @ W_K.T`` of every head: ``[l, h, d, d]``, query side first.

        Source: Elhage et al. (2021).
        """
        return FactoredMatrix(self.W_Q, np.swapaxes(self.W_K, -1, -2))

    @property
    def OV(self) -> FactoredMatrix:
        """``W_V @ W_O`` of every head: ``[l, h, d, d]``, source side first.

        Source: Elhage et al. (2021).
        """
        return FactoredMatrix(self.W_V, self.W_O)

    def _attn(self, kind: str) -> Array:
        stack = self._stack(attn_key(self.cfg, 0, kind))
        shared = self.cfg.n_key_value_heads
        return stack if shared is None or kind[-1] not in "KV" else stack.repeat(self.cfg.n_heads // shared, axis=1)

    def _mlp(self, name: str) -> Array:
        if self.cfg.attn_only or (name == "W_gate" and not self.cfg.gated_mlp):
            kind = "attn_only=True" if self.cfg.attn_only else "gated_mlp=False"
            raise AttributeError(f"{name}: a model with {kind} has no such weight.")
        return self._stack(f"blocks.0.mlp.{name}")

    def _stack(self, first: str) -> Array:
        """A weight of every layer, by its key in layer 0, which need not be there."""
        if not self.cfg.n_layers:
            one = dataclasses.replace(self.cfg, n_layers=1)
            return np.zeros((0, *weight_shapes(one)[first]), self.W_E.dtype)
        keys = (first.replace("0", str(layer), 1) for layer in range(self.cfg.n_layers))
        return np.stack([self.weights[key] for key in keys])
