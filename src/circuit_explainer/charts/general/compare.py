"""Numbers before and after an intervention, side by side: what is clean is solid, what is changed is hatched."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from circuit_explainer.charts.chart import Array, Chart, Figure, Table, layout
from circuit_explainer.charts.general.bars import GAP, named, span, trace
from circuit_explainer.charts.labels import hover_text, margin, plotly_text, quoted, signed, visible

SMALL = 0.005  # prints as 0.00
READING = (
    "How to read it: each name has two bars. The solid one is the model as it is, the hatched one after the change."
)


def compare(
    clean: Array,
    changed: Array,
    names: Sequence[str],
    *,
    quantity: str,
    column: str,
    how: str,
    was: str = "as it is",
    summary: str = "",
    reading: str = READING,
    limit: float | None = None,
    tokens: bool = True,
) -> Chart:
    """Return two bars for each name.

    `clean` and `changed` are [n], `names` says what each number belongs to, `quantity` what they measure, with its
    unit, `column` what the names are, and `how` the change, such as "without L0H1"; `was` names what was before it.
    `summary` replaces the sentence on the largest difference; `limit` is the end of the axis, by default somewhat
    beyond the largest number.
    With `tokens` off the names are words, in which a space stays a space.
    Raises ValueError when the sizes do not agree.
    """
    if not len(names) or clean.shape != (len(names),) or changed.shape != (len(names),):
        raise ValueError(f"clean and changed must have shape ({len(names)},). Got {clean.shape} and {changed.shape}.")
    shown = [visible(name) if tokens else name for name in names]
    difference = changed - clean
    most = int(np.abs(difference).argmax())
    told = f"The largest change is that of {quoted(shown[most])}: {quantity} goes from {clean[most]:.2f} to "
    told += f"{changed[most]:.2f} {how} ({signed(float(difference[most]))})."
    if np.abs(difference).max() < SMALL:
        told = f"The {quantity} changes nowhere {how}."
    rows = tuple((name, float(a), float(b), float(b - a)) for name, a, b in zip(shown, clean, changed, strict=True))
    table = Table(f"{quantity[:1].upper()}{quantity[1:]}", (column, was, how, "difference"), rows)
    return Chart(_figure(clean, changed, shown, quantity, (was, how), limit), summary or told, table, reading)


def _figure(
    clean: Array, changed: Array, names: Sequence[str], quantity: str, runs: tuple[str, str], limit: float | None
) -> Figure:
    every = np.concatenate([clean, changed])
    both = bool((every < 0).any())
    texts = [signed(float(value)) if both else f"{value:.2f}" for value in every]
    ends = span(every, texts, [*names, *names])
    if limit:
        ends = [-limit if both else 0.0, limit]
    return {
        "data": [
            trace(
                values,
                written,
                name=plotly_text(name),
                # Not a group of Plotly's: its bars would have no place of their own for the cursor.
                y=[n + shift for n in range(len(names))],
                width=0.34,
                constraintext="none",  # thin bars would shrink their numbers
                marker={"pattern": {"shape": shape, "fillmode": "replace", "size": 6}},
                customdata=[plotly_text(label) for label in names],
                hovertemplate=f"\u2068%{{customdata}}\u2069, {hover_text(name)}: %{{x:.3f}}<extra></extra>",
            )
            for name, values, written, shift, shape in (
                (runs[0], clean, texts[: len(names)], -0.19, ""),
                (runs[1], changed, texts[len(names) :], 0.19, "/"),
            )
        ],
        "layout": {
            **layout(
                xaxis={"range": ends, "title": {"text": plotly_text(quantity)}, "fixedrange": True, "zeroline": True},
                yaxis=named(names),
                margin={"l": margin(names) + GAP, "r": 16, "t": 50, "b": 48},
                barmode="overlay",
            ),
            "showlegend": True,
            # One line for each: in a row they would break on a phone, and a redrawn chart then has them on its bars.
            "legend": {"y": 1.0, "yanchor": "bottom", "x": 0},
        },
    }
