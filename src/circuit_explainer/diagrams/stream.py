"""The residual streams of two tokens, with what reads from them and what adds to them. A schematic.

After the picture of the residual stream in Elhage et al. (2021): layers from the foot up, time from left to right.
"""

from __future__ import annotations

from circuit_explainer.diagrams.svg import arrow, box, diagram, label

WIDTH, ROW, TOP = 340.0, 104.0, 50.0
END, HIGH = 108.0, 34.0  # the boxes at the ends of a stream
EARLIER, HERE = 55.0, 285.0
LEFT, RIGHT = 126.0, 214.0  # the edges of a layer's box
SENTENCE = (
    "Each token has a stream, from its embedding up to its unembedding. A layer reads from the streams and adds to "
    "this one; what it adds to the other is left out."
)


def stream(layers: int = 2) -> str:
    """Return the picture of two tokens' streams through some layers, for a page's prose."""
    foot = TOP + ROW * layers
    parts = []
    for x, name in ((EARLIER, "earlier token"), (HERE, "this token")):
        parts += [
            arrow(x, foot + 14, x, TOP - 12),
            box(x - END / 2, TOP - 14 - HIGH, END, "unembedding", "token", HIGH),
            box(x - END / 2, foot + 16, END, "embedding", "token", HIGH),
            label(x, foot + 70, name, "middle"),
        ]
    for layer in range(layers):
        y = foot - ROW * (layer + 1) + 30
        parts += [
            box(LEFT, y, RIGHT - LEFT, f"layer {layer}", "head", 44),
            arrow(EARLIER, y + 34, LEFT - 2, y + 34),
            label((EARLIER + LEFT) / 2, y + 27, "reads", "middle"),
            arrow(HERE, y + 34, RIGHT + 2, y + 34),
            label((HERE + RIGHT) / 2, y + 52, "reads", "middle"),
            arrow(RIGHT, y + 10, HERE - 2, y + 10),
            label((HERE + RIGHT) / 2, y + 3, "adds", "middle"),
        ]
    return diagram(WIDTH, foot + 78, SENTENCE, *parts, schematic=True)
