"""What the playground's page says to try, tried: on its own exhibit, and on the models that ship."""

import re
from pathlib import Path

import pytest

from circuit_explainer import zoo
from circuit_explainer.exhibits import Exhibit
from circuit_explainer.exhibits.settle import settle
from circuit_explainer.workbench.playground.state import MODEL
from circuit_explainer.workbench.playground.views import VIEWS
from tests.build.render import render

PAGE = Path(__file__).parents[2] / "docs" / "playground" / "index.md"


@pytest.fixture(scope="module")
def bench() -> Exhibit:
    drawn = render(PAGE)[1].namespace["bench"]
    assert isinstance(drawn, Exhibit)
    return drawn


def said(bench: Exhibit, **wires: str | list[str]) -> str:
    settled = settle(bench, wires)
    assert settled.notes == ()
    return bench.draw(settled.wires).summary


def test_the_last_token_looks_at_what_followed_it_before(bench: Exhibit) -> None:
    assert said(bench, view="One head", head="L1H0").startswith("L1H0: “cat₂” looks at “sat” with ")


def test_without_the_previous_token_head_the_induction_heads_find_nothing(bench: Exhibit) -> None:
    sentence = said(bench, view="Head scores", score="induction", edits=["zero 0.1"])
    found = re.search(r"L1H\d has the highest score for “induction”, ([\d.]+); with your changes ([\d.]+)\.$", sentence)
    assert found, sentence
    before, after = map(float, found.groups())
    assert before > 0.95
    assert after < 0.1
    assert said(bench, view="Head scores") == said(bench, view="Head scores", edits=["off zero 0.1"])


def test_the_keys_of_layer_1_read_the_previous_token_head(bench: Exhibit) -> None:
    assert "L0H1" in said(bench, view="Composition map", through="keys")


def test_a_made_up_name_is_expected_again(bench: Exhibit) -> None:
    text = "Zorblax went to the market. Zo"
    assert "“r”" in said(bench, model="text-2l", text=text, view="Top predictions")


def test_every_view_of_the_menu_is_named_once() -> None:
    labels = [view.label for view in VIEWS.values()]
    assert len(set(labels)) == len(labels) == 9


def test_upper_and_lower_case_are_different_symbols() -> None:
    """To a model of symbols “The” and “the” do not match, and heads that look for repeats rest on BOS."""
    model = zoo.load(MODEL)
    tokens = model.to_tokens("The cat . the")[0]
    assert tokens[1] != tokens[4]
    _, cache = model.run_with_cache(tokens)
    assert cache["pattern", 1][0, :, -1].argmax(-1).tolist() == [0, 0]
