"""The static markup is labelled, escaped, and complete without any script."""

import json
import re
from dataclasses import replace
from html import unescape

import pytest

from circuit_explainer.exhibits import Choice, Several, Slider, Text, Toggle, exhibit, form, markup
from tests.exhibits.sample import SampleChart, SampleTable


@exhibit(
    text=Text('a "b" <c>', examples=("x <y>",), shared=True),
    layer=Choice(0, 1, default=1),
    model=Choice("a", "b", "c", "d", "e", "f"),
    scale=Slider(0, 1, 0.5, step=0.1, unit="nats"),
    mask=Toggle(True, label="Mask the future"),
)
def sample(text: str, layer: int, model: str, scale: float, mask: bool) -> SampleChart:
    return SampleChart()


HTML = markup.exhibit(sample, SampleChart(), title="Shows <this>", height=300, code="CODE")


def test_every_control_has_a_visible_label_tied_to_it() -> None:
    for name in ("text", "model", "scale"):
        assert f'<label for="sample-{name}">' in HTML
        assert re.search(rf'id="sample-{name}" name="sample-{name}" data-control="{name}"', HTML)
    assert "<legend>Layer</legend>" in HTML
    assert re.search(r'<label class="field-toggle"><input type="checkbox" [^>]*checked> Mask the future</label>', HTML)


def test_few_options_are_radio_buttons_and_many_a_list() -> None:
    radios = re.findall(r'type="radio" name="sample-layer" data-control="layer" value="(\d)"( checked)?', HTML)
    assert radios == [("0", ""), ("1", " checked")]
    assert '<select id="sample-model"' in HTML


def test_a_slider_says_its_value_and_unit() -> None:
    assert 'Scale: <output for="sample-scale">0.5 nats</output>' in HTML
    assert 'data-unit="nats"' in HTML
    assert 'aria-valuetext="0.5 nats"' in HTML


def test_a_slider_with_names_shows_them() -> None:
    html = form.field("e", "step", Slider(0, 2, 1, names=("first", "<b>", "last")))
    assert '<output for="e-step">&lt;b&gt;</output>' in html
    assert unescape(re.findall(r'data-names="([^"]+)"', html)[0]) == '["first", "<b>", "last"]'


def test_what_can_be_dragged_can_be_pressed_too() -> None:
    """WCAG 2.5.7: a slider has buttons that do the same."""
    html = form.field("e", "step", Slider(0, 2, 1))
    assert re.findall(r'data-step="(-?1)" aria-label="([^"]+)"', html) == [("-1", "Step: less"), ("1", "Step: more")]


def test_steps_have_back_and_next() -> None:
    html = form.field("e", "stage", Choice("one", "two", steps=True))
    assert re.findall(r'data-step="(-?1)">(\w+)<', html) == [("-1", "Back"), ("1", "Next")]
    assert html.count("<option") == 2


def test_several_options_are_boxes_of_one_name() -> None:
    html = form.field("e", "paths", Several("a", "b", default=("b",)))
    assert re.findall(r'data-control="paths" data-several value="(\w)"( checked)?', html) == [
        ("a", ""),
        ("b", " checked"),
    ]
    assert "<legend>Paths</legend>" in html


def test_a_long_menu_has_parts() -> None:
    html = form.field("e", "view", Choice(*"abcdef", default="e", groups={"First & one": 2, "Second": 4}))
    assert re.findall(r'<optgroup label="([^"]+)">(.*?)</optgroup>', html) == [
        ("First &amp; one", '<option value="a">a</option><option value="b">b</option>'),
        (
            "Second",
            '<option value="c">c</option><option value="d">d</option>'
            '<option value="e" selected>e</option><option value="f">f</option>',
        ),
    ]
    with pytest.raises(ValueError, match="must hold all of its 2 options. Got {'One': 1}"):
        Choice("a", "b", groups={"One": 1})


def test_more_than_five_controls_are_folded() -> None:
    @exhibit(c0=Toggle(), c1=Toggle(), c2=Toggle(), c3=Toggle(), c4=Toggle(), c5=Toggle(), c6=Toggle())
    def many(c0: bool, c1: bool, c2: bool, c3: bool, c4: bool, c5: bool, c6: bool) -> SampleChart:
        return SampleChart()

    shown, folded = form.form(many).split('<details class="more">')
    assert re.findall(r'data-control="(c\d)"', shown) == ["c0", "c1", "c2", "c3", "c4"]
    assert re.findall(r'data-control="(c\d)"', folded) == ["c5", "c6"]


def test_a_picture_stands_in_the_page_itself() -> None:
    picture = replace(SampleChart(), figure={"html": "<svg>picture</svg>"})
    html = markup.exhibit(sample, picture, title="T", height=300, code="")
    assert re.search(r'data-role="chart"[^>]*role="group"[^>]*><svg>picture</svg></div>', html)
    assert html.count("<svg>") == 1


def test_a_figure_has_its_height_before_it_is_drawn_and_a_picture_that_of_itself() -> None:
    assert 'data-role="chart" data-search-exclude style="height:15rem"' in HTML
    picture = replace(SampleChart(), figure={"html": "<svg>picture</svg>"})
    assert "height:" not in markup.exhibit(sample, picture, title="T", height=300, code="")


def test_the_chart_is_described_by_its_sentence() -> None:
    assert re.search(r'data-role="chart"[^>]*aria-describedby="sample-summary"', HTML)
    assert re.search(r'id="sample-summary" data-role="summary"', HTML)


def test_every_control_has_a_place_for_its_error() -> None:
    assert set(re.findall(r'data-error-for="(\w+)"', HTML)) == {"text", "layer", "model", "scale", "mask"}
    assert re.findall(r'aria-describedby="(sample-\w+-error)"', HTML) == re.findall(r'id="(sample-\w+-error)"', HTML)


def test_the_page_says_what_the_chart_shows_without_any_script() -> None:
    assert "Says &lt;it&gt;." in HTML
    assert "Shows &lt;this&gt;" in HTML
    assert '<td data-value="0.12345">0.123</td>' in HTML
    assert "CODE" in HTML


def test_text_from_anywhere_is_escaped() -> None:
    assert 'value="a &quot;b&quot; &lt;c&gt;"' in HTML
    assert 'data-example="x &lt;y&gt;"' in HTML
    assert '<th scope="row">&lt;BOS&gt;</th>' in HTML
    assert "A &amp; B" in HTML
    assert "<it>" not in HTML


def test_the_figure_cannot_close_its_element_and_is_json() -> None:
    found = re.search(r'<template data-role="figure" data-search-exclude>(.*?)</template>', HTML)
    assert found is not None
    assert json.loads(unescape(found[1])) == {"data": [], "layout": {"title": "</template>"}}


def test_a_figure_with_nan_is_refused() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        markup.data("x", {"x": float("nan")})


def test_shared_controls_are_marked() -> None:
    assert HTML.count("data-shared") == 1


def test_an_exhibit_without_controls_has_no_form() -> None:
    @exhibit()
    def fixed() -> SampleChart:
        return SampleChart()

    html = markup.exhibit(fixed, SampleChart(), title="T", height=200, code="")
    assert "<form" not in html
    assert "Reset" not in html


def test_empty_cells_stay_empty() -> None:
    assert markup.table(SampleTable()).endswith('<th scope="row">x</th><td></td></tr></tbody></table>')
