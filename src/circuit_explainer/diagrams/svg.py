"""The shapes that every diagram is drawn with. Lengths are in CSS pixels of a diagram 640 wide or less."""

from __future__ import annotations

from html import escape

# A line of mono text of 14 px: room for each letter.
LETTER = 8.5
HEIGHT = 34.0


def diagram(width: float, height: float, sentence: str, *parts: str, schematic: bool = False) -> str:
    """Return the whole figure. A `schematic` says so: nothing in it was computed."""
    note = "<span>Schematic: drawn, not computed.</span> " if schematic else ""
    return (
        f'<figure class="diagram"><svg viewBox="0 0 {width:g} {height:g}" width="{width:g}" height="{height:g}" '
        f'role="img" aria-label="{escape(sentence)}">{HEAD}{"".join(parts)}</svg>'
        f"<figcaption>{note}{escape(sentence, quote=False)}</figcaption></figure>"
    )


def box(x: float, y: float, width: float, text: str, kind: str = "", height: float = HEIGHT) -> str:
    """Return a box with a line of text in its middle; (`x`, `y`) is its upper left corner.

    `kind` is a class: "token", "destination" (it asks), "source" (it answers), "head", "off", or none.
    """
    return (
        f'<g class="{kind or "box"}"><rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="6"/>'
        f'<text x="{x + width / 2:g}" y="{y + height / 2:g}" text-anchor="middle" dominant-baseline="central">'
        f"{escape(text, quote=False)}</text></g>"
    )


def label(x: float, y: float, text: str, anchor: str = "start") -> str:
    """Return a line of plain text; `anchor` is start, middle or end."""
    return f'<text class="label" x="{x:g}" y="{y:g}" text-anchor="{anchor}">{escape(text, quote=False)}</text>'


def arrow(x0: float, y0: float, x1: float, y1: float, kind: str = "flow") -> str:
    """Return an arrow from where information comes to where it goes. `kind` is "flow" or "off"."""
    return f'<path class="{kind}" d="M{x0:g} {y0:g}L{x1:g} {y1:g}" marker-end="url(#arrow-{kind})"/>'


def room(text: str, least: float = 44.0) -> float:
    """Return the width of a box for a line of mono text."""
    return max(least, LETTER * len(text) + 20)


HEAD = (
    "<defs>"
    + "".join(
        f'<marker id="arrow-{kind}" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" '
        f'orient="auto-start-reverse"><path class="tip-{kind}" d="M0 0L10 5L0 10z"/></marker>'
        for kind in ("flow", "off")
    )
    + "</defs>"
)
