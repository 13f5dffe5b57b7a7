"""The activations of one run, by full name or by TransformerLens's shorthands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from circuit_explainer.core.forward import head_results
from circuit_explainer.core.hooks import get_act_name
from circuit_explainer.core.ops import Array

if TYPE_CHECKING:
    from circuit_explainer.core.model import Transformer


class ActivationCache(Mapping[Any, Array]):
    """Read-only mapping of activations: ``cache["pattern", 0]`` is ``cache["blocks.0.attn.hook_pattern"]``.

    Negative layers count from the end. Shapes stand in ``hooks.ACTIVATIONS``; the batch axis comes first.
    """

    def __init__(self, activations: dict[str, Array], model: Transformer) -> None:
        self._activations = activations
        self.model = model

    def __getitem__(self, key: Any) -> Array:
        name = self._full_name(key)
        if name in self._activations:
            return self._activations[name]
        import difflib  # not loaded before there is something to suggest

        near = difflib.get_close_matches(name, self._activations, 1)
        hint = f"; did you mean {near[0]!r}?" if near else "."
        raise KeyError(f"This cache holds no activation {key!r} (full name {name!r}){hint}")

    def __iter__(self) -> Iterator[str]:
        return iter(self._activations)

    def __len__(self) -> int:
        return len(self._activations)

    def __repr__(self) -> str:
        return f"ActivationCache({len(self)} activations: {', '.join(self)})"

    def stack_head_results(self) -> Array:
        """What every head adds to the residual stream, layer by layer: ``[l·h, b, p, d]``."""
        w_o = self.model.W_O
        results = [head_results(self["z", layer], w_o[layer]) for layer in range(len(w_o))]
        return np.concatenate([result.transpose(2, 0, 1, 3) for result in results])

    def _full_name(self, key: Any) -> str:
        if isinstance(key, str):
            return key if key in self._activations else get_act_name(key)
        if not isinstance(key, tuple) or not 1 <= len(key) <= 3 or not isinstance(key[0], str):
            raise KeyError(f"A cache key is a name or (name, layer[, part]), as ('pattern', 0); got {key!r}.")
        name, layer, part = (*key, None, None)[:3]
        if layer is not None and not isinstance(layer, str) and layer < 0:
            layer += self.model.cfg.n_layers
        return get_act_name(name, layer, part)
