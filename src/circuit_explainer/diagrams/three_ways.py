"""The three ways in which a head uses what an earlier head wrote: by its queries, its keys or its values.

After the composition of heads in Elhage et al. (2021). Drawn, not computed.
"""

from __future__ import annotations

from circuit_explainer.diagrams.svg import HEIGHT, arrow, box, diagram

WIDTH = 332.0
# Left edge and width of the two columns: a token is looked at, another one asks.
SOURCE, DESTINATION = (2.0, 174.0), (198.0, 128.0)
TOP, INPUTS, EARLIER, GROUND = 8.0, 92.0, 176.0, 248.0
SENTENCE = (
    "What the earlier head wrote at the source reaches the later head by its keys and its values; what it wrote at the "
    "destination, by its queries."
)


def three_ways() -> str:
    """Return the picture: two tokens, the earlier head at each of them, and the later head with its three inputs."""
    parts = [box(SOURCE[0], TOP, sum(DESTINATION) - SOURCE[0], "later head", "head")]
    for x, text in ((SOURCE[0], "K offers"), (SOURCE[0] + 90, "V gives"), (DESTINATION[0] + 22, "Q asks")):
        middle = x + 42
        parts += [
            box(x, INPUTS, 84, text, "head"),
            arrow(middle, EARLIER - 2, middle, INPUTS + HEIGHT + 4),
            arrow(middle, INPUTS - 2, middle, TOP + HEIGHT + 4),
        ]
    for (x, width), kind in ((SOURCE, "source"), (DESTINATION, "destination")):
        parts += [
            box(x, EARLIER, width, "earlier head", "head"),
            arrow(x + width / 2, GROUND - 2, x + width / 2, EARLIER + HEIGHT + 4),
            box(x, GROUND, width, kind, kind),
        ]
    return diagram(WIDTH, GROUND + HEIGHT + 8, SENTENCE, *parts, schematic=True)
