"""Direct logit attribution by source: from which positions a head takes what it adds to a logit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from circuit_explainer.circuits.heads import check_batch, values_by_head
from circuit_explainer.circuits.questions import ask, directions, read_by_head
from circuit_explainer.core.arrays import Array
from circuit_explainer.core.cache.activation_cache import ActivationCache
from circuit_explainer.core.model import Transformer


@dataclass(frozen=True)
class SourceAttribution:
    """``values [b, l, h, k]`` in logits: what each head adds from each source position ``k``."""

    values: Array


def source_attribution(
    model: Transformer, cache: ActivationCache, token: Any, position: int = -1, against: Any = None
) -> SourceAttribution:
    """What each head adds to the logit of ``token`` from each source position, by the pattern of the run.

    Summed over the sources it is the head's value in ``logit_attribution``.

    Source: Elhage et al. (2021): with the pattern fixed, a head is linear in what it moves from each position.

    Args:
        model, token, position, against: as for ``logit_attribution``.
        cache: with every ``pattern`` and ``v``, and the final scale.

    Returns:
        ``values [b, l, h, k]``.

    Raises:
        ValueError: a token is not in the vocabulary, the position is not in the text, or the cache has no batch axis.
    """
    check_batch(cache)
    batch, _, _, length = cache["pattern", 0].shape
    question = ask(model, batch, length, token, position, against)
    direction, _ = directions(model, cache, question)
    values = []
    for layer in range(model.cfg.n_layers):
        read = read_by_head(model, layer, direction)
        moved = np.einsum("bkhe,bphe->bhk", values_by_head(model.cfg, cache, layer), read)
        values.append(moved * cache["pattern", layer][:, :, question.at.start])
    return SourceAttribution(np.stack(values, axis=1))
