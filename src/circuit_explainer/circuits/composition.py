"""Composition: how much of what an earlier head writes a later head reads, by its queries, keys or values.

After "A Mathematical Framework for Transformer Circuits" (Elhage et al., 2021): ``‖L @ R‖ / (‖L‖ ‖R‖)`` in Frobenius
norms, where ``L = W_OV`` of the earlier head and ``R`` of the later head is ``W_QK`` (Q), ``W_QK.T`` (K) or ``W_OV``
(V); rows and right multiplication here, columns and left in the paper. Random matrices compose too, so the score means
something only beside theirs. The product contracts over ``d_model``; it is made from small matrices alone, since
``‖A B‖²`` is ``tr(Aᵀ A · B Bᵀ)``. Biases and LayerNorm's weights are not in it (see ``core.folding``), nor is what
rotary positions do to queries and keys.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np

from circuit_explainer.circuits.heads import Head, check_earlier, head_weight
from circuit_explainer.core.arrays import Array
from circuit_explainer.core.matrices.factored import FactoredMatrix
from circuit_explainer.core.model import Transformer
from circuit_explainer.core.run import ops

KINDS = ("Q", "K", "V")


@dataclass(frozen=True)
class Baseline:
    """Composition of random matrices: ``mean`` and standard ``deviation`` over ``samples`` pairs of matrices."""

    mean: float
    deviation: float
    samples: int


@dataclass(frozen=True)
class Composition:
    """``scores [l, h, l, h]``: earlier layer and head, later layer and head; NaN where the first is not earlier.

    ``kind`` is "Q", "K" or "V"; ``baseline`` is what random matrices of the same shapes score.
    """

    kind: str
    scores: Array
    baseline: Baseline

    @property
    def above_baseline(self) -> Array:
        """The scores ``[l, h, l, h]`` minus the mean of the baseline: this is what to show."""
        return self.scores - self.baseline.mean

    @property
    def z(self) -> Array:
        """The scores ``[l, h, l, h]`` in standard deviations of the baseline away from its mean."""
        return self.above_baseline / self.baseline.deviation


def composition_scores(model: Transformer, kind: str, samples: int = 100, seed: int = 0) -> Composition:
    """The composition score of every pair of heads, and what random matrices score.

    Source: Elhage et al. (2021).

    Args:
        model: of any architecture; heads that share keys or values share the matrices too.
        kind: "Q", "K" or "V": which input of the later head.
        samples, seed: of the baseline.

    Returns:
        ``scores [l, h, l, h]`` between 0 and 1, earlier head first; NaN where the first head is not in an earlier
        layer.

    Raises:
        ValueError: ``kind`` is something else, or there are fewer than two samples.
    """
    if kind not in KINDS:
        raise ValueError(f"kind must be one of {', '.join(KINDS)}; got kind={kind!r}.")
    layers, heads = model.cfg.n_layers, model.cfg.n_heads
    w_q, w_k, w_v, w_o = (matrix.astype(float) for matrix in (model.W_Q, model.W_K, model.W_V, model.W_O))
    a, b = {"Q": (w_q, _turned(w_k)), "K": (w_k, _turned(w_q)), "V": (w_v, w_o)}[kind]
    left, right = _outer(w_v), _outer(_turned(b))
    size = np.sqrt(_norm2(left, _outer(_turned(w_o)))), np.sqrt(_norm2(_outer(a), right))
    scores = np.full((layers, heads, layers, heads), np.nan)
    for earlier in range(layers):
        for later in range(earlier + 1, layers):
            middle = ops.stacked_product(w_o[earlier][:, None], a[later][None])  # [h, h, e, e]
            norm2 = _norm2(left[earlier][:, None], middle @ right[later] @ _turned(middle))
            sizes = size[0][earlier][:, None] * size[1][later]
            # A head that writes or reads nothing composes with none.
            scores[earlier, :, later] = np.sqrt(np.maximum(norm2, 0)) / np.where(sizes > 0, sizes, np.inf)
    return Composition(kind, scores, random_composition(model.cfg.d_model, model.cfg.d_head, samples, seed))


@functools.lru_cache(maxsize=32)
def random_composition(d_model: int, d_head: int, samples: int = 100, seed: int = 0) -> Baseline:
    """Composition of products of random normal matrices ``[d_model, d_head] @ [d_head, d_model]``.

    Their rank is that of a head's matrices in general; a head whose matrices happen to have a lower rank still gets
    this baseline.

    Source: Elhage et al. (2021), who take it away from the score.

    Raises:
        ValueError: there are fewer than two samples.
    """
    if samples < 2:
        raise ValueError(f"A standard deviation needs samples >= 2; got samples={samples}.")
    rng = np.random.default_rng(seed)
    scores = []
    for _ in range(samples):
        a, b, c, d = (rng.standard_normal((d_model, d_head)) for _ in range(4))
        # L = a bᵀ, R = c dᵀ
        middle = ops.product(np.ascontiguousarray(b.T), c)
        left, right = _outer(a), _outer(d)
        norm2 = _norm2(left, middle @ right @ middle.T)
        scores.append(np.sqrt(norm2 / (_norm2(left, _outer(b)) * _norm2(_outer(c), right))))
    return Baseline(float(np.mean(scores)), float(np.std(scores, ddof=1)), samples)


def full_k_composition(model: Transformer, earlier: Head, later: Head) -> FactoredMatrix:
    """The full K-composition circuit ``W_E @ W_QK @ W_OV.T @ W_E.T`` ``[v, v]``.

    Row: the query's token. Column: the token that the earlier head moved to the key, which for a previous-token head is
    the token before the key. ``diagonal_accuracy`` of it tells how often the later head wants the key that comes after
    its own token: 1 for an induction head.

    Source: Elhage et al. (2021).

    Raises:
        ValueError: a head is not in the model, or the first is not in an earlier layer.
    """
    check_earlier(model.cfg, earlier, later)
    queries = ops.product(model.W_E, head_weight(model, "Q", *later))
    moved = ops.product(ops.product(model.W_E, head_weight(model, "V", *earlier)), head_weight(model, "O", *earlier))
    keys = ops.product(moved, head_weight(model, "K", *later))
    return FactoredMatrix(queries, np.ascontiguousarray(keys.T))


def _turned(matrix: Array) -> Array:
    return np.swapaxes(matrix, -1, -2)


def _outer(matrix: Array) -> Array:  # [..., d, e] -> [..., e, e]
    """``Aᵀ A``."""
    return ops.stacked_product(_turned(matrix), matrix)


def _norm2(left: Array, right: Array) -> Array:  # [..., e, e], [..., e, e] -> [...]
    """``tr(left @ right)`` of two symmetric matrices: the squared norm of ``A B`` for ``Aᵀ A`` and ``B Bᵀ``."""
    return np.asarray((left * right).sum(axis=(-2, -1)))
