"""A dot product taken apart: two vectors, and what each of their components adds to it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from circuit_explainer.charts.chart import Array, Chart
from circuit_explainer.charts.general.vectors import vectors
from circuit_explainer.charts.labels import numbered, quoted, signed

READING = (
    "How to read it: each place has a bar of the query, a bar of the key, and below them their product. "
    "The products of all places add up to the dot product. Each row has a scale of its own."
)
# A product is counted where it is at least this part of the largest.
COUNTED = 1e-6


def dot_product(
    query: Array, key: Array, tokens: Sequence[str], asks: int, answers: int, names: Sequence[str] = ()
) -> Chart:
    """Return query, key and their products, place by place.

    `query` and `key` are [d_head], of the tokens at `asks` and `answers`; `tokens` are the labels of the text. `names`
    says what the first components stand for, where they stand for anything: only these are drawn, and all are
    counted. Raises ValueError when the sizes do not agree.
    """
    if query.shape != key.shape or query.ndim != 1:
        raise ValueError(f"query and key must have one shape, [d_head]. Got {query.shape} and {key.shape}.")
    labels, products = numbered(tokens), query * key
    most = int(np.abs(products).argmax())
    least = max(COUNTED * float(np.abs(products).max()), 1e-6)
    up, down = int((products >= least).sum()), int((products <= -least).sum())
    where = quoted(names[most]) if most < len(names) else f"number {most}"
    told = f"The query of {quoted(labels[asks])} and the key of {quoted(labels[answers])} have the dot product "
    told += f"{signed(float(products.sum()))}: "
    if up + down == 0:
        told += "no component is there in both."
    elif up + down == 1:
        told += f"all of it comes from one component, {where}."
    else:
        told += f"of {len(products)} components {up} add to it and {down} take away. "
        told += f"The largest part comes from {where} ({signed(float(products[most]))})."
    size = len(names) or len(products)
    rows = {
        f"query of {labels[asks]}": query[:size],
        f"key of {labels[answers]}": key[:size],
        "product": products[:size],
    }
    return vectors(rows, names, summary=told, reading=READING, same_scale=False)
