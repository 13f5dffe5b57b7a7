"""All heads of a model as a grid, those that have a name marked with a letter: layers from the bottom up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from circuit_explainer.diagrams.svg import box, diagram

CELL, GAP, LEFT, FOOT = 21.0, 3.0, 32.0, 20.0
# Half a line's width: the frames of the uppermost row.
TOP = 1.0


def head_grid(layers: int, heads: int, marks: Mapping[str, Sequence[tuple[int, int]]], sentence: str) -> str:
    """Return the grid; what it shows is told, not computed.

    `marks` gives the (layer, head) pairs of each letter, and `sentence` says what the letters stand for. Raises
    ValueError for a head that the grid lacks, or one with two letters.
    """
    of: dict[tuple[int, int], str] = {}
    for letter, chosen in marks.items():
        for place in chosen:
            if place in of or not (0 <= place[0] < layers and 0 <= place[1] < heads):
                raise ValueError(f"Each head needs one letter and a place in {layers} layers of {heads}. Got {place}.")
            of[place] = letter
    pitch = CELL + GAP
    parts: list[str] = []
    for layer in range(layers):
        y = TOP + (layers - 1 - layer) * pitch
        parts.append(_small(LEFT - 6, y + CELL / 2, f"L{layer}", "end"))
        for head in range(heads):
            letter = of.get((layer, head), "")
            parts.append(box(LEFT + head * pitch, y, CELL, letter, "named" if letter else "unnamed", CELL))
    ground = TOP + layers * pitch
    parts += [_small(LEFT + head * pitch + CELL / 2, ground + 8, str(head), "middle") for head in range(heads)]
    return diagram(LEFT + heads * pitch, ground + FOOT, sentence, *parts, schematic=True)


def _small(x: float, y: float, text: str, anchor: str) -> str:
    return f'<text class="small" x="{x:g}" y="{y:g}" text-anchor="{anchor}" dominant-baseline="central">{text}</text>'
