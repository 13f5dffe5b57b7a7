from xml.etree import ElementTree

from circuit_explainer.diagrams.stream import stream

MOST_WIDE = 340


def test_a_layer_reads_twice_and_adds_once() -> None:
    for layers in (1, 2):
        figure = ElementTree.fromstring(stream(layers))
        texts = [text.text for text in figure.iter("text")]
        assert texts.count("reads") == 2 * layers
        assert texts.count("adds") == layers
        assert sum(group.get("class") == "flow" for group in figure.iter("g")) == 3 * layers + 2


def test_it_fits_a_phone_and_says_that_it_is_a_schematic() -> None:
    figure = ElementTree.fromstring(stream())
    picture = figure.find("svg")
    assert picture is not None
    assert float(picture.get("width") or 0) <= MOST_WIDE
    assert "Schematic" in "".join(figure.itertext())
    for rect in figure.iter("rect"):
        assert float(rect.get("x") or 0) >= 0
        assert float(rect.get("x") or 0) + float(rect.get("width") or 0) <= MOST_WIDE
