from xml.etree import ElementTree

from circuit_explainer.diagrams import svg


def test_a_diagram_is_a_picture_with_a_sentence() -> None:
    figure = svg.diagram(
        200, 90, "“a” < b", svg.box(0, 0, svg.room("cat₁"), "cat₁", "token"), svg.arrow(0, 40, 50, 80), schematic=True
    )
    root = ElementTree.fromstring(figure)
    picture = root.find("svg")
    assert picture is not None
    assert picture.get("role") == "img"
    assert picture.get("aria-label") == "“a” < b"
    caption = root.find("figcaption")
    assert caption is not None
    assert "".join(caption.itertext()) == "Schematic: drawn, not computed. “a” < b"
    assert [text.text for text in picture.iter("text")] == ["cat₁"]


def test_an_arrow_goes_from_where_information_comes() -> None:
    group = ElementTree.fromstring(svg.arrow(1, 50, 1, 10, "off"))
    path, tip = group
    assert group.get("class") == "off"
    assert path.get("d") == "M1 50L1.0 20.0"
    assert (tip.get("points") or "").split()[0] == "1.0,10.0"


def test_parts_that_can_be_pressed_are_not_hidden_in_an_image() -> None:
    assert ElementTree.fromstring(svg.drawing(9, 9, "s", pressed=True)).get("role") == "group"
    assert ElementTree.fromstring(svg.drawing(9, 9, "s")).get("role") == "img"


def test_a_box_is_as_wide_as_its_text() -> None:
    assert svg.room("blocks.0.attn.hook_pattern") > 8 * 26
    assert svg.room("a") == 30


def test_a_drawing_shrinks_no_further_than_its_text_can_be_read() -> None:
    assert 'width="700"' in svg.drawing(700, 10, "x")
    assert 'style="min-width:600px"' in svg.drawing(700, 10, "x")
