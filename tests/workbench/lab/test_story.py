import dataclasses
import math

import numpy as np
import pytest

from circuit_explainer import zoo
from circuit_explainer.core import Config, Transformer
from circuit_explainer.core.shapes import weight_shapes
from circuit_explainer.workbench.lab.run import begin
from circuit_explainer.workbench.lab.settings import ASKED, TASKS, Settings, recipe
from circuit_explainer.workbench.lab.story import OPENS_AT, Story, of_run, shipped, words


def zeros(cfg: Config) -> Transformer:
    return Transformer(cfg, {name: np.zeros(shape, np.float32) for name, shape in weight_shapes(cfg).items()})


def test_the_shipped_run_is_told_by_its_measured_figures() -> None:
    story = shipped()
    rows = zoo.facts("induction-2l.checkpoints")["measured"]
    assert len(story.steps) == 40
    assert story.asked[13] == rows[13]["loss_repeats"]
    assert story.induction.shape == (40, 2, 2)
    assert story.even == math.log(63)
    assert OPENS_AT in story.steps


def test_the_phase_change_is_passed_below_half_of_an_even_guess() -> None:
    story = shipped()
    assert story.passed is not None
    place = story.steps.tolist().index(story.passed)
    assert story.asked[place] < story.even / 2 <= story.asked[place - 1]
    high = dataclasses.replace(story, losses={"repeats": np.full(40, story.even / 2), "all": story.asked})
    assert high.passed is None
    assert dataclasses.replace(story, phased=False).passed is None


@pytest.mark.parametrize("task", TASKS)
def test_each_task_says_what_it_asks(task: str) -> None:
    story = of_run(begin(recipe(Settings(task=task)), "your run"))
    assert (next(iter(story.losses)), story.one) == ASKED[TASKS[task].kind]
    assert story.phased == (task == "repeated symbols")


def test_the_text_repeats_itself_and_fits_any_model() -> None:
    story = shipped()
    assert words(story.models[0]).split() == [*"abcdefghij", *"abcdefghi"]
    cfg = dataclasses.replace(recipe(Settings()).config, n_ctx=5, d_vocab=4)
    assert words(zeros(cfg)).split() == ["a", "b", "a"]
    cfg = dataclasses.replace(cfg, n_ctx=32)
    assert words(zeros(cfg)).split() == ["a", "b", "c", "a", "b"]


def test_the_axis_ends_where_a_run_broke_off() -> None:
    run = begin(recipe(Settings(lr=1.0)), "your run")
    assert of_run(run).end == 500
    while not run.over:
        run.one_step()
    story: Story = of_run(run)
    assert story.end == max(run.step, 1)
