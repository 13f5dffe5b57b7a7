import re

import pytest

from circuit_explainer.diagrams.head_grid import head_grid


def test_marked_heads_carry_their_letter_in_their_place() -> None:
    html = head_grid(3, 2, {"I": [(2, 1)], "P": [(0, 0)]}, "I is induction, P is previous token.")
    boxes = re.findall(r'<g class="(\w+)"><rect x="([\d.]+)" y="([\d.]+)".*?>([^<]*)</text></g>', html)
    assert len(boxes) == 6
    named = {letter: (float(x), float(y)) for kind, x, y, letter in boxes if kind == "named"}
    assert set(named) == {"I", "P"}
    # Layers go up, heads to the right.
    assert named["I"][0] > named["P"][0]
    assert named["I"][1] < named["P"][1]
    assert "Schematic: drawn, not computed." in html
    assert 'aria-label="I is induction, P is previous token."' in html


@pytest.mark.parametrize("marks", [{"I": [(3, 0)]}, {"I": [(0, 0)], "P": [(0, 0)]}, {"I": [(0, -1)]}])
def test_what_has_no_place(marks: dict[str, list[tuple[int, int]]]) -> None:
    with pytest.raises(ValueError, match="Each head needs one letter and a place in 3 layers of 2. Got"):
        head_grid(3, 2, marks, "x")
