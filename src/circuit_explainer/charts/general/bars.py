"""Horizontal bars: what the model predicts next, and which parts of the model the prediction comes from."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from circuit_explainer.charts.chart import Array, Chart, Figure, Table, layout, typed
from circuit_explainer.charts.general.attention import NAMED
from circuit_explainer.charts.labels import listed, margin, plotly_text, quoted, signed, ticks, visible

PREDICTIONS_READING = (
    "How to read it: each bar is the probability that the model gives to one word coming next. "
    "The table also says what is left for all the others."
)
CONTRIBUTIONS_READING = (
    "How to read it: each bar is what one part of the model adds to the word’s logit. "
    "Bars to the right push the word up, bars to the left push it down. They add up to the logit."
)

BARS_READING = "How to read it: each bar is one number. Bars to the right are above zero, bars to the left below."

SMALL = 0.005  # logits
# A best guess has to reach this many even shares, or half of everything. With nothing to find, the likeliest symbol
# of the trained model still gets 2 to 4 even shares, by chance.
STANDS_OUT = 5
NEW_WORD = "a new word"
# Pixels of a chart on the narrowest phone, of a digit beside a bar, and between names, bars and numbers.
PHONE, DIGIT, GAP = 288, 8.2, 8


def predictions(
    probabilities: Array, labels: Sequence[str], top: int = 6, special: Sequence[str] = ("<BOS>",)
) -> Chart:
    """Return the `top` most probable next words, and say whether any of them stands out.

    `probabilities` is [d_vocab] and sums to 1. An empty label is a symbol that no word of the text has. The first
    symbol with each label in `special` is no word either. Raises ValueError when the sizes do not agree.
    """
    if probabilities.shape != (len(labels),):
        raise ValueError(f"probabilities must have shape ({len(labels)},). Got {probabilities.shape}.")
    marks = [labels.index(mark) for mark in special if mark in labels]
    pairs = [(visible(label), float(p)) for label, p in zip(labels, probabilities, strict=True)]
    words = [pair for n, pair in enumerate(pairs) if pair[0] and n not in marks]
    unnamed = max((p for label, p in pairs if not label), default=0.0)
    likeliest = max([unnamed, *(p for _, p in words)])
    enough = min(STANDS_OUT / len(labels), 0.5)
    if unnamed >= enough or not words:
        words.append((NEW_WORD, unnamed))
    words.sort(key=lambda word: -word[1])
    names, values = [name for name, _ in words[:top]], np.array([p for _, p in words[:top]])
    rows: list[tuple[str, float]] = words[:top]
    others = len(labels) - len(names)
    if others:
        rest = max(float(probabilities.sum() - values.sum()), 0.0)
        rows.append((f"the other {others} together" if others > 1 else "the other one", rest))
    summary = _expected(words)
    if likeliest < enough:
        summary = (
            f"No word stands out, old or new: the likeliest has probability {likeliest:.2f}, "
            f"and an even guess would give each {1 / len(labels):.2f}."
        )
    figure = _bars(names, values, [f"{value:.2f}" for value in values], [0, 1.12], "probability")
    table = Table("Probability of the next word", ("Word", "Probability"), tuple(rows))
    return Chart(figure, summary, table, PREDICTIONS_READING)


def _expected(words: Sequence[tuple[str, float]]) -> str:
    """Return the sentence about ranked words: the best, or those that share its place."""
    best = f"{words[0][1]:.2f}"
    tied = [name if name == NEW_WORD else quoted(name) for name, p in words if f"{p:.2f}" == best]
    if len(tied) == 1:
        return f"The model’s best guess for the next word is {tied[0]}, with probability {best}."
    if len(tied) > NAMED:
        return f"The model holds {len(tied)} words equally likely, each with probability {best}."
    return f"The model’s best guesses for the next word are {listed(tied)}, each with probability {best}."


def contributions(values: Array, names: Sequence[str], token: str) -> Chart:
    """Return what each part of the model adds to the logit of `token`.

    `values` is [component], in logits, and `names` says what each component is. Raises ValueError when the
    sizes do not agree.
    """
    if values.shape != (len(names),):
        raise ValueError(f"values must have shape ({len(names)},). Got {values.shape}.")
    total = float(values.sum())
    names, values = _gather_small(names, values)
    up, down = int(values.argmax()), int(values.argmin())
    pushes = [f"what pushes it up most is {names[up]} ({signed(values[up])})"] if values[up] >= SMALL else []
    if values[down] <= -SMALL:
        pushes.append(f"what pushes it down most is {names[down]} ({signed(values[down])})")
    told = "; ".join(pushes) or "no part of the model adds anything to it"
    summary = f"The logit of {quoted(token)} is {signed(total)}: {told}."
    texts = [signed(value) for value in values]
    figure = _bars(names, values, texts, span(values, texts, names), "logits")
    rows = (*((name, float(value)) for name, value in zip(names, values, strict=True)), ("Sum", total))
    table = Table(f"Parts of the logit of {quoted(token)}", ("Part of the model", "Logits"), rows)
    return Chart(figure, summary, table, CONTRIBUTIONS_READING)


def bars(
    values: Array,
    names: Sequence[str],
    *,
    quantity: str,
    column: str,
    summary: str = "",
    reading: str = "",
    tokens: bool = True,
) -> Chart:
    """Return a bar for each of some numbers, to the right above zero and to the left below.

    `values` is [n], `names` says what each is, `quantity` what they measure, with its unit, and `column` what the
    names are, for the table's head. `summary` and `reading` replace the sentence on the largest and the line on how
    to read it. With `tokens` off the names are words, in which a space stays a space. Raises ValueError when the sizes
    do not agree.
    """
    if values.shape != (len(names),) or not len(names):
        raise ValueError(f"values must have shape ({len(names)},), with one number at least. Got {values.shape}.")
    shown = [visible(name) if tokens else name for name in names]
    most = int(np.abs(values).argmax())
    both = bool((values < 0).any())
    write = signed if both else "{:.2f}".format
    told = f"{quoted(shown[most])} has the largest {quantity}, {write(float(values[most]))}."
    texts = [write(float(value)) for value in values]
    figure = _bars(shown, values, texts, span(values, texts, shown), quantity)
    rows = tuple((name, float(value)) for name, value in zip(shown, values, strict=True))
    table = Table(f"{quantity[:1].upper()}{quantity[1:]}", (column, quantity), rows)
    return Chart(figure, summary or told, table, reading or BARS_READING)


def span(values: Array, texts: Sequence[str], names: Sequence[str]) -> list[float]:
    """Return the ends of an axis on which the numbers beside the bars have room, on a phone too.

    `values` is [n], `texts` how they are written beside their bars, and `names` stand before the axis.
    """
    low, high = min(float(values.min()), 0.0), max(float(values.max()), 0.0)
    before = max((_pixels(text) for text, value in zip(texts, values, strict=True) if value < 0), default=0.0)
    behind = max((_pixels(text) for text, value in zip(texts, values, strict=True) if value >= 0), default=0.0)
    across = PHONE - margin(names) - GAP - 16
    unit = (high - low or 1.0) / max(across - before - behind, across / 4)
    return [low - before * unit, high + behind * unit]


def named(names: Sequence[str], **parts: object) -> dict[str, object]:
    """Return an axis with a name for each bar, a little apart from it."""
    return ticks(names, range=[len(names) - 0.5, -0.5], ticklabelstandoff=GAP, **parts)


def _pixels(text: str) -> float:
    return DIGIT * len(text) + GAP


def _gather_small(names: Sequence[str], values: Array) -> tuple[list[str], Array]:
    """Put the parts that would print as 0.00 into one, or leave them out where they are nothing together."""
    large = np.abs(values) >= SMALL
    kept = [name for name, keep in zip(names, large, strict=True) if keep]
    rest = float(values[~large].sum())
    if kept and abs(rest) < SMALL:
        return kept, values[large]
    return [*kept, "the rest" if kept else "all parts"], np.append(values[large], rest)


def trace(values: Array, texts: Sequence[str], **parts: object) -> Figure:
    """Return lying bars, one in each row, with their numbers as `texts` beside them; `parts` are Plotly's."""
    return {
        "type": "bar",
        "orientation": "h",
        "x": typed(values),
        "y": list(range(len(texts))),
        "width": 0.6,
        "text": list(texts),
        "textposition": "outside",
        "cliponaxis": False,
        **parts,
    }


def _bars(names: Sequence[str], values: Array, texts: Sequence[str], span: list[float], unit: str) -> Figure:
    return {
        "data": [trace(values, texts, hovertemplate="\u2068%{y}\u2069: %{text}<extra></extra>")],
        "layout": layout(
            xaxis={"range": span, "title": {"text": plotly_text(unit)}, "fixedrange": True, "zeroline": True},
            yaxis=named(names),
            margin={"l": margin(names) + GAP, "r": 16, "t": 8, "b": 48},
        ),
    }
