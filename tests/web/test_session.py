"""The worker's answers, as plain data in CPython: what the page is told when things go right and wrong."""

import json

import pytest

from circuit_explainer.core.steps import finished
from circuit_explainer.web import session

SETUP = """
from circuit_explainer import charts, zoo
from circuit_explainer.exhibits import Choice, Text, exhibit
model = zoo.load("by-hand")
"""
EXHIBIT = """
@exhibit(layer=Choice(0, 1), text=Text("a b a"))
def pattern(text, layer):
    logits, cache = model.run_with_cache(text)
    return charts.attention(cache["pattern", layer][0, 0], model.to_str_tokens(text))
"""


def blocks(*sources: str) -> list[dict[str, object]]:
    return [{"source": source, "line": 10 * n} for n, source in enumerate(sources, start=1)]


@pytest.fixture
def page() -> session.Page:
    opened, answer = session.open_page("p.md", blocks(SETUP, EXHIBIT))
    assert answer == {"exhibits": ["pattern"]}
    return opened


def test_an_exhibit_is_drawn_for_the_values_of_its_controls(page: session.Page) -> None:
    chart = finished(session.draw(page, "p.md", "pattern", {"text": "x y x", "layer": "1"}))["chart"]
    assert chart["summary"].startswith("“x₂” looks at “y”")
    assert "<table class=" in chart["table"]
    json.dumps(chart, allow_nan=False)


def test_a_control_that_cannot_be_used_is_named(page: session.Page) -> None:
    error = finished(session.draw(page, "p.md", "pattern", {"text": "  "}))["error"]
    assert error["control"] == "text"
    assert "Type at least one word" in error["message"]


def test_a_text_that_the_model_refuses_is_told_at_the_text(page: session.Page) -> None:
    error = finished(session.draw(page, "p.md", "pattern", {"text": "w " * 500}))["error"]
    assert error["control"] == "text"
    assert "yours has 500" in error["message"]


def test_code_that_stops_is_told_with_its_line() -> None:
    opened, answer = session.open_page("p.md", blocks("x = 1", "\ny = 1 / 0"))
    assert opened == {}
    assert answer["error"] == {
        "control": None,
        "message": "The code stopped (line 21 of p.md): ZeroDivisionError: division by zero",
    }


def test_a_function_that_stops_is_told_with_its_line() -> None:
    failing = EXHIBIT.replace("cache[", "nothing[")
    opened, _ = session.open_page("p.md", blocks(SETUP, failing))
    message = finished(session.draw(opened, "p.md", "pattern", {}))["error"]["message"]
    assert message == "The code stopped (line 24 of p.md): NameError: name 'nothing' is not defined"


def test_an_exhibit_that_is_not_there_is_named(page: session.Page) -> None:
    answer = finished(session.draw(page, "p.md", "other", {}))
    assert answer["error"]["message"] == "This page has no exhibit named other."


def test_a_model_that_is_not_there_yet_is_asked_for() -> None:
    source = "from circuit_explainer import zoo\nraise zoo.MissingModel('by-hand')"
    assert session.open_page("p.md", blocks(source)) == ({}, {"needs": "by-hand.safetensors"})
