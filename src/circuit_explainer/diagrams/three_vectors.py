"""One vector of the stream, seen through three tables of weights. A schematic."""

from __future__ import annotations

from circuit_explainer.diagrams.svg import arrow, box, diagram, label

WIDTH, BOX, GAP = 340.0, 100.0, 20.0
VECTORS = (
    ("W_Q", "query", "what it looks for", "destination"),
    ("W_K", "key", "what it offers", "source"),
    ("W_V", "value", "what it hands over", "box"),
)
SENTENCE = (
    "One vector of the stream goes through three tables of weights. Three vectors come out: query, key and value."
)


def three_vectors() -> str:
    """Return the picture of how query, key and value come from one vector, for a page's prose."""
    parts = [box(WIDTH / 2 - 96, 200, 192, "token in the stream", "token")]
    for n, (weights, name, meaning, kind) in enumerate(VECTORS):
        x = n * (BOX + GAP)
        middle = x + BOX / 2
        parts += [
            arrow(WIDTH / 2 + (middle - WIDTH / 2) * 0.6, 198, middle, 162),
            box(x + 20, 124, BOX - 40, weights, "head"),
            arrow(middle, 122, middle, 92),
            box(x, 54, BOX, name, kind),
            *(
                label(middle, 22 + 18 * line, text, "middle")
                for line, text in enumerate((meaning.rsplit(" ", 1)[0], meaning.rsplit(" ", 1)[1]))
            ),
        ]
    return diagram(WIDTH, 242, SENTENCE, *parts, schematic=True)
