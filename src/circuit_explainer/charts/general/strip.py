"""Tokens as a strip of chips, each with a line under it: its number, a probability, what the model expects there."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from circuit_explainer.charts.chart import Chart, Table
from circuit_explainer.charts.labels import numbered, shortened
from circuit_explainer.charts.picture import picture

READING = "How to read it: each box is one token, in the order of the text. What stands under a box belongs to it."


def strip(
    tokens: Sequence[str],
    notes: Sequence[str],
    *,
    quantity: str,
    summary: str,
    reading: str = READING,
    asks: int | None = None,
    answers: Sequence[int] = (),
) -> Chart:
    """Return a strip of tokens.

    `notes` holds a short text for each token, and `quantity` says what they are, for the table. The token at `asks`
    is outlined as the destination, those at `answers` as sources. Raises ValueError when the sizes do not agree.
    """
    if len(notes) != len(tokens) or not len(tokens):
        raise ValueError(f"notes must hold {len(tokens)} texts, one for each token. Got {len(notes)}.")
    labels = numbered(tokens)
    chips = "".join(
        f'<li class="{_kind(n, asks, answers)}"><span class="chip">{escape(shortened(label))}</span>'
        f'<span class="note">{escape(note)}</span></li>'
        for n, (label, note) in enumerate(zip(labels, notes, strict=True))
    )
    table = Table("Tokens", ("Token", quantity), tuple(zip(labels, notes, strict=True)))
    return picture(f'<ol class="strip">{chips}</ol>', summary=summary, table=table, reading=reading)


def _kind(n: int, asks: int | None, answers: Sequence[int]) -> str:
    return "destination" if n == asks else "source" if n in answers else "token"
