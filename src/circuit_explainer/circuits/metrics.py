"""Metrics for patching: functions of the logits ``[b, p, v]`` of a run that give one number."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from circuit_explainer.core.arrays import Array
from circuit_explainer.core.run import ops

Metric = Callable[[Array], float]


def logit_difference(token: Any, against: Any = None, position: int = -1) -> Metric:
    """The logit of ``token``, minus that of ``against`` if given, at a position; mean over the sequences.

    Args:
        token, against: one token, or one for each sequence ``[b]``.
        position: negative counts from the end.
    """

    def metric(logits: Array) -> float:
        at = logits[:, position]
        difference = _of(at, token)
        return float((difference if against is None else difference - _of(at, against)).mean())

    return metric


def log_probability(token: Any, position: int = -1) -> Metric:
    """The natural logarithm of the probability of ``token`` at a position, in nats; mean over the sequences."""

    def metric(logits: Array) -> float:
        return float(_of(ops.log_softmax(logits[:, position]), token).mean())

    return metric


def _of(values: Array, token: Any) -> Array:  # [b, v], [b] -> [b]
    return np.asarray(values[np.arange(len(values)), np.asarray(token)])
