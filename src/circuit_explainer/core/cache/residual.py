"""The residual stream of a run layer by layer, and as a sum of what the layers added.

Methods of ``ActivationCache``, as in ``scaled``.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from circuit_explainer.core.arrays import Array
from circuit_explainer.core.cache.cut import Cut, cut
from circuit_explainer.core.cache.scaled import Scaled


class ResidualStream(Scaled):
    """A cache's methods about the residual stream as a whole."""

    def accumulated_resid(
        self,
        layer: int | None = None,
        incl_mid: bool = False,
        apply_ln: bool = False,
        pos_slice: Cut = None,
        mlp_input: bool = False,
        return_labels: bool = False,
    ) -> Any:
        """The residual stream before each layer up to ``layer``, for a logit lens (nostalgebraist, 2020).

        Args:
            layer, mlp_input, return_labels, pos_slice: as told at ``ActivationCache``; labels are ``0_pre``, ``0_mid``
                … ``final_post``.
            incl_mid: also the stream between attention and MLP of the layers before.
            apply_ln: up to the unembedding, put each through the final LayerNorm with its own scale, weights too;
                before another layer, as ``apply_ln_to_stack``.

        Returns:
            ``[n, b, p, d]``.

        Raises:
            ValueError: the model has no such layer.
        """
        layer, final = self._up_to(layer), self.model.cfg.n_layers
        labels: list[str] = []
        for at in range(min(layer + 1, final)):
            labels.append(f"{at}_pre")
            if (incl_mid and at < layer) or (mlp_input and at == layer):
                labels.append(f"{at}_mid")
        parts = [self[f"resid_{kind}", int(at)] for at, kind in (label.split("_") for label in labels)]
        if layer == final:
            labels.append("final_post")
            parts.append(self._final())
        stack = np.stack([cut(part, pos_slice, -2) for part in parts])
        if apply_ln:
            stack = self.apply_ln_to_stack(stack, layer, mlp_input, pos_slice, recompute_ln=layer == final)
        return (stack, labels) if return_labels else stack

    def _final(self) -> Array:
        """The stream that is unembedded; without layers it is the embedding."""
        cfg = self.model.cfg
        if cfg.n_layers:
            return self["resid_post", cfg.n_layers - 1]
        return self["embed"] + self["pos_embed"] if cfg.positional_embedding_type == "standard" else self["embed"]

    def decompose_resid(
        self,
        layer: int | None = None,
        mlp_input: bool = False,
        mode: str = "all",
        apply_ln: bool = False,
        pos_slice: Cut = None,
        incl_embeds: bool = True,
        return_labels: bool = False,
    ) -> Any:
        """The embeddings and every earlier layer's output, which sum to the residual stream.

        With shortformer positions the stack has a row ``pos_embed``, as in TransformerLens, though these positions
        are never added to the stream: leave it out of sums.

        Args:
            layer, mlp_input, return_labels, apply_ln, pos_slice: as told at ``ActivationCache``; labels are ``embed``,
                ``pos_embed``, ``0_attn_out``, ``0_mlp_out`` …
            mode: "all", or the outputs of "mlp" or "attn" only.
            incl_embeds: with the embeddings.

        Returns:
            ``[n, b, p, d]``.

        Raises:
            ValueError: ``mode`` is something else, or the model has no such layer.
        """
        if mode not in ("all", "mlp", "attn"):
            raise ValueError(f"mode must be one of 'all', 'mlp', 'attn'; got mode={mode!r}.")
        layer = self._up_to(layer)
        kinds = [kind for kind in ("attn", "mlp") if mode in ("all", kind)]
        if self.model.cfg.attn_only:
            kinds = [kind for kind in kinds if kind == "attn"]
        named = [(name, self[name]) for name in ("embed", "pos_embed") if incl_embeds and f"hook_{name}" in self]
        named += [(f"{at}_{kind}_out", self[f"{kind}_out", at]) for at in range(layer) for kind in kinds]
        if mlp_input and "attn" in kinds:
            named.append((f"{layer}_attn_out", self["attn_out", layer]))
        stack = np.stack([cut(part, pos_slice, -2) for _, part in named])
        if apply_ln:
            stack = self.apply_ln_to_stack(stack, layer, mlp_input, pos_slice)
        return (stack, [label for label, _ in named]) if return_labels else stack
