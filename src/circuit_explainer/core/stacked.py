"""A model's weights under TransformerLens's attribute names, stacked over the layers."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from circuit_explainer.core.config import Config
from circuit_explainer.core.factored import FactoredMatrix
from circuit_explainer.core.ops import Array


class StackedWeights:
    """Weights by attribute; ``W_Q[layer, head]`` and its like are stacked anew at each access."""

    cfg: Config
    weights: Mapping[str, Array]

    @property
    def W_E(self) -> Array:
        """Token embedding ``[v, d]``."""
        return self.weights["embed.W_E"]

    @property
    def W_pos(self) -> Array:
        """Positional embedding ``[c, d]``."""
        return self.weights["pos_embed.W_pos"]

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
        return self._stack("attn.W_Q")

    @property
    def W_K(self) -> Array:
        """Key weights ``[l, h, d, e]``."""
        return self._stack("attn.W_K")

    @property
    def W_V(self) -> Array:
        """Value weights ``[l, h, d, e]``."""
        return self._stack("attn.W_V")

    @property
    def W_O(self) -> Array:
        """Output weights ``[l, h, e, d]``."""
        return self._stack("attn.W_O")

    @property
    def b_Q(self) -> Array:
        """Query biases ``[l, h, e]``."""
        return self._stack("attn.b_Q")

    @property
    def b_K(self) -> Array:
        """Key biases ``[l, h, e]``."""
        return self._stack("attn.b_K")

    @property
    def b_V(self) -> Array:
        """Value biases ``[l, h, e]``."""
        return self._stack("attn.b_V")

    @property
    def b_O(self) -> Array:
        """Output biases ``[l, d]``."""
        return self._stack("attn.b_O")

    @property
    def QK(self) -> FactoredMatrix:
        """``W_Q @ W_K.T`` of every head: ``[l, h, d, d]``, query side first."""
        return FactoredMatrix(self.W_Q, np.swapaxes(self.W_K, -1, -2))

    @property
    def OV(self) -> FactoredMatrix:
        """``W_V @ W_O`` of every head: ``[l, h, d, d]``, source side first."""
        return FactoredMatrix(self.W_V, self.W_O)

    def _stack(self, name: str) -> Array:
        return np.stack([self.weights[f"blocks.{layer}.{name}"] for layer in range(self.cfg.n_layers)])
