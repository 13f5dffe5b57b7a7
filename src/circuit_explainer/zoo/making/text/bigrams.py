"""The table of which character follows which, counted: what a model without layers can learn at most."""

from __future__ import annotations

import numpy as np

from circuit_explainer.core.arrays import Array


def counted(tokens: Array, d_vocab: int) -> Array:  # [n] -> [v, v]
    """How often each token is followed by each.

    In windows of the text BOS stands in front of any character, so its row holds how often each occurs.
    """
    pairs = np.bincount(tokens[:-1] * d_vocab + tokens[1:], minlength=d_vocab**2).reshape(d_vocab, d_vocab)
    pairs[0] = np.bincount(tokens, minlength=d_vocab)
    return pairs


def loss(pairs: Array, unseen: Array) -> float:  # [v, v], [b, p]
    """Mean loss of the table in nats a token, each count being one more than it is (Laplace's rule)."""
    chances = (pairs + 1) / (pairs + 1).sum(axis=1, keepdims=True)
    return float(-np.log(chances[unseen[:, :-1], unseen[:, 1:]]).mean())
