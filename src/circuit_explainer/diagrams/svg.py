"""The shapes that every diagram is drawn with. Lengths are in CSS pixels of a diagram 640 wide or less."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

# A line of mono text of 14 px: room for each letter.
LETTER = 8.5
HEIGHT = 34.0
# A drawing may shrink until its text of 14 px has 12.
SHRINK = 12 / 14
# Length of an arrow's head.
HEAD = 10.0


def diagram(width: float, height: float, sentence: str, *parts: str, schematic: bool = False) -> str:
    """Return a whole figure for a page's prose. A `schematic` says so: nothing in it was computed."""
    note = "<span>Schematic: drawn, not computed.</span> " if schematic else ""
    caption = f"<figcaption>{note}{escape(sentence, quote=False)}</figcaption>"
    return f'<figure class="diagram">{drawing(width, height, sentence, *parts)}{caption}</figure>'


def drawing(width: float, height: float, sentence: str, *parts: str, pressed: bool = False, grows: bool = True) -> str:
    """Return the picture alone, for an exhibit.

    `pressed` says that it has parts that can be pressed, `grows` that it is larger where there is room.
    """
    # The parts of an image are hidden from screen readers; those of a group are not.
    role, kind = "group" if pressed else "img", "drawing grows" if grows else "drawing"
    size = f'viewBox="0 0 {width:g} {height:g}" width="{width:g}" height="{height:g}"'
    size += f' style="min-width:{width * SHRINK:.0f}px"'
    return f'<svg class="{kind}" {size} role="{role}" aria-label="{escape(sentence)}">{"".join(parts)}</svg>'


def box(x: float, y: float, width: float, text: str, kind: str = "", height: float = HEIGHT) -> str:
    """Return a box with a line of text in its middle; (`x`, `y`) is its upper left corner.

    `kind` is a class: "token", "destination" (it asks), "source" (it answers), "head", "off", or none.
    """
    return (
        f'<g class="{kind or "box"}"><rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="6"/>'
        f'<text x="{x + width / 2:g}" y="{y + height / 2:g}" text-anchor="middle" dominant-baseline="central">'
        f"{escape(text, quote=False)}</text></g>"
    )


def text_box(x: float, y: float, width: float, height: float, lines: Sequence[str], kind: str = "box") -> str:
    """Return a box with lines of small text from the top; the first is in mono, the others are plain labels."""
    texts = "".join(
        f'<text class="{"label small" if n else "small"}" x="{x + 5:g}" y="{y + 15 + 15 * n:g}">'
        f"{escape(line, quote=False)} </text>"
        for n, line in enumerate(lines)
    )
    return f'<g class="{kind}"><rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="6"/>{texts}</g>'


def part(html: str, control: str, value: str, name: str = "", *, pressed: bool | None = None) -> str:
    """Return SVG `html` as a part that can be pressed: it sets `control` to `value`.

    `name` says what pressing does, where the texts in the part do not. `pressed` tells, and makes it a switch,
    whether the option is on.
    """
    state = "" if pressed is None else f' aria-pressed="{str(pressed).lower()}"'
    joint = "=" if pressed is None else ":"
    named = f' aria-label="{escape(name)}"' if name else ""
    return (
        f'<g class="part" role="button" tabindex="0" data-set="{escape(f"{control}{joint}{value}")}"'
        f"{named}{state}>{html}</g>"
    )


def label(x: float, y: float, text: str, anchor: str = "start") -> str:
    """Return a line of plain text; `anchor` is start, middle or end."""
    return f'<text class="label" x="{x:g}" y="{y:g}" text-anchor="{anchor}">{escape(text, quote=False)}</text>'


def arrow(x0: float, y0: float, x1: float, y1: float, kind: str = "flow") -> str:
    """Return an arrow from where information comes to where it goes. `kind` is "flow" or "off"."""
    length = math.hypot(x1 - x0, y1 - y0) or 1.0
    along, across = ((x1 - x0) / length, (y1 - y0) / length), (-(y1 - y0) / length, (x1 - x0) / length)
    back = [(x1 - HEAD * along[0] + side * across[0], y1 - HEAD * along[1] + side * across[1]) for side in (-4.5, 4.5)]
    tip = " ".join(f"{x:.1f},{y:.1f}" for x, y in ((x1, y1), *back))
    end = (x1 - HEAD * along[0], y1 - HEAD * along[1])
    return f'<g class="{kind}"><path d="M{x0:g} {y0:g}L{end[0]:.1f} {end[1]:.1f}"/><polygon points="{tip}"/></g>'


def room(text: str, least: float = 30.0) -> float:
    """Return the width of a box for a line of mono text."""
    return max(least, LETTER * len(text) + 12)
