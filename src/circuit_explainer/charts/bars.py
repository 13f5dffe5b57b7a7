"""Horizontal bars: what the model predicts next, and which parts of the model the prediction comes from."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from circuit_explainer.charts.chart import Array, Chart, Figure, Table, layout, typed
from circuit_explainer.charts.labels import margin, plotly_text, quoted, shortened, ticks

PREDICTIONS_READING = "How to read it: each bar is the probability that the model gives to a word coming next."
CONTRIBUTIONS_READING = (
    "How to read it: each bar is what one part of the model adds to the word’s logit. "
    "Bars to the right push the word up, bars to the left push it down. They add up to the logit."
)

SMALL = 0.005  # logits


def predictions(probabilities: Array, labels: Sequence[str], top: int = 6) -> Chart:
    """Return the `top` most probable next tokens.

    `probabilities` is [d_vocab] and sums to 1; an empty label stands for a symbol that no word of the text has:
    all of these share one bar. Raises ValueError when the sizes do not agree.
    """
    if probabilities.shape != (len(labels),):
        raise ValueError(f"probabilities must have shape ({len(labels)},). Got {probabilities.shape}.")
    named = [(label, float(p)) for label, p in zip(labels, probabilities, strict=True) if label]
    unnamed = [float(p) for label, p in zip(labels, probabilities, strict=True) if not label]
    ranked = sorted(named, key=lambda item: -item[1])[:top]
    if unnamed:
        ranked.append(("any other word", sum(unnamed)))
    best, p = max(ranked, key=lambda item: item[1])
    words = quoted(best) if best != "any other word" else best
    summary = f"The model’s best guess for the next word is {words}, with probability {p:.2f}."
    names = [name for name, _ in ranked]
    values = np.array([value for _, value in ranked], np.float32)
    figure = _bars(names, values, [f"{value:.2f}" for value in values], [0, 1.12], "probability")
    rows = tuple((name, value) for name, value in ranked)
    return Chart(
        figure,
        summary,
        Table("Probability of the next word", ("Word", "Probability"), rows),
        PREDICTIONS_READING,
    )


def contributions(values: Array, names: Sequence[str], token: str) -> Chart:
    """Return what each part of the model adds to the logit of `token`.

    `values` is [component], in logits, and `names` says what each component is. Raises ValueError when the
    sizes do not agree.
    """
    if values.shape != (len(names),):
        raise ValueError(f"values must have shape ({len(names)},). Got {values.shape}.")
    total = float(values.sum())
    names, values = _gather_small(names, values)
    best = int(np.argmax(values))
    summary = (
        f"The logit of {quoted(token)} is {total:+.2f}. The largest part comes from {names[best]}: "
        f"{float(values[best]):+.2f}."
    )
    reach = max(float(np.abs(values).max()), 1e-6) * 1.25
    lowest = -reach if (values < 0).any() else 0.0
    figure = _bars(names, values, [f"{value:+.2f}" for value in values], [lowest, reach], "logits")
    rows = (*((name, float(value)) for name, value in zip(names, values, strict=True)), ("Sum", total))
    table = Table(f"Parts of the logit of {quoted(token)}", ("Part of the model", "Logits"), rows)
    return Chart(figure, summary, table, CONTRIBUTIONS_READING)


def _gather_small(names: Sequence[str], values: Array) -> tuple[list[str], Array]:
    """Put the parts that would print as 0.00 into one, or leave them out where they are nothing together."""
    large = np.abs(values) >= SMALL
    kept = [name for name, keep in zip(names, large, strict=True) if keep]
    rest = float(values[~large].sum())
    if kept and abs(rest) < SMALL:
        return kept, values[large]
    return [*kept, "the rest"], np.append(values[large], rest)


def _bars(names: Sequence[str], values: Array, texts: Sequence[str], span: list[float], unit: str) -> Figure:
    return {
        "data": [
            {
                "type": "bar",
                "orientation": "h",
                "x": typed(values),
                "y": list(range(len(names))),
                "width": 0.6,
                "text": list(texts),
                "textposition": "outside",
                "cliponaxis": False,
                "hoverinfo": "skip",
            }
        ],
        "layout": layout(
            xaxis={"range": span, "title": {"text": unit}, "fixedrange": True, "zeroline": True},
            yaxis=ticks(names, range=[len(names) - 0.5, -0.5]),
            margin={"l": margin([shortened(plotly_text(name)) for name in names]), "r": 16, "t": 8, "b": 48},
        ),
    }
