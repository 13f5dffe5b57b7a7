"""The two routes by which an induction head finds the token after an earlier copy, where two notes were left there.

The first is that of Elhage et al. (2021). The second was found in `induction-2l`: another head of layer 0 looks two
steps back. Drawn, not computed.
"""

from __future__ import annotations

from circuit_explainer.diagrams.svg import HEIGHT, arrow, box, diagram, label, room

WIDTH = 340.0
TWO, ONE, GROUND = 8.0, 92.0, 186.0
# Left edges of the notes at the source and at the destination.
SOURCE, DESTINATION = 68.0, 250.0
TOKENS = ((8.0, "A", "token"), (54.0, "B", "token"), (100.0, "C", "source"), (178.0, "A", "token"))
SENTENCE = (
    "Route 1 matches the token that asks, B, with the note that L0H1 left at C. Route 2 matches the note that L0H1 "
    "left at the token that asks with the note that L0H0 left at C."
)


def two_routes() -> str:
    """Return the picture: A B C and again A B, with the notes at C and at the last B, and a route for each match."""
    wide = room("1 back: B")
    last = DESTINATION + (wide - 36) / 2
    parts = [label(157, GROUND + HEIGHT / 2 + 5, "…", "middle"), box(last, GROUND, 36, "B", "destination")]
    parts += [box(x, GROUND, 36, text, kind) for x, text, kind in TOKENS]
    for number, y, left, right in ((1, ONE, "1 back: B", "itself: B"), (2, TWO, "2 back: A", "1 back: A")):
        middle = y + HEIGHT / 2
        parts += [
            box(SOURCE, y, wide, left, "source"),
            box(DESTINATION, y, wide, right, "destination"),
            arrow(SOURCE + wide + 2, middle, DESTINATION - 4, middle),
            label((SOURCE + wide + DESTINATION) / 2, middle - 8, f"route {number}", "middle"),
        ]
    for x, to, y in (
        (TOKENS[1][0] + 18, SOURCE + 24, ONE),
        (TOKENS[0][0] + 18, SOURCE + 4, TWO),
        (last + 18, last + 18, ONE),
        (TOKENS[3][0] + 18, DESTINATION + 4, TWO),
    ):
        parts.append(arrow(x, GROUND - 2, to, y + HEIGHT + 4))
    return diagram(WIDTH, GROUND + HEIGHT + 8, SENTENCE, *parts, schematic=True)
