"""Logits beside the probabilities that the softmax makes of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from circuit_explainer.charts.chart import Array, Chart, Figure, Table, layout
from circuit_explainer.charts.general.bars import GAP, named, trace
from circuit_explainer.charts.labels import margin, quoted, signed, visible
from circuit_explainer.charts.lessons.circuit import softmax

READING = (
    "How to read it: each line is one token that may come next, with its logit at the left and its probability at the "
    "right. The likeliest stand here; the table says what is left for all the others."
)
LEFT, RIGHT = [0.0, 0.5], [0.56, 1.0]


def logits(values: Array, labels: Sequence[str], top: int = 8) -> Chart:
    """Return the `top` largest logits, each with its probability.

    `values` is [d_vocab], in logits; `labels` say what each token is, and one with an empty label is called by its
    number, "#17".
    Raises ValueError when the sizes do not agree.
    """
    if values.shape != (len(labels),):
        raise ValueError(f"values must have shape ({len(labels)},). Got {values.shape}.")
    shares = softmax(values.astype(np.float64))
    order = np.argsort(-values, kind="stable")[:top].tolist()
    names = [visible(labels[n]) or f"#{n}" for n in order]
    chosen, likely = values[order], shares[order]
    first, second = order[:2]
    told = f"The largest logit, {signed(float(values[first]))}, is that of {quoted(names[0])}: its probability is "
    told += f"{shares[first]:.3f}. The next, {signed(float(values[second]))}, is that of {quoted(names[1])}: "
    told += f"{shares[second]:.3f}."
    rows: list[tuple[str, float | None, float]] = [
        (name, float(logit), float(share)) for name, logit, share in zip(names, chosen, likely, strict=True)
    ]
    rows.append((f"the other {len(labels) - len(order)} together", None, max(float(1 - likely.sum()), 0.0)))
    table = Table("Logits and probabilities of the next token", ("Token", "Logit", "Probability"), tuple(rows))
    return Chart(_figure(chosen, likely, names), told, table, READING)


def _figure(chosen: Array, likely: Array, names: Sequence[str]) -> Figure:
    low, high = min(float(chosen.min()), 0.0), max(float(chosen.max()), 0.0)
    room = high - low  # for the numbers beside the bars
    panels = (
        ("logit", "x", chosen, [signed(float(value)) for value in chosen]),
        ("probability", "x2", likely, [f"{value:.3f}" for value in likely]),
    )
    return {
        "data": [
            trace(values, texts, xaxis=axis, hovertemplate=f"\u2068%{{y}}\u2069, {quantity}: %{{text}}<extra></extra>")
            for quantity, axis, values, texts in panels
        ],
        "layout": layout(
            xaxis=_across("logit", LEFT, [low - room if low < 0 else 0.0, high + room]),
            xaxis2=_across("probability", RIGHT, [0, 1.7], tickvals=[0, 0.5, 1]),
            yaxis=named(names),
            margin={"l": margin(names) + GAP, "r": 16, "t": 8, "b": 48},
        ),
    }


def _across(title: str, domain: list[float], span: list[float], **parts: object) -> dict[str, object]:
    return {
        "title": {"text": title}, "domain": domain, "range": span, "fixedrange": True, "zeroline": True, "nticks": 4,
        "anchor": "y", **parts,
    }  # fmt: skip
