"""The induction circuit in four steps, over the tokens of a text: who reads from whom, layer by layer.

The mechanism is that of Elhage et al. (2021). What is drawn is what a run of a model did: its strongest attention.
"""

from __future__ import annotations

from collections.abc import Sequence

from circuit_explainer.diagrams.svg import HEIGHT, arrow, box, drawing, label, room

STEPS = 4
GAP, ROW = 4.0, 92.0
NOTES = "layer 0: “before me”"
TOP = 2.0
# A row's name that would meet the arrow from a source left of here stands at the right.
NAME = 110.0


def induction(tokens: Sequence[str], before: Sequence[int], found: int, expected: str, step: int, sentence: str) -> str:
    """Return the picture of one step, from 1 to 4, with what the steps before it did in the background.

    `tokens` are labels; `before[i]` is the position that token i reads in layer 0, and `found` the one that the last
    token reads in layer 1; `expected` is the label of the likeliest next token and `sentence` the name of the picture.
    Raises ValueError for another step.
    """
    if not 1 <= step <= STEPS:
        raise ValueError(f"step must be from 1 to {STEPS}. Got {step}.")
    notes = ["–" if i == at else tokens[at] for i, at in enumerate(before)]
    widths = [max(room(token), room(note)) for token, note in zip(tokens, notes, strict=True)]
    left = [sum(widths[:i]) + GAP * i for i in range(len(tokens))]
    middle = [x + width / 2 for x, width in zip(left, widths, strict=True)]
    asks, ground = len(tokens) - 1, TOP + 2 * ROW
    note_y, end_y = ground - ROW, ground - 2 * ROW
    parts = [label(left[0], ground + HEIGHT + 18, "tokens")]
    for i, token in enumerate(tokens):
        kind = "destination" if i == asks else "source" if i == found and step == 4 else "token"
        parts.append(box(left[i], ground, widths[i], token, kind))
    if step >= 2:
        right = middle[found] < NAME
        name = label(left[-1] + widths[-1] if right else left[0], note_y - 8, NOTES, "end" if right else "start")
        parts.append(name)
        for i, note in enumerate(notes):
            kind = "source" if i == found and step == 3 else "note"
            parts.append(box(left[i], note_y, widths[i], note, kind))
            if before[i] != i:
                used = step == 2 or (i == found and found)
                parts.append(_up(middle[before[i]], ground, middle[i], note_y + HEIGHT, bool(used)))
    if step >= 3:
        parts.append(_up(middle[found], note_y, middle[asks], end_y + HEIGHT, True))
        text = expected if step == 4 else "?"
        width = max(widths[asks], room(text))
        parts.append(label(left[0], end_y + 20, "layer 1, at the last token"))
        parts.append(box(middle[asks] - width / 2, end_y, width, text, "destination"))
    return drawing(left[-1] + widths[-1] + 12, ground + HEIGHT + 26, sentence, *parts)


def _up(x0: float, y0: float, x1: float, y1: float, now: bool) -> str:
    return arrow(x0, y0 - 2, x1, y1 + 4, "flow" if now else "off")
