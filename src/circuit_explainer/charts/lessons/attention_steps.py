"""One head's attention in six steps, from the dot products to what stands in the stream, with the numbers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from circuit_explainer.charts.chart import Array, Chart
from circuit_explainer.charts.general.attention import strongest
from circuit_explainer.charts.general.cells import cells, written
from circuit_explainer.charts.labels import amount, numbered, quoted

ATTENTION_STEPS = ("1 Scores", "2 Scale", "3 Mask", "4 Softmax", "5 Mix values", "6 Output")
"""The steps that `attention_steps` draws, in their order."""
STREAM = ("stream before", "this head", "other heads", "stream after")
# So many components of a vector are shown: they fit on a phone, and can be added by hand.
SHOWN = 4

_PAIRS = "How to read it: each row is a token that asks, each column a token that may answer. A cell is "
_READINGS = (
    _PAIRS + "the dot product of the row’s query and the column’s key.",
    _PAIRS + "their dot product, divided by the root of the head width.",
    _PAIRS + "their score, or −∞ where the column’s token comes after the row’s.",
    _PAIRS + "the share of its attention that the row’s token gives to the column’s.",
    "How to read it: each row is the value of one token, times the share that stands before it. "
    "A column is one component. The bottom row is their sum; all numbers are rounded.",
    "How to read it: the first three rows add up to the last one, component by component; all numbers are rounded.",
)


def attention_steps(
    step: str,
    tokens: Sequence[str],
    *,
    dots: Array,
    scores: Array,
    masked: Array,
    pattern: Array,
    handed: Array,
    stream: Array,
) -> Chart:
    """Return one of the six steps as a table of numbers.

    `step` is one of `ATTENTION_STEPS`; `tokens` are the labels of the positions. `dots`, `scores`, `masked` and
    `pattern` are [query, key]: the dot products, then divided, then with minus infinity where a token would look
    ahead, then the shares. `handed` is [key, d_head], what each token hands to the last one: its share times its
    value. `stream` is [4, d_model], at the last token: the stream before, what this head adds, what the other heads
    add, the stream after. Raises ValueError for another step, or when the sizes do not agree.
    """
    if step not in ATTENTION_STEPS:
        raise ValueError(f"step must be one of {', '.join(ATTENTION_STEPS)}. Got {step!r}.")
    if stream.shape[0] != len(STREAM):
        raise ValueError(f"stream must have {len(STREAM)} rows: {', '.join(STREAM)}. Got {len(stream)}.")
    at, labels = ATTENTION_STEPS.index(step), numbered(tokens)
    last, size = len(labels) - 1, handed.shape[1]
    best = int(np.argmax(pattern[-1]))
    asks, answers = quoted(labels[-1]), quoted(labels[best])
    root = f"√{size} = {np.sqrt(size):.2f}"
    high, low = (written(float(each[-1, best]), float(np.abs(each).max())) for each in (dots, scores))
    share = float(pattern[-1, best])
    gone = int(np.isneginf(masked).sum())
    ties = len(strongest(pattern[-1])) > 1
    told = (
        f"The query of {asks} and the key of {answers} have the dot product {high}, the largest of the last row.",
        f"Each number is divided by {root}. What was {high} is now {low}.",
        f"{gone} scores are set to −∞, above the diagonal: there the column’s token comes after the row’s. "
        f"{asks} is the last token, so its row keeps all its scores.",
        f"Each row adds up to 1. {asks} gives {share:.2f} to {answers}: {amount(share)}"
        f"{', as much as to others' if ties else ''}.",
        f"{answers} weighs most in the sum, with {share:.2f}. The bottom row is what {asks} receives. "
        f"These are the first {SHOWN} of its {size} components.",
        f"What {asks} received is brought to the width of the stream and added there. "
        f"These are the first {SHOWN} of {stream.shape[1]} components.",
    )
    parts = [str(n) for n in range(SHOWN)]
    if at < 4:
        shown = (dots, scores, masked, np.where(np.isneginf(masked), np.nan, pattern))[at]
        columns, quantity = labels, ("Dot products", "Scores", "Scores with the mask", "Shares of attention")[at]
        if at == 3:
            shown, columns = np.column_stack([shown, pattern.sum(axis=1)]), [*labels, "sum"]
        return cells(
            shown, labels, columns, corner="to →", quantity=quantity, summary=told[at], reading=_READINGS[at],
            asks=last, answers=[(last, best)], plain=[len(labels)],
        )  # fmt: skip
    if at == 4:
        named = [f"{share:.2f} × {label}" for share, label in zip(pattern[-1], labels, strict=True)]
        shown, rows = np.vstack([handed, handed.sum(axis=0)]), [*named, "sum"]
        quantity = f"What each token hands to {asks}"
    else:
        shown, rows, quantity = stream, list(STREAM), f"The stream of {asks}"
    return cells(
        shown[:, :SHOWN], rows, parts, corner="component →", quantity=quantity, summary=told[at], reading=_READINGS[at],
        sums=True,
    )  # fmt: skip
