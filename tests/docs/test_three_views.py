"""What the page of three views says in prose, measured on the models that ship."""

from pathlib import Path

import pytest

from circuit_explainer.exhibits import Exhibit
from tests.build.render import render

DOCS = Path(__file__).parents[2] / "docs"


def sentence(page: str, exhibit: str, **values: str) -> str:
    """Return what an exhibit of a page says for these values of its controls."""
    drawn = render(DOCS / page)[1].namespace[exhibit]
    assert isinstance(drawn, Exhibit)
    return drawn.draw(values).summary


@pytest.mark.parametrize("model", ["induction-2l", "by-hand"])
@pytest.mark.parametrize("text", ["the cat sat . the bird", "a", "The cat . the"])
def test_no_word_stands_out_after_a_new_one(model: str, text: str) -> None:
    assert sentence("playground/three-views.md", "next_word", text=text, model=model).startswith("No word stands out")
