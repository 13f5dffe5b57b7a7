"""The activations of one run, by full name or by TransformerLens's shorthands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from circuit_explainer.core.arrays import Array
from circuit_explainer.core.cache.components import Components
from circuit_explainer.core.cache.cut import Cut, cut
from circuit_explainer.core.names import get_act_name

if TYPE_CHECKING:
    from circuit_explainer.core.model import Transformer


class ActivationCache(Components):
    """Mapping of activations: ``cache["pattern", 0]`` is ``cache["blocks.0.attn.hook_pattern"]``.

    Negative layers count from the end. Shapes are those of ``activation_shapes``; the batch axis comes first.

    Most methods take the residual stream apart. A stack of its parts has them on the first axis, ``[n, b, p, d]``; a
    cache without batch axis leaves ``b`` out, and a ``pos_slice`` that is a number ``p``. ``layer`` means the stream
    that this layer reads; ``n_layers``, -1 and None mean the one that is unembedded, and any other layer that the model
    lacks is a ValueError. ``mlp_input`` goes on to the input of that layer's MLP. ``pos_slice`` takes some positions: a
    number, ``(start, stop)``, a slice or a list. With ``apply_ln`` the stack goes through ``apply_ln_to_stack``. With
    ``return_labels`` a method gives ``stack, labels``. An activation that the run did not keep is a KeyError.

    Source: ``ActivationCache`` of TransformerLens 3.9 (Nanda and Bloom, 2022), with its names, arguments and results;
    4.3 has them all.

    Args:
        activations: arrays by full name, as ``run_with_cache`` keeps them.
        model: the model that ran; an attribute of this name, as ``has_batch_dim`` is.
        has_batch_dim: whether the arrays have their batch axis.
    """

    def __init__(self, activations: dict[str, Array], model: Transformer, has_batch_dim: bool = True) -> None:
        self._activations = activations
        self.model = model
        self.has_batch_dim = has_batch_dim

    def __getitem__(self, key: Any) -> Array:
        """One activation, by ``"blocks.0.attn.hook_pattern"``, ``("pattern", 0)`` or ``("scale", 0, "ln1")``.

        Raises:
            KeyError: the cache does not hold it.
        """
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

    def remove_batch_dim(self) -> ActivationCache:
        """Drop the batch axis of the one sequence there is, here and in place; the cache itself comes back.

        Raises:
            ValueError: there are several sequences.
        """
        if self.has_batch_dim:
            for name, value in self._activations.items():
                if len(value) != 1:
                    raise ValueError(f"Only a batch of one can lose its axis; {name} has shape {value.shape}.")
            self._activations = {name: value[0] for name, value in self._activations.items()}
            self.has_batch_dim = False
        return self

    def apply_slice_to_batch_dim(self, batch_slice: Cut) -> ActivationCache:
        """A cache of some of the sequences; a number drops the batch axis.

        Args:
            batch_slice: a number, ``(start, stop)``, a slice or a list.

        Raises:
            ValueError: this cache has no batch axis.
        """
        if not self.has_batch_dim:
            raise ValueError("This cache has no batch axis to slice: remove_batch_dim took it away.")
        part = {name: cut(value, batch_slice, 0) for name, value in self._activations.items()}
        return ActivationCache(part, self.model, not isinstance(batch_slice, (int, np.integer)))

    def compute_head_results(self) -> None:
        """Add every layer's ``hook_result [b, q, h, d]`` to this cache, as a run with ``use_attn_result=True`` has it.

        Raises:
            KeyError: the cache lacks a layer's ``z``.
        """
        for layer in range(self.model.cfg.n_layers):
            self._activations[f"blocks.{layer}.attn.hook_result"] = self._head_results(layer, None)

    def _full_name(self, key: Any) -> str:
        if isinstance(key, str):
            return key if key in self._activations else get_act_name(key)
        if not isinstance(key, tuple) or not 1 <= len(key) <= 3 or not isinstance(key[0], str):
            raise KeyError(f"A cache key is a name or (name, layer[, part]), as ('pattern', 0); got {key!r}.")
        name, layer, part = (*key, None, None)[:3]
        if layer is not None and not isinstance(layer, str) and layer < 0:
            layer += self.model.cfg.n_layers
        return get_act_name(name, layer, part)
