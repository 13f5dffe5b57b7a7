import re
from xml.etree import ElementTree

from circuit_explainer.diagrams.three_ways import three_ways


def test_it_says_that_it_is_drawn_and_fits_a_phone() -> None:
    figure = ElementTree.fromstring(three_ways())
    drawn, caption = figure
    assert "Schematic: drawn, not computed." in "".join(caption.itertext())
    assert float(drawn.get("width") or "inf") <= 340


def test_information_flows_upwards_into_each_input_and_from_it() -> None:
    paths = [tuple(map(float, path)) for path in re.findall(r"M([\d.]+) ([\d.]+)L([\d.]+) ([\d.]+)", three_ways())]
    assert len(paths) == 8
    assert all(y1 < y0 for _, y0, _, y1 in paths)


def test_keys_and_values_are_the_sources_and_queries_the_destinations() -> None:
    figure = ElementTree.fromstring(three_ways())
    at = {}
    for group in figure.iter("g"):
        text = group.findtext("text")
        rect = group.find("rect")
        if text and rect is not None and text != "earlier head":
            left = float(rect.get("x") or 0)
            at[text] = (left, left + float(rect.get("width") or 0))
    for name, token in (("K offers", "source"), ("V gives", "source"), ("Q asks", "destination")):
        assert at[token][0] <= at[name][0]
        assert at[name][1] <= at[token][1]
