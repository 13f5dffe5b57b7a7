"""Metrics for patching: functions of the logits ``[b, p, v]`` of a run that give one number."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from circuit_explainer.circuits.questions import known_tokens
from circuit_explainer.core.arrays import Array
from circuit_explainer.core.given import position as place
from circuit_explainer.core.run import ops

Metric = Callable[[Array], float]


def logit_difference(token: Any, against: Any = None, position: int = -1) -> Metric:
    """The logit of ``token``, minus that of ``against`` if given, at a position; mean over the sequences.

    Source: the logit difference of Wang et al. (2022).

    Args:
        token, against: one token, or one for each sequence ``[b]``.
        position: negative counts from the end.

    Returns:
        A function of logits ``[b, p, v]`` that gives one number, in logits.

    Raises:
        ValueError: (the metric) a token is not in the vocabulary, there are not as many as sequences, or the text has
            no such position.
    """

    def metric(logits: Array) -> float:
        at = _at(logits, position)
        difference = _of(at, token, "token")
        return float((difference if against is None else difference - _of(at, against, "against")).mean())

    return metric


def log_probability(token: Any, position: int = -1) -> Metric:
    """The natural logarithm of the probability of ``token`` at a position, in nats; mean over the sequences.

    Args:
        token: one token, or one for each sequence ``[b]``.
        position: negative counts from the end.

    Returns:
        A function of logits ``[b, p, v]`` that gives one number, 0 at most.

    Raises:
        ValueError: (the metric) a token is not in the vocabulary, there are not as many as sequences, or the text has
            no such position.
    """

    def metric(logits: Array) -> float:
        return float(_of(ops.log_softmax(_at(logits, position)), token, "token").mean())

    return metric


def _at(logits: Array, position: int) -> Array:  # [b, p, v] -> [b, v]
    return np.asarray(logits[:, place(position, logits.shape[1])])


def _of(values: Array, token: Any, name: str) -> Array:  # [b, v], [b] -> [b]
    batch, d_vocab = values.shape
    tokens = known_tokens(d_vocab, token, (batch, 1), name)
    return np.asarray(np.take_along_axis(values, tokens, axis=1)[:, 0])
