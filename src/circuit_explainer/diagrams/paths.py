"""The stream with the heads that read from it and add to it, and the paths through it, side by side.

After "A Mathematical Framework for Transformer Circuits" (Elhage et al., 2021): without MLPs and with frozen patterns
the logits are a sum with one term for each path.
"""

from __future__ import annotations

from collections.abc import Sequence

from circuit_explainer.diagrams.svg import HEIGHT, arrow, box, diagram, drawing, label

# Within a margin for the ring around the part that has the focus.
WIDTH, EDGE = 328.0, 6.0
# From above: the sum, the frames of the paths with a row for each layer, the embedding.
FRAME, ROW, FOOT = 42.0, 54.0, 26.0
NUMBER = 32.0


def stream(sentence: str) -> str:
    """Return the schematic of a stream with one head in each of two layers."""
    middle, left, wide = 60.0, 170.0, 150.0
    parts = [
        box(0, 220, 2 * middle, "embedding"),
        arrow(middle, 218, middle, HEIGHT + 4),
        box(0, 0, 2 * middle, "logits"),
    ]
    for layer, y in ((0, 134.0), (1, 52.0)):
        parts += [
            arrow(middle + 2, y + 46, left - 2, y + 26),
            box(left, y, wide, f"head of layer {layer}", "head"),
            arrow(left - 2, y + 8, middle + 4, y - 8),
            label(left, y + 52, "reads below, adds above"),
        ]
    return diagram(left + wide + 2, 220 + HEIGHT + 2, sentence, *parts, schematic=True)


def path(x: float, width: float, heads: Sequence[str], number: str, on: bool, layers: int = 2) -> str:
    """Return one path as a column in a frame, whose left edge is `x`.

    `heads` are the names of what it passes, such as "L0H1" or "L0"; none for the direct path. `number` stands at its
    upper end. Spaces keep the words apart where they are read out as one name.
    """
    kind, middle = "flow" if on else "off", x + width / 2
    top, bottom = FRAME + NUMBER, FRAME + NUMBER + layers * ROW + FOOT
    parts = [
        f'<rect x="{x:g}" y="{FRAME:g}" width="{width:g}" height="{bottom - FRAME:g}" rx="6"/>',
        f'<text x="{middle:g}" y="{FRAME + 20:g}" text-anchor="middle">{number} </text>',
    ]
    y = bottom - 4
    if not heads:
        parts.append(label(middle, bottom - 10, "direct", "middle"))
        y = bottom - 26
    for name in heads:
        upper = top + (layers - 1 - int(name[1])) * ROW + 14
        parts += [arrow(middle, y, middle, upper + HEIGHT + 2, kind), box(x + 4, upper, width - 8, f"{name} ", "head")]
        y = upper - 2
    parts.append(arrow(middle, y, middle, top - 6, kind))
    return f'<g class="{"path" if on else "off"}">{"".join(parts)}</g>'


def paths(columns: Sequence[str], above: str, below: str, sentence: str, layers: int = 2) -> str:
    """Return the picture of paths, made by `path`, between two boxes with a text each."""
    bottom = FRAME + NUMBER + layers * ROW + FOOT
    parts = [box(EDGE, 1, WIDTH, above), *columns, box(EDGE, bottom + 8, WIDTH, below)]
    return drawing(WIDTH + 2 * EDGE, bottom + 8 + HEIGHT + 1, sentence, *parts, pressed=True)
