"""The arithmetic of a transformer as small functions on arrays, bottom-up.

Letters are those of ``core.table.LETTERS``. Source of the formulas: Vaswani et al. (2017); LayerNorm, Ba et al. (2016).
"""

from __future__ import annotations

import functools
import math
import sys

import numpy as np

from circuit_explainer.core.arrays import Array

# The one switch: Pyodide has no BLAS, where einsum beats @ on 2-D products and strided operands are slow.
BLAS = sys.platform != "emscripten"

# The most multiplications of one einsum: 32-bit platforms refuse more.
STEPS = (1 << 31) - 1

# From so many multiplications on, one matrix after the other goes through einsum, up to eight times faster than @.
LARGE = 1 << 18

if BLAS:
    # Freed at once: glibc then keeps freed memory up to this size instead of giving it back page by page after each
    # run, which made a small model's cached run twice as long.
    np.empty(1 << 24, np.uint8)

# From so many scores on, heads are worked through one by one: 16 MB of float32.
MANY = 1 << 22


def product(a: Array, b: Array) -> Array:  # [..., i], [i, o] -> [..., o]
    """``a @ b`` for a 2-D ``b``, in the form that is fast on this platform."""
    rows = a.reshape(-1, a.shape[-1])
    out: Array
    if BLAS:
        out = rows @ b
    else:
        step = max(1, STEPS // max(1, b.size))
        blocks = [np.einsum("ri,io->ro", rows[n : n + step], b) for n in range(0, max(1, len(rows)), step)]
        out = blocks[0] if len(blocks) == 1 else np.concatenate(blocks)
    return out.reshape(*a.shape[:-1], b.shape[-1])


def stacked_product(a: Array, b: Array) -> Array:  # [..., r, i], [..., i, o] -> [..., r, o]
    """``a @ b`` matrix by matrix, in the form that is fast on this platform."""
    out: Array
    if BLAS:
        out = a @ b
        return out
    b = np.ascontiguousarray(b)
    rows, inner, columns = (*a.shape[-2:], b.shape[-1])
    if rows * inner * columns < LARGE:
        out = np.ascontiguousarray(a) @ b
        return out
    lead = np.broadcast_shapes(a.shape[:-2], b.shape[:-2])
    a, b = np.broadcast_to(a, (*lead, rows, inner)), np.broadcast_to(b, (*lead, inner, columns))
    out = np.empty((*lead, rows, columns), np.result_type(a, b))
    for at in np.ndindex(lead):
        np.einsum("ri,io->ro", a[at], b[at], out=out[at])
    return out


def linear(x: Array, w: Array, b: Array) -> Array:  # [..., i], [i, o], [o] -> [..., o]
    """``x @ w + b``."""
    out = product(x, w)
    out += b
    return out


def product_by_head(x: Array, w: Array) -> Array:  # [b, p, h, i], [h, i, o] -> [b, p, h, o]
    """Each head's own vectors times its own matrix."""
    return stacked_product(x.transpose(0, 2, 1, 3), w).transpose(0, 2, 1, 3)


def row_max(x: Array) -> Array:  # [..., k] -> [..., 1]
    """The largest entry of each row, or the lowest finite number if that is larger."""
    lowest = np.finfo(x.dtype).min
    if BLAS:
        return np.asarray(np.maximum.reduce(x, axis=-1, keepdims=True, initial=lowest))
    # Without SIMD reductions along the last axis, reducing along the first is several times faster.
    by_column = np.ascontiguousarray(np.moveaxis(x, -1, 0))
    return np.asarray(np.maximum.reduce(by_column, axis=0, initial=lowest))[..., None]


def softmax(x: Array, out: Array | None = None) -> Array:  # [..., k] -> [..., k]
    """Softmax over the last axis, into ``out`` if given, which may be ``x``.

    A row of nothing but -inf becomes zeros, as in TransformerLens.
    """
    out = np.subtract(x, row_max(x), out=out)
    np.exp(out, out=out)
    total = np.add.reduce(out, axis=-1, keepdims=True)
    total[total == 0] = 1
    out /= total
    return out


def log_softmax(x: Array) -> Array:  # [..., v] -> [..., v]
    """Natural logarithm of the softmax over the last axis, without overflow."""
    out: Array = x - row_max(x)
    out -= np.log(np.exp(out).sum(axis=-1, keepdims=True))
    return out


def layer_norm(x: Array, eps: float) -> tuple[Array, Array]:  # [..., d] -> [..., d], [..., 1]
    """``x`` centred, and its scale ``sqrt(variance + eps)``; LayerNorm is the first over the second."""
    centred: Array = x - np.add.reduce(x, axis=-1, keepdims=True) / x.shape[-1]
    return centred, rms(centred, eps)


def rms(x: Array, eps: float) -> Array:  # [..., d] -> [..., 1]
    """``sqrt(mean square + eps)``: the scale by which RMSNorm divides."""
    squares = np.vecdot(x, x)[..., None]
    return np.asarray(np.sqrt(squares / x.shape[-1] + eps))


@functools.lru_cache(maxsize=16)
def future(pos: int) -> Array:  # -> [q, k]
    """True where the key comes after the query."""
    mask = np.triu(np.ones((pos, pos), dtype=bool), 1)
    mask.flags.writeable = False
    return mask


def attention_scores(q: Array, k: Array) -> Array:  # [b, q, h, e], [b, k, h, e] -> [b, h, q, k]
    """Scaled scores ``q @ k.T / sqrt(d_head)``, with -inf wherever a query would look ahead."""
    scores = stacked_product(q.transpose(0, 2, 1, 3), k.transpose(0, 2, 3, 1))
    scores /= scores.dtype.type(math.sqrt(q.shape[-1]))
    np.copyto(scores, -np.inf, where=future(scores.shape[-1]))
    return scores


def attend(pattern: Array, v: Array) -> Array:  # [b, h, q, k], [b, k, h, e] -> [b, q, h, e]
    """Each query's mean of the values, weighted by its row of the pattern."""
    return stacked_product(pattern, v.transpose(0, 2, 1, 3)).transpose(0, 2, 1, 3)


def attention(q: Array, k: Array, v: Array) -> Array:  # [b, q, h, e], [b, k, h, e], [b, k, h, e] -> [b, q, h, e]
    """What ``attend`` gives for the softmax of the scores, without keeping more than a few millions of these."""
    batch, pos, heads = q.shape[:3]
    if batch * heads * pos * pos <= MANY:
        scores = attention_scores(q, k)
        return attend(softmax(scores, out=scores), v)
    z = np.empty_like(q)
    for b, h in np.ndindex(batch, heads):
        one = slice(b, b + 1), slice(None), slice(h, h + 1)
        scores = attention_scores(q[one], k[one])
        z[one] = attend(softmax(scores, out=scores), v[one])
    return z
