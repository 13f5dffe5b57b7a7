"""A text cut into pieces by a byte-pair encoding, and the pairs that it learned to join."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from circuit_explainer.charts.chart import Chart, Table
from circuit_explainer.charts.labels import listed, quoted, shortened, visible
from circuit_explainer.charts.picture import picture

READING = (
    "How to read it: at the top the joins in the order in which they were learned, each with how often its pair stood "
    "side by side. Below them the text in pieces; ␣ is a space."
)
NOTHING = "none yet: each character is a piece"


def pieces(text: Sequence[str], joined: Sequence[tuple[str, str, int]]) -> Chart:
    """Return the pieces of a text below the pairs that were joined.

    `text` holds the pieces in their order, `joined` the two halves of each new piece with how often they stood side
    by side, in the order in which they were learned.
    """
    characters = sum(len(piece) for piece in text)
    count = f"{len(joined)} {'join makes' if len(joined) == 1 else 'joins make'}"
    summary = f"No join yet: the text has {characters} pieces, one for each character."
    if joined:
        left, right, times = joined[-1]
        summary = f"{count} {len(text)} {'piece' if len(text) == 1 else 'pieces'} of {characters} characters. "
        summary += f"The last one puts {listed([quoted(visible(left)), quoted(visible(right))])} together, "
        summary += f"which stood side by side {times} times."
    learned = "".join(_chip(visible(left + right), f"{times}×") for left, right, times in joined)
    html = (
        f'<p class="strip-name">Joins, in order{"" if joined else f": {NOTHING}"}</p>'
        f'<ol class="strip beside">{learned}</ol>'
        f'<p class="strip-name">The text in pieces</p>'
        f'<ol class="strip">{"".join(_chip(visible(piece)) for piece in text)}</ol>'
    )
    rows = tuple(
        (f"{n}", visible(left), visible(right), visible(left + right), float(times))
        for n, (left, right, times) in enumerate(joined, start=1)
    )
    table = Table(
        "Joins in the order in which they were learned", ("Join", "left", "right", "new piece", "times"), rows
    )
    return picture(html, summary=summary, table=table, reading=READING)


def _chip(label: str, note: str = "") -> str:
    told = f'<span class="note">{escape(note)}</span>' if note else ""
    return f'<li class="token"><span class="chip">{escape(shortened(label, 24))}</span>{told}</li>'
