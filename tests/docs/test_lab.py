"""What the page of the training lab says, measured."""

import re

import numpy as np
import pytest

from circuit_explainer.exhibits import Exhibit
from circuit_explainer.workbench.lab import sentences
from circuit_explainer.workbench.lab.moments import MOST, TEXTS
from circuit_explainer.workbench.lab.presets import PRESETS
from circuit_explainer.workbench.lab.run import begin
from circuit_explainer.workbench.lab.settings import CONTROLS, Settings, recipe
from circuit_explainer.workbench.lab.story import of_run, shipped, words
from tests.build.render import render
from tests.docs.drawn import DOCS, namespace

PAGE = "lab/index.md"
TEXT = (DOCS / PAGE).read_text(encoding="utf-8")
HTML = render(DOCS / PAGE)[0]


def test_the_titles_are_those_of_the_shipped_run_at_the_step_that_it_opens_at() -> None:
    story = shipped()
    assert f'title="{sentences.loss_title(story)}"' in TEXT
    assert f'title="{sentences.score_title(story)}"' in TEXT
    at = namespace(PAGE)["at"]
    assert f'title="{sentences.pattern_title(story, at, "L1H1")}"' in TEXT
    for name in ("losses", "scores", "pattern"):
        exhibit = namespace(PAGE)[name]
        assert isinstance(exhibit, Exhibit)
        assert exhibit.draw({}).summary.startswith("At step 200")


def test_the_page_offers_every_setting_and_preset_with_five_choices_in_the_open() -> None:
    form = HTML[HTML.index('data-role="lab-settings"') : HTML.index("</form>")]
    for name in CONTROLS:
        assert f'data-control="{name}"' in form
    for name in PRESETS:
        assert f"<option>{name}</option>" in form
    in_the_open = form[: form.index("<details")]
    # A field holds one choice.
    assert len(re.findall(r'class="field"', in_the_open)) == 5


def test_the_words_fit_the_code() -> None:
    assert MOST == 64
    assert f"at most {MOST} moments" in TEXT
    assert TEXTS == 8
    assert "eight texts" in TEXT
    text = words(shipped().models[200]).split()
    assert (len(set(text)), len(text)) == (10, 19)
    assert of_run(begin(recipe(Settings()), "your run")).even == pytest.approx(np.log(26))


@pytest.mark.parametrize("seed", [2, 0])
def test_at_a_rate_of_0_02_the_fall_does_not_come_within_500_steps(seed: int) -> None:
    run = begin(recipe(Settings(lr=0.02, seed=seed)), "your run")
    while not run.over:
        run.one_step()
    assert run.broken is None
    assert of_run(run).passed is None


def test_one_head_of_layer_0_serves_all_four_of_layer_1() -> None:
    run = begin(recipe(PRESETS["four heads share the job"].settings), "your run")
    while not run.over:
        run.one_step()
    first, second = run.moments[-1].previous[0], run.moments[-1].induction[1]
    assert (first > 0.5).sum() == 1
    assert (second > 0.5).all()
