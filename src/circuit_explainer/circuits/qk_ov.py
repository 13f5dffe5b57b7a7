"""The two circuits of a head, after "A Mathematical Framework for Transformer Circuits" (Elhage et al., 2021).

QK says which tokens attend to which, OV what attending does to the logits. Vectors are rows here, as in
TransformerLens: ``W_QK = W_Q @ W_K.T``, ``W_OV = W_V @ W_O``. The paper writes columns and multiplies from the left,
so its ``W_U W_O W_V W_E`` is our full OV circuit transposed. All are ``FactoredMatrix``: of a large vocabulary take
the rows and columns of some tokens, and ``.AB`` of those. Biases and LayerNorm's weights are not in the circuits;
``core.folding`` makes a model without the latter.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from circuit_explainer.circuits.heads import check_batch, check_heads, head_weight, values_by_head
from circuit_explainer.core.arrays import Array
from circuit_explainer.core.cache.activation_cache import ActivationCache
from circuit_explainer.core.given import known_ids, whole
from circuit_explainer.core.matrices.factored import FactoredMatrix
from circuit_explainer.core.model import Transformer
from circuit_explainer.core.run import ops, rotary

# Entries of a circuit that are formed at once.
_AT_ONCE = 1 << 22


def qk(model: Transformer, layer: int, head: int, distance: int = 0) -> FactoredMatrix:
    """``W_Q @ W_K.T`` ``[d, d]``: query's side first.

    Source: Elhage et al. (2021).

    Args:
        model, layer, head: which head.
        distance: for rotary positions, how many positions the key stands before the query; they turn both.

    Raises:
        ValueError: the head is not in the model, or a distance is given to a model without rotary positions.
    """
    check_heads(model.cfg, [(layer, head)])
    w_q, w_k = head_weight(model, "Q", layer, head), head_weight(model, "K", layer, head)
    if model.cfg.positional_embedding_type == "rotary":
        distance = whole("distance", distance, 0, model.cfg.n_ctx - 1)
        cos, sin = (table[distance : distance + 1] for table in rotary.turns(model.cfg, w_q.dtype))
        w_q = rotary.rotate(w_q[None, None], cos, sin, model.cfg.rotary_adjacent_pairs)[0, 0]
    elif distance:
        raise ValueError(f"Only rotary positions make QK depend on the distance; got distance={distance}.")
    return FactoredMatrix(w_q, w_k.T)


def ov(model: Transformer, layer: int, head: int) -> FactoredMatrix:
    """``W_V @ W_O`` ``[d, d]``: source's side first.

    Source: Elhage et al. (2021).

    Raises:
        ValueError: the head is not in the model.
    """
    check_heads(model.cfg, [(layer, head)])
    return FactoredMatrix(head_weight(model, "V", layer, head), head_weight(model, "O", layer, head))


def full_qk(
    model: Transformer, layer: int, head: int, queries: Any = None, keys: Any = None, distance: int = 0
) -> FactoredMatrix:
    """``W_E @ W_QK @ W_E.T`` ``[v, v]``: how much each query token (row) wants each key token (column).

    The model divides these scores by ``sqrt(d_head)``.

    Source: Elhage et al. (2021).

    Args:
        model, layer, head, distance: as for ``qk``.
        queries, keys: only these tokens, as rows and columns.

    Raises:
        ValueError: as ``qk``; a token is not in the vocabulary.
    """
    circuit, w_e = qk(model, layer, head, distance), model.W_E
    return _between(_rows(w_e, queries), circuit, _rows(w_e, keys).T)


def positional_qk(model: Transformer, layer: int, head: int) -> FactoredMatrix:
    """``W_pos @ W_QK @ W_pos.T`` ``[c, c]``: how much each query position (row) wants each key position (column).

    Source: Elhage et al. (2021).

    Raises:
        ValueError: the head is not in the model; the model has rotary positions (see the ``distance`` of ``qk``).
    """
    circuit = qk(model, layer, head)
    if model.cfg.positional_embedding_type == "rotary":
        raise ValueError("A model with rotary positions has no W_pos; see full_qk(..., distance=...).")
    return _between(model.W_pos, circuit, model.W_pos.T)


def full_ov(model: Transformer, layer: int, head: int, sources: Any = None, outputs: Any = None) -> FactoredMatrix:
    """``W_E @ W_OV @ W_U`` ``[v, v]``: what attending to each source token (row) does to each logit (column).

    Source: Elhage et al. (2021).

    Args:
        model, layer, head: which head.
        sources, outputs: only these tokens, as rows and columns.

    Raises:
        ValueError: the head is not in the model, or a token not in the vocabulary.
    """
    circuit = ov(model, layer, head)
    return _between(_rows(model.W_E, sources), circuit, _rows(model.W_U.T, outputs).T)


def diagonal_accuracy(circuit: FactoredMatrix, rows: Any = None, k: int = 1) -> float:
    """The share of rows in which the entry on the diagonal is among the ``k`` largest; ties count against it.

    For a full OV circuit: tokens that raise their own logit most (copying). For the full K-composition circuit: tokens
    that look for a key with themselves before it (induction).

    Args:
        circuit: square, without leading axes; some rows at a time are formed, never all.
        rows: only these, where all would take long; at least one.
        k: at least 1.

    Raises:
        ValueError: the circuit is not square, it has no such row, or ``k`` is less than 1.
    """
    if circuit.ndim != 2 or circuit.ldim != circuit.rdim:
        raise ValueError(f"diagonal_accuracy needs a square matrix; got shape {circuit.shape}.")
    k = whole("k", k, 1)
    chosen = np.arange(circuit.ldim) if rows is None else np.atleast_1d(known_ids("rows", rows, circuit.ldim))
    if chosen.ndim != 1:
        raise ValueError(f"rows must have one axis; got shape {chosen.shape}.")
    at_once = max(1, _AT_ONCE // circuit.rdim)
    right = 0
    for start in range(0, len(chosen), at_once):
        some = chosen[start : start + at_once]
        entries = ops.product(circuit.A[some], circuit.B)
        # The diagonal's own entry is one of those that are no smaller.
        right += int(((entries >= entries[np.arange(len(some)), some][:, None]).sum(axis=1) <= k).sum())
    return right / len(chosen)


def value_weighted_attention(model: Transformer, cache: ActivationCache, layer: int) -> Array:
    """``pattern[q, k]`` times the length of ``v_k @ W_O``: ``[b, h, q, k]``, at least 0.

    What a head looks at matters only as far as it moves something; a resting place such as BOS often has a small value.

    Source: Kobayashi et al. (2020).

    Args:
        model: the model that ran.
        cache: its cache, with the layer's ``pattern`` and ``v``.
        layer: which layer.

    Raises:
        ValueError: the cache has no batch axis.
    """
    check_batch(cache)
    moved = ops.product_by_head(values_by_head(model.cfg, cache, layer), model.weights[f"blocks.{layer}.attn.W_O"])
    weights: Array = cache["pattern", layer] * np.linalg.norm(moved, axis=-1).transpose(0, 2, 1)[:, :, None]
    return weights


def _rows(table: Array, tokens: Any) -> Array:
    if tokens is None:
        return table
    ids = np.atleast_1d(known_ids("Tokens", tokens, len(table)))
    if ids.ndim != 1:
        raise ValueError(f"Tokens must have one axis; got shape {ids.shape}.")
    return np.asarray(table[ids])


def _between(left: Array, circuit: FactoredMatrix, right: Array) -> FactoredMatrix:
    return FactoredMatrix(ops.product(left, circuit.A), ops.product(circuit.B, right))
