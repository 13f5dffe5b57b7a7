"""The model that lessons use: TransformerLens's names and shapes over the plain ``forward`` function."""

from __future__ import annotations

import dataclasses
import json
import os
from collections.abc import Generator, Mapping
from typing import Any

from circuit_explainer.core import check
from circuit_explainer.core.arrays import Array
from circuit_explainer.core.cache.activation_cache import ActivationCache
from circuit_explainer.core.config import Config
from circuit_explainer.core.files.safetensors import stored_as, write_safetensors
from circuit_explainer.core.hooks import Hooks, NamesFilter, watching
from circuit_explainer.core.matrices.directions import Directions
from circuit_explainer.core.run.forward import finished, forward_steps, pack
from circuit_explainer.core.shapes import activation_names
from circuit_explainer.core.tokenizers.tokenizer import Tokenizer


class Transformer(Directions):
    """A transformer: a config, weights by TransformerLens's state-dict keys, and a tokenizer.

    TransformerLens 3.9 calls it ``HookedTransformer``. In 4.x ``TransformerBridge`` takes its place, with the same
    methods and shorthands; its weights have other state-dict keys. The arguments are attributes of the same names.

    Single weights are properties: ``W_Q[layer, head]`` and its like are stacked anew at each access. Keys and values
    that heads share appear once for each head, as in TransformerLens: ``W_K[l, h]`` is what head ``h`` uses. A weight
    that this kind of model does not have raises AttributeError (TransformerLens gives None for ``W_gate``).

    Source: Vaswani et al. (2017), decoder only; names and shapes of TransformerLens 3.9 (Nanda and Bloom, 2022).

    Args:
        cfg: sizes and variants.
        weights: every key of ``weight_shapes(cfg)``, in float32 or float64 (float16 becomes float32); biases that no
            layer has may be left out and are zero. The model keeps read-only views of them, so do not change the
            arrays afterwards.
        tokenizer: needed only for runs on text.
        bos: the token in front of texts; by default the tokenizer's, and 0 where it has none.

    Raises:
        ValueError: a weight is missing, unknown, of another shape or dtype, or not finite; ``bos`` is no token.
    """

    def __init__(
        self, cfg: Config, weights: Mapping[str, Array], tokenizer: Tokenizer | None = None, bos: int | None = None
    ) -> None:
        self.cfg = cfg
        self.tokenizer = tokenizer
        self.bos = check.bos(cfg, _own_bos(tokenizer) if bos is None else bos)
        self.weights = check.weights(cfg, weights)
        self._packed = pack(cfg, self.weights)

    def __repr__(self) -> str:
        return f"Transformer({self.cfg})"

    def __call__(self, tokens: Any, stop_at_layer: int | None = None) -> Array:
        """Logits ``[b, p, v]`` for a text or for integers ``[p]`` or ``[b, p]``; keeps no activations.

        ``stop_at_layer`` is that of ``run_with_hooks``.

        Raises:
            ValueError: the tokens are unfit, the text has signs or words that the model cannot read, or there is no
                such layer.
        """
        return self.run_with_hooks(tokens, stop_at_layer=stop_at_layer)

    def run_with_hooks(self, tokens: Any, fwd_hooks: Hooks = (), stop_at_layer: int | None = None) -> Array:
        """Logits ``[b, p, v]`` of a run in which ``fn(activation, hook)`` sees each named activation.

        ``fn`` may change the array it gets, or return another of the same shape; ``hook.name`` is the full name.
        A name may also be a function of names that says which are meant. Hooks last for this one call. With
        ``stop_at_layer`` the run ends before that layer (0: after the embedding; negative counts from the end) and
        gives the residual stream ``[b, p, d]``.

        Args:
            tokens: a text, or integers ``[p]`` or ``[b, p]``.
            fwd_hooks: pairs ``(name, fn)``, called in this order.
            stop_at_layer: ``-n_layers`` to ``n_layers``; None runs to the end.

        Raises:
            ValueError: a name is unknown or not reached, a replacement has another shape, the tokens are unfit, or
                there is no such layer.
        """
        return self._run(tokens, fwd_hooks, stop_at_layer, ())[0]

    def run_with_cache(
        self,
        tokens: Any,
        names_filter: NamesFilter = None,
        fwd_hooks: Hooks = (),
        stop_at_layer: int | None = None,
        remove_batch_dim: bool = False,
    ) -> tuple[Array, ActivationCache]:
        """Logits ``[b, p, v]`` and the activations of the run.

        Args:
            tokens: a text, or integers ``[p]`` or ``[b, p]``.
            names_filter: what to keep: a full name, several, or a function of names; None keeps all.
            fwd_hooks: as for ``run_with_hooks``; the cache holds what they left (TransformerLens needs
                ``with model.hooks(...)`` for this).
            stop_at_layer: as for ``run_with_hooks``.
            remove_batch_dim: leave the batch axis of a single sequence out of the cache.

        Raises:
            ValueError: as for ``run_with_hooks``.
        """
        out, kept = self._run(tokens, fwd_hooks, stop_at_layer, names_filter)
        cache = ActivationCache(kept, self)
        return out, cache.remove_batch_dim() if remove_batch_dim else cache

    def run_in_steps(
        self, tokens: Any, names_filter: NamesFilter = None, fwd_hooks: Hooks = ()
    ) -> Generator[int, None, tuple[Array, ActivationCache]]:
        """``run_with_cache`` with a stop before each layer, so that a long run can say how far it is, or be given up.

        Args:
            tokens, names_filter, fwd_hooks: as for ``run_with_cache``.

        Yields:
            The number of the layer that comes next, and ``n_layers`` before the unembedding; the generator then returns
            what ``run_with_cache`` does.

        Raises:
            ValueError: (at the first step) as for ``run_with_hooks``.
        """
        out, kept = yield from self._steps(tokens, fwd_hooks, None, names_filter)
        return out, ActivationCache(kept, self)

    def to_tokens(self, text: str) -> Array:
        """The tokens of a text: integers ``[1, p]``.

        Raises:
            TextError: the text does not fit the model.
            ValueError: the model has no tokenizer.
        """
        return self._tokenizer().to_tokens(text)

    def to_str_tokens(self, tokens: Any) -> list[str]:
        """A label for each position of a text; for integers ``[p]`` or ``[1, p]``, the numbers themselves.

        Raises:
            TextError: the text does not fit the model.
            ValueError: the model has no tokenizer, or the tokens are unfit.
        """
        if isinstance(tokens, str):
            return self._tokenizer().to_str_tokens(tokens)
        return [str(token) for token in check.tokens(self.cfg, tokens)[0]]

    def replace(self, **fields: Any) -> Transformer:
        """The same weights under a changed config, as in ``model.replace(use_attn_result=True)``.

        Raises:
            TypeError: the config has no such field.
            ValueError: the changed config is impossible, or the weights do not fit it.
        """
        return Transformer(dataclasses.replace(self.cfg, **fields), self.weights, self.tokenizer, self.bos)

    def save(self, path: str | os.PathLike[str], dtype: str | None = None) -> None:
        """Write weights, config and tokenizer into one ``.safetensors`` file; ``load`` opens it.

        ``dtype`` is that of the weights in the file, by default their own; ``"float16"`` halves a file and keeps three
        digits of each weight.

        Raises:
            ValueError: the dtype is none of float16, float32 and float64, or a weight is too large for it.
            OSError: the file cannot be written.
        """
        kind = self.tokenizer.name if self.tokenizer else None
        data = self.tokenizer.saved() if self.tokenizer else None
        told: dict[str, Any] = {"config": self.cfg.to_dict(), "tokenizer": kind}
        # Left out where it is 0 in any case, so that files written before it was told stay the same.
        if self.bos or _own_bos(self.tokenizer):
            told["bos"] = self.bos
        about = {"model": json.dumps(told)}
        weights = self.weights if dtype is None else stored_as(dtype, self.weights)
        write_safetensors(path, weights, about if data is None else {**about, "tokenizer": data})

    def _tokenizer(self) -> Tokenizer:
        if self.tokenizer is None:
            raise ValueError("This model has no tokenizer, so it cannot read text; pass integer tokens.")
        return self.tokenizer

    def _run(
        self, tokens: Any, fwd_hooks: Hooks, stop_at_layer: int | None, names_filter: NamesFilter
    ) -> tuple[Array, dict[str, Array]]:
        return finished(self._steps(tokens, fwd_hooks, stop_at_layer, names_filter))

    def _steps(
        self, tokens: Any, fwd_hooks: Hooks, stop_at_layer: int | None, names_filter: NamesFilter
    ) -> Generator[int, None, tuple[Array, dict[str, Array]]]:
        ids = check.tokens(self.cfg, self.to_tokens(tokens) if isinstance(tokens, str) else tokens)
        known = activation_names(self.cfg, check.stop(self.cfg, stop_at_layer))
        watch = watching(known, fwd_hooks, names_filter)
        out = yield from forward_steps(self.cfg, self._packed, ids, watch.visit, watch.names, stop_at_layer)
        return out, watch.kept


def _own_bos(tokenizer: Tokenizer | None) -> int:
    return 0 if tokenizer is None or tokenizer.bos is None else tokenizer.bos
