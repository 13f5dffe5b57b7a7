"""The worker's answers, as plain data in CPython: what the page is told when things go right and wrong."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from circuit_explainer import load
from circuit_explainer.core.steps import finished
from circuit_explainer.exhibits.controls import Wire
from circuit_explainer.web import session
from circuit_explainer.workbench.playground import models

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


def drawn(page: session.Page, values: Mapping[str, Wire], exhibit: str = "bench", **more: Any) -> session.Answer:
    return finished(session.draw(page, {"page": "p.md", "exhibit": exhibit, "values": values, **more}))


@pytest.fixture
def page() -> session.Page:
    opened, answer = session.open_page("p.md", blocks(SETUP, EXHIBIT))
    assert answer == {"exhibits": ["pattern"]}
    return opened


def test_an_exhibit_is_drawn_for_the_values_of_its_controls(page: session.Page) -> None:
    chart = drawn(page, {"text": "x y x", "layer": "1"}, "pattern")["chart"]
    assert chart["summary"].startswith("“x₂” looks at “y”")
    assert "<table class=" in chart["table"]
    json.dumps(chart, allow_nan=False)


def test_a_control_that_cannot_be_used_is_named(page: session.Page) -> None:
    error = drawn(page, {"text": "  "}, "pattern")["error"]
    assert error["control"] == "text"
    assert "Type at least one word" in error["message"]


def test_a_text_that_the_model_refuses_is_told_at_the_text(page: session.Page) -> None:
    error = drawn(page, {"text": "w " * 500}, "pattern")["error"]
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
    message = drawn(opened, {}, "pattern")["error"]["message"]
    assert message == "The code stopped (line 24 of p.md): NameError: name 'nothing' is not defined"


def test_an_exhibit_that_is_not_there_is_named(page: session.Page) -> None:
    answer = drawn(page, {}, "other")
    assert answer["error"]["message"] == "This page has no exhibit named other."


def test_a_model_that_is_not_there_yet_is_asked_for() -> None:
    source = "from circuit_explainer import zoo\nraise zoo.MissingModel('by-hand')"
    assert session.open_page("p.md", blocks(source)) == ({}, {"needs": "by-hand.safetensors"})


@pytest.mark.parametrize(
    ("module", "part"),
    [
        ("circuit_explainer.workbench.lab", "workbench.zip"),
        ("numpy.ma", "numpy.zip"),
        ("numpy.ma.core", "numpy.zip"),
        ("numpy.random", "numpy.zip"),
        ("numpy.matlib", None),
    ],
)
def test_a_part_of_python_that_is_not_here_yet_is_asked_for(module: str, part: str | None) -> None:
    assert session.failed(ModuleNotFoundError(name=module), "p.md").get("needs") == part


# A model without a tokenizer: its texts are numbers.
NUMBERS = Path(__file__).parents[1] / "parity" / "fixtures" / "lens-checkpoint"
PLAYGROUND = """
from circuit_explainer.exhibits import exhibit
from circuit_explainer.workbench.playground import state


@exhibit(follow=state.controls, program=state.code)
def bench(**values):
    return state.draw(**values)
"""


@pytest.fixture
def bench() -> Iterator[session.Page]:
    models.register("numbers", load(NUMBERS))
    opened, _ = session.open_page("p.md", blocks(PLAYGROUND))
    yield opened
    models.forget("numbers")


def test_a_text_gives_way_to_a_model_that_cannot_read_it_and_a_sentence_says_so(bench: session.Page) -> None:
    before = drawn(bench, {"text": "the cat sat"})["values"]
    after = drawn(bench, before | {"model": "numbers"}, shown=before)
    assert before["text"] == "the cat sat"
    assert after["values"]["text"].split()[0].isdecimal()
    assert after["notes"] == [
        "This model has no tokenizer, so type tokens as numbers, as 0 5 7 5. Got 'the'. "
        "Another text is shown in its place; Undo brings yours back."
    ]
    assert "summary" in after["chart"]
    assert drawn(bench, before, shown=after["values"])["values"] == before


def test_a_link_whose_text_the_model_cannot_read_opens_with_another(bench: session.Page) -> None:
    answer = drawn(bench, {}, link="v=1&model=numbers&text=the+cat&nothing=1")
    assert "chart" in answer
    assert answer["notes"][0] == "“nothing” means nothing here."
    assert answer["notes"][1].endswith("Another text is shown in place of the link's.")


def test_what_was_changed_while_a_link_came_counts_in_place_of_the_links(bench: session.Page) -> None:
    link = "v=1&model=by-hand&text=a+b+a&view=One+head&nothing=1"
    answer = drawn(bench, {"text": "b c b"}, link=link)
    assert answer["values"] == drawn(bench, {}, link=link)["values"] | {"text": "b c b"}
    assert answer["values"]["model"] == "by-hand"
    assert answer["notes"] == ["“nothing” means nothing here."]
    # A text that was typed meanwhile is the reader's to mend; one that the link brought gives way.
    assert drawn(bench, {"text": "x y"}, link="v=1&model=numbers")["error"]["control"] == "text"
    assert drawn(bench, {"text": "b c b"}, link="v=9")["values"]["text"] == "b c b"


def test_a_text_that_the_reader_types_stays_to_be_mended(bench: session.Page) -> None:
    before = drawn(bench, {"model": "numbers"})["values"]
    typed = drawn(bench, before | {"text": "x y"}, shown=before)
    assert typed["values"]["text"] == "x y"
    assert typed["error"]["control"] == "text"
    assert typed["notes"] == []
    # The reader goes on elsewhere: what was typed is still the reader's.
    assert drawn(bench, typed["values"] | {"view": "One head"}, shown=before)["error"]["control"] == "text"


def test_a_text_that_was_never_touched_follows_its_control(bench: session.Page) -> None:
    patched = drawn(bench, {"text": "a b c", "edits": ["patch k 1.1"]})["values"]
    assert patched["other"] == "c b a"
    assert drawn(bench, patched | {"text": "a b c d"}, shown=patched)["values"]["other"] == "d c b a"
    own = drawn(bench, patched | {"other": "c c c"}, shown=patched)["values"]
    assert own["other"] == "c c c"
    longer = drawn(bench, own | {"text": "a b c d"}, shown=own)
    assert longer["values"]["other"] == "c c c"
    assert longer["error"]["control"] == "other"
    first = drawn(bench, {})["values"]
    assert drawn(bench, first | {"model": "text-2l"}, shown=first)["values"]["text"].startswith("Zorblax")
