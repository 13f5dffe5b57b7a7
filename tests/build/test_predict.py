from pathlib import Path

import pytest

from circuit_explainer import zoo
from circuit_explainer.build import predict
from tests.build.render import render

SOURCE = """question: Where does “cat” look?
options:
  - At `cat`: The same word & no more.
  - At “sat”: It came after.
right: 2
"""


def test_a_question_becomes_a_form_with_its_replies() -> None:
    html = predict.html(SOURCE, "predict-1", str)
    assert html.count('type="radio" name="predict-1"') == 2
    assert "<legend><span>Predict</span> Where does “cat” look?</legend>" in html
    assert "<code>cat</code>" in html
    assert "The same word &amp; no more." in html
    assert '<li data-choice="1" data-right>' in html
    assert html.count("data-right") == 1


def test_a_question_may_cover_the_exhibit_that_answers_it() -> None:
    assert "data-covers" not in predict.html(SOURCE, "x", str)
    assert ' data-covers="attention">' in predict.html(f"{SOURCE}covers: attention\n", "x", str)


def test_numbers_in_replies_are_values() -> None:
    source = SOURCE.replace("no more", "no more than `#!value 1 + 1` & `code`")
    assert "no more than 2 &amp; <code>code</code>" in predict.html(
        source, "x", lambda text: str(len(text.split()) - 1)
    )


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("question: Where", "ask: Where", "has the fields options, question, right"),
        ("right: 2", "right: 3", "right must be a number from 1 to 2. Got 3."),
        ("  - At “sat”: It came after.\n", "", "2 to 5 options"),
        ("  - At “sat”: It came after.", "  - At “sat”", "2 to 5 options"),
    ],
)
def test_what_is_wrong_is_said(old: str, new: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        predict.html(SOURCE.replace(old, new), "x", str)


def test_a_page_tells_values_and_what_is_wrong_with_them(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "It is `#!value f'{score:.2f}'`, not `#!value nothing`.\n\n"
        '```pyscript run="build"\nscore = 0.987\n```\n\n```predict\nquestion: x\n```\n',
        encoding="utf-8",
    )
    html, run = render(page)
    assert '<span class="value">0.99</span>' in html
    assert run.blocks == []
    assert "0.987" not in html
    assert [error.split(": ", 1)[1] for error in run.errors] == [
        run.errors[0].split(": ", 1)[1],
        "the value `nothing`: NameError: name 'nothing' is not defined",
    ]
    assert "'question: x': A predict fence has the fields options, question, right" in run.errors[0]


def test_models_that_only_prose_needs_are_not_fetched(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        '```pyscript run="build"\nfrom circuit_explainer import zoo\nn = len(zoo.names())\n'
        'model = zoo.load("by-hand")\n```\n\n`#!value n`\n',
        encoding="utf-8",
    )
    html, run = render(page)
    assert run.errors == []
    assert run.models == set()
    assert f'<span class="value">{len(zoo.names())}</span>' in html
