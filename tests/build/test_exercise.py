import json
import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from circuit_explainer.build import exercise
from tests.build.render import render

SOURCE = """id: twice
ask: What is `2 * x`?
right: 2 * x
within: 0.01
such as: 0.25
reply: Half of it is `#!value x`.
near:
  - gives: x
    say: That is `x` alone.
  - gives: x ** 2 + 1
    say: That is the square & one.
hint: Add it to itself.
"""
NAMES = {"x": 1.25, "math": __import__("math")}


def evaluate(expression: str) -> Any:
    return eval(expression, dict(NAMES))


def made(source: str = SOURCE) -> str:
    return exercise.html(source, evaluate, lambda expression: str(evaluate(expression)))


def check(html: str) -> dict[str, Any]:
    found = re.search(r'data-check="([^"]+)"', html)
    assert found
    value: dict[str, Any] = json.loads(unescape(found[1]))
    return value


def test_an_exercise_is_a_form_with_a_label_its_check_and_a_folded_answer() -> None:
    html = made()
    assert '<form class="predict exercise" id="twice" ' in html
    assert '<label class="exercise-ask" for="twice-answer">' in html
    assert 'id="twice-answer"' in html
    assert "What is <code>2 * x</code>?" in html
    assert check(html) == {"kind": "number", "right": 2.5, "within": 0.01, "near": [1.25, 2.5625], "example": "0.25"}
    before, folded = html.split("<details")
    assert "2.50" not in re.sub(r"<[^>]+>", "", before)
    assert "<strong>2.50</strong>: <span>Half of it is 1.25</span>" in folded.replace(".</span>", "</span>")
    assert '<li data-reply="0"><strong>1.25</strong>: <span>That is <code>x</code> alone.</span>' in folded
    assert "the square &amp; one" in folded


@pytest.mark.parametrize(
    ("kind", "given", "answer"),
    [
        ("number", 3, 3.0),
        ("head", (1, 0), "L1H0"),
        ("head", "L0H11", "L0H11"),
        ("text", "sat", "sat"),
        ("text", ["the keys", "k"], ["the keys", "k"]),
    ],
)
def test_a_value_becomes_an_answer_of_its_kind(kind: str, given: Any, answer: exercise.Answer) -> None:
    assert exercise.read(kind, given) == answer


@pytest.mark.parametrize(
    ("kind", "given", "told"),
    [
        ("number", float("nan"), "An answer must be a finite number. Got nan."),
        ("number", float("inf"), "An answer must be a finite number. Got inf."),
        ("number", "x", "could not convert string to float: 'x'"),
        ("head", "first", "The answer is not a head. Got 'first'."),
        ("text", 3, "The answer is not a text. Got 3."),
        ("text", [], r"The answer is not a text. Got \[\]."),
    ],
)
def test_a_value_of_another_kind_is_refused(kind: str, given: Any, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        exercise.read(kind, given)


def test_a_number_is_told_with_the_digits_that_count() -> None:
    assert [exercise.shown(0.98765, within) for within in (0.5, 0.05, 0.01, 0.005)] == ["1.0", "0.99", "0.99", "0.988"]
    assert exercise.shown(220.0, 20) == "220"
    assert exercise.shown(["keys", "k"], 0) == "keys"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("ask:", "question:", "An exercise fence has the fields ask, hint, id"),
        ("id: twice", "id: Two times", "id must be small letters"),
        ("within: 0.01", "within: small", "A number needs within"),
        ("within: 0.01", "kind: head", "not a head"),
        ("within: 0.01", "kind: heads", "kind must be number, head or text. Got 'heads'."),
        ("gives: x\n", "gave: x\n", "near is a list"),
        ("x ** 2 + 1", "2 * x + 0.015", "too near to 2.5 of 2 \\* x: one reply for both"),
        ("x ** 2 + 1", "x + 0.001", "too near to 1.25 of x"),
        ("right: 2 * x", "right: x / 0 if x < 0 else math.inf", "finite number"),
    ],
)
def test_what_is_wrong_is_said(old: str, new: str, said: str) -> None:
    assert old in SOURCE
    with pytest.raises(ValueError, match=said):
        made(SOURCE.replace(old, new, 1))


def test_a_wrong_fence_is_told_with_page_and_line(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    block = '```pyscript run="build"\nx = 1.25\n```\n'
    wrong = SOURCE.replace("right: 2 * x", "right: 2 * y").replace("id: twice", "id: wrong")
    page.write_text(f"# Page\n\n{block}\n```exercise\n{SOURCE}```\n\n```exercise\n{wrong}```\n", encoding="utf-8")
    html, run = render(page)
    line = page.read_text(encoding="utf-8").splitlines().index("id: wrong")  # the fence stands on the line before
    assert run.errors == [f"page.md:{line}: NameError: name 'y' is not defined"]
    assert html.count("<form") == 1
