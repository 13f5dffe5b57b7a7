from xml.etree import ElementTree

from circuit_explainer.diagrams import paths


def texts(svg: str) -> list[str]:
    return [(text.text or "").strip() for text in ElementTree.fromstring(svg).iter("text")]


def test_the_stream_is_a_schematic() -> None:
    figure = paths.stream("Read and add.")
    assert "Schematic: drawn, not computed." in figure
    assert texts(figure)[:2] == ["embedding", "logits"]


def test_a_path_passes_its_heads_from_below_to_above() -> None:
    column = ElementTree.fromstring(paths.path(0, 50, ["L0H1", "L1H0"], "+1.00", True))
    lower, upper = (group for group in column if group.get("class") == "head")
    assert texts(ElementTree.tostring(column, "unicode")) == ["+1.00", "L0H1", "L1H0"]
    assert float(lower[0].get("y") or 0) > float(upper[0].get("y") or 0)
    tips = [tip.get("points", "").split()[0] for tip in column.iter("polygon")]
    heights = [float(tip.split(",")[1]) for tip in tips]
    assert heights == sorted(heights, reverse=True)
    assert len(heights) == 3


def test_a_path_that_is_off_is_drawn_as_off() -> None:
    column = ElementTree.fromstring(paths.path(0, 50, [], "0.00", False))
    assert column.get("class") == "off"
    assert [group.get("class") for group in column.iter("g")] == ["off", "off"]
    assert "direct" in texts(paths.path(0, 50, [], "0.00", False))


def test_the_paths_fit_a_phone() -> None:
    svg = ElementTree.fromstring(paths.paths([], "above", "below", "Told."))
    assert float(svg.get("width") or 999) <= 340
    assert svg.get("role") == "group"
