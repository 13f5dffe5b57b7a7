"""Which logit is to be explained, and the direction of the residual stream that makes it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from circuit_explainer.circuits.unembedding import bias_behind, readout
from circuit_explainer.core.arrays import Array
from circuit_explainer.core.cache.activation_cache import ActivationCache
from circuit_explainer.core.given import known_ids
from circuit_explainer.core.given import position as place
from circuit_explainer.core.model import Transformer
from circuit_explainer.core.run import ops


@dataclass(frozen=True)
class Question:
    """The logit of ``tokens [b, p]``, or how much it exceeds that of ``against [b, p]``, at the positions ``at``."""

    at: slice
    tokens: Array
    against: Array | None = None

    def of_logits(self, logits: Array) -> Array:  # [b, p, v] -> [b, p]
        """What is asked for, from the logits of all positions."""
        asked = logits[:, self.at]
        own = np.take_along_axis(asked, self.tokens[..., None], axis=2)[..., 0]
        if self.against is None:
            return np.asarray(own)
        return np.asarray(own - np.take_along_axis(asked, self.against[..., None], axis=2)[..., 0])


def ask(model: Transformer, batch: int, length: int, token: Any, position: int, against: Any) -> Question:
    """The question about one position of every sequence; raises ValueError where there is no such token or position."""
    at = place(position, length)
    wanted = known_tokens(model.cfg.d_vocab, token, (batch, 1), "token")
    other = None if against is None else known_tokens(model.cfg.d_vocab, against, (batch, 1), "against")
    return Question(slice(at, at + 1), wanted, other)


def known_tokens(d_vocab: int, given: Any, shape: tuple[int, int], name: str) -> Array:
    """One token, or one for each sequence, as integers of this shape ``[b, p]``.

    Raises:
        ValueError: they are not integers of the vocabulary, or not as many.
    """
    tokens = known_ids(name, given, d_vocab)
    if tokens.ndim < 2:
        tokens = tokens.reshape(-1, 1)
    if tokens.ndim != 2 or any(has not in (1, needs) for has, needs in zip(tokens.shape, shape, strict=True)):
        raise ValueError(f"{name} must have one token for each of {shape[0]} sequences; got shape {np.shape(given)}.")
    return np.broadcast_to(tokens, shape)


def directions(model: Transformer, cache: ActivationCache, question: Question) -> tuple[Array, Array]:
    """By what to multiply the residual stream at these positions ``[b, p, d]``, and what to add ``[b, p]``."""
    columns, constant = model.W_U[:, question.tokens], model.b_U[question.tokens]
    if question.against is not None:
        columns, constant = columns - model.W_U[:, question.against], constant - model.b_U[question.against]
    constant = constant + bias_behind(model, columns)
    direction = np.moveaxis(readout(model, columns), 0, -1)
    if model.cfg.normalization_type is not None:
        direction = direction / cache["scale"][:, question.at]
    return np.ascontiguousarray(direction), constant


def read_by_head(model: Transformer, layer: int, direction: Array) -> Array:  # [b, p, d] -> [b, p, h, e]
    """``W_O @ direction`` of every head: multiplied from the right, no head's output has to be made whole."""
    w_o = model.weights[f"blocks.{layer}.attn.W_O"]
    flat = ops.product(direction, np.ascontiguousarray(w_o.reshape(-1, w_o.shape[-1]).T))
    return flat.reshape(*direction.shape[:2], *w_o.shape[:2])
