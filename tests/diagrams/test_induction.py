import re
from xml.etree import ElementTree

import pytest

from circuit_explainer.diagrams.induction import induction

TOKENS = ["<BOS>", "cat₁", "sat", "cat₂"]
BEFORE = [0, 0, 1, 2]


def drawn(step: int) -> ElementTree.Element:
    return ElementTree.fromstring(induction(TOKENS, BEFORE, 2, "sat", step, "Told."))


def kinds(step: int, kind: str) -> int:
    return sum(group.get("class") == kind for group in drawn(step).iter("g"))


def test_each_step_adds_to_the_one_before() -> None:
    assert [kinds(step, "flow") + kinds(step, "off") for step in (1, 2, 3, 4)] == [0, 3, 4, 4]
    assert kinds(2, "flow") == 3
    # The way from the token before the source, by the note, to the last token.
    assert kinds(3, "flow") == kinds(4, "flow") == 2


def test_the_note_is_the_token_before() -> None:
    texts = [text.text for text in drawn(2).iter("text")]
    assert texts[-4:] == ["–", "<BOS>", "cat₁", "sat"]


def test_information_flows_upwards_from_source_to_destination() -> None:
    for path in re.findall(r"M([\d.]+) ([\d.]+)L([\d.]+) ([\d.]+)", induction(TOKENS, BEFORE, 2, "sat", 4, "Told.")):
        x0, y0, x1, y1 = map(float, path)
        assert y1 < y0
        assert x1 >= x0


def test_the_last_step_says_what_is_expected() -> None:
    assert [text.text for text in drawn(4).iter("text")][-1] == "sat"


@pytest.mark.parametrize(("found", "anchor"), [(2, "start"), (0, "end")])
def test_the_name_of_the_notes_leaves_room_for_the_arrow_from_the_source(found: int, anchor: str) -> None:
    figure = ElementTree.fromstring(induction(TOKENS, BEFORE, found, "sat", 4, "Told."))
    name = next(text for text in figure.iter("text") if (text.text or "").startswith("layer 0"))
    assert name.get("text-anchor") == anchor


def test_there_are_four_steps() -> None:
    with pytest.raises(ValueError, match="step must be from 1 to 4. Got 5."):
        induction(TOKENS, BEFORE, 2, "sat", 5, "Told.")
