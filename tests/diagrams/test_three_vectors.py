from xml.etree import ElementTree

from circuit_explainer.diagrams.svg import room
from circuit_explainer.diagrams.three_vectors import three_vectors

MOST_WIDE = 340


def test_three_vectors_come_out_of_one() -> None:
    figure = ElementTree.fromstring(three_vectors())
    assert sum(group.get("class") == "flow" for group in figure.iter("g")) == 6
    texts = [text.text for text in figure.iter("text")]
    assert {"W_Q", "W_K", "W_V", "query", "key", "value"} <= set(texts)
    assert "Schematic" in "".join(figure.itertext())


def test_it_fits_a_phone_and_its_boxes_hold_their_texts() -> None:
    for group in ElementTree.fromstring(three_vectors()).iter("g"):
        rect, text = group.find("rect"), group.find("text")
        if rect is not None and text is not None:
            x, wide = float(rect.get("x") or 0), float(rect.get("width") or 0)
            assert x >= 0
            assert x + wide <= MOST_WIDE
            assert room(text.text or "", 0) <= wide
