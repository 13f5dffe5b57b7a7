import re
from xml.etree import ElementTree

from circuit_explainer.diagrams.two_routes import two_routes


def test_it_says_that_it_is_drawn_and_fits_a_phone() -> None:
    drawn, caption = ElementTree.fromstring(two_routes())
    assert "Schematic: drawn, not computed." in "".join(caption.itertext())
    assert float(drawn.get("width") or "inf") <= 340


def test_both_routes_lead_from_the_source_to_the_destination_and_match_equal_tokens() -> None:
    figure = ElementTree.fromstring(two_routes())
    notes: dict[str, list[str]] = {"source": [], "destination": []}
    for group in figure.iter("g"):
        text = group.findtext("text") or ""
        if ":" in text:
            notes[group.get("class") or ""].append(text[-1])
    assert notes == {"source": ["B", "A"], "destination": ["B", "A"]}
    paths = [tuple(map(float, path)) for path in re.findall(r"M([\d.]+) ([\d.]+)L([\d.]+) ([\d.]+)", two_routes())]
    flat = [(x0, x1) for x0, y0, x1, y1 in paths if y0 == y1]
    assert len(flat) == 2
    assert all(x0 < x1 for x0, x1 in flat)
    # The others bring what a token is to the notes above it.
    assert all(y1 < y0 for _, y0, _, y1 in paths if y0 != y1)
    assert len(paths) == 6
