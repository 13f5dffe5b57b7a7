"""Direct logit attribution: how much each component of the residual stream adds to one token's logit.

After "A Mathematical Framework for Transformer Circuits" (Elhage et al., 2021). The logit is a sum over components
``x`` of ``x @ direction / scale``, with the final LayerNorm's ``scale`` frozen from the run (there is none without
normalization), plus a constant from the biases behind it. ``direction`` is the token's column of ``W_U`` times
LayerNorm's weights, centred where LayerNorm centres: ``(x - mean(x)) @ u`` is ``x @ (u - mean(u))``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from circuit_explainer.circuits.heads import check_batch, head_name
from circuit_explainer.circuits.questions import Question, ask, directions, known_tokens, read_by_head
from circuit_explainer.core.arrays import Array
from circuit_explainer.core.cache.activation_cache import ActivationCache
from circuit_explainer.core.given import known_ids
from circuit_explainer.core.model import Transformer


@dataclass(frozen=True)
class Attribution:
    """``values [b, n]`` in logits, which sum to ``logit [b]``; ``labels`` name the ``n`` components.

    For several positions at once ``values [b, p, n]`` and ``logit [b, p]``.
    """

    labels: tuple[str, ...]
    values: Array
    logit: Array


def logit_attribution(
    model: Transformer,
    cache: ActivationCache,
    token: Any,
    position: int = -1,
    against: Any = None,
    by: str = "head",
) -> Attribution:
    """What each part of the model adds to the logit of ``token`` at ``position``.

    Source: Elhage et al. (2021).

    Args:
        model: the model that ran.
        cache: its cache, with at least the embeddings, every ``z`` (by head) or ``attn_out`` (by layer), ``mlp_out``,
            the final scale and ``unembed.hook_out``.
        token: one token, or one for each sequence ``[b]``.
        position: whose prediction is explained; negative counts from the end.
        against: as ``token``; then the logit of ``token`` minus that of ``against`` is explained.
        by: "head", or "layer" for all of a layer's attention as one component.

    Returns:
        ``values [b, n]`` and ``logit [b]``. Components in the order embedding, positions (where they enter the residual
        stream), and layer by layer the heads ``L0H0`` … and ``L0 MLP``; then the heads' output biases, and the biases
        behind the residual stream. By layer, ``L0 attention`` stands for the heads and has the output bias in it.

    Raises:
        ValueError: a token is not in the vocabulary, the position is not in the text, ``by`` is unknown, or the cache
            has no batch axis.
    """
    check_batch(cache)
    batch, length = cache["embed"].shape[:2]
    question = ask(model, batch, length, token, position, against)
    found = _attribute(model, cache, question, by)
    return Attribution(found.labels, found.values[:, 0], found.logit[:, 0])


def next_token_attribution(model: Transformer, cache: ActivationCache, tokens: Any, by: str = "head") -> Attribution:
    """What each part adds to the logit of the token that does come next, at every position but the last.

    Source: Elhage et al. (2021).

    Args:
        model, cache, by: as for ``logit_attribution``.
        tokens: ``[p]`` or ``[b, p]``, those of the run.

    Returns:
        ``values [b, p-1, n]`` and ``logit [b, p-1]``; components as for ``logit_attribution``.

    Raises:
        ValueError: a token is not in the vocabulary, the tokens are not as many as those of the run, ``by`` is
            unknown, or the cache has no batch axis.
    """
    check_batch(cache)
    batch, length = cache["embed"].shape[:2]
    ids = np.atleast_2d(known_ids("tokens", tokens, model.cfg.d_vocab))
    coming = known_tokens(model.cfg.d_vocab, ids[:, 1:], (batch, length - 1), "tokens")
    return _attribute(model, cache, Question(slice(0, length - 1), coming), by)


def _attribute(model: Transformer, cache: ActivationCache, question: Question, by: str) -> Attribution:
    cfg, at = model.cfg, question.at
    if by not in ("head", "layer"):
        raise ValueError(f"by must be 'head' or 'layer'; got by={by!r}.")
    direction, constant = directions(model, cache, question)
    named = [("embedding", _along(cache["embed"][:, at], direction))]
    if cfg.positional_embedding_type == "standard":
        named.append(("positions", _along(cache["pos_embed"][:, at], direction)))
    for layer in range(cfg.n_layers):
        if by == "layer":
            named.append((f"L{layer} attention", _along(cache["attn_out", layer][:, at], direction)))
        else:
            heads = (cache["z", layer][:, at] * read_by_head(model, layer, direction)).sum(axis=-1)
            named += [(head_name(layer, head), heads[..., head]) for head in range(cfg.n_heads)]
        if not cfg.attn_only:
            named.append((f"L{layer} MLP", _along(cache["mlp_out", layer][:, at], direction)))
    if by == "head":
        named.append(("output biases", direction @ model.b_O.sum(axis=0)))
    named.append(("unembedding bias", constant))
    values = np.stack([value for _, value in named], axis=-1)
    return Attribution(tuple(label for label, _ in named), values, question.of_logits(cache["unembed.hook_out"]))


def _along(stream: Array, direction: Array) -> Array:  # [b, p, d], [b, p, d] -> [b, p]
    return np.asarray((stream * direction).sum(axis=-1))
