import pytest

from circuit_explainer import charts


def test_each_token_is_a_chip_with_its_note() -> None:
    chart = charts.strip(["<BOS>", "a b", "x", "x"], ["0", "1", "2", "<3>"], quantity="Number", summary="Told.")
    html = chart.figure["html"]
    assert html.count("<li") == 4
    assert "&lt;BOS&gt;" in html
    assert "a␣b" in html
    assert "x₂" in html
    assert "&lt;3&gt;" in html
    assert chart.table.columns == ("Token", "Number")
    assert chart.table.rows[3] == ("x₂", "<3>")


def test_who_asks_and_who_answers_are_told_apart() -> None:
    html = charts.strip(["a", "b", "c"], ["", "", ""], quantity="q", summary="s", asks=2, answers=[0]).figure["html"]
    assert [part.split('"')[0] for part in html.split('<li class="')[1:]] == ["source", "token", "destination"]


def test_what_does_not_fit() -> None:
    with pytest.raises(ValueError, match="notes must hold 2 texts, one for each token. Got 1."):
        charts.strip(["a", "b"], ["1"], quantity="q", summary="s")


def test_a_picture_has_no_plotly_figure_but_shows_in_a_notebook() -> None:
    chart = charts.strip(["a"], ["1"], quantity="q", summary="Says <it>.")
    assert chart._repr_mimebundle_()["text/plain"] == "Says <it>."
    assert chart._repr_html_().startswith('<ol class="strip">')
    assert "Says &lt;it&gt;." in chart._repr_html_()
    with pytest.raises(TypeError, match="a picture"):
        chart.to_plotly()


def test_parts_that_can_be_pressed_say_what_they_do() -> None:
    setting = charts.part("<rect/>", "head", "L0H1", 'Show "L0H1"')
    assert 'data-set="head=L0H1"' in setting
    assert 'aria-label="Show &quot;L0H1&quot;"' in setting
    assert "aria-pressed" not in setting
    switch = charts.part("<rect/>", "paths", "direct", "Direct path", pressed=False)
    assert 'data-set="paths:direct"' in switch
    assert 'aria-pressed="false"' in switch
