import dataclasses

import numpy as np
import pytest

from circuit_explainer.training import train
from circuit_explainer.workbench.lab.run import begin, timed
from circuit_explainer.workbench.lab.settings import Settings, recipe

SHORT = recipe(Settings(steps=40, batch=4))


def test_slices_train_the_very_run_of_its_recipe() -> None:
    run = begin(SHORT, "your run")
    while not run.over:
        run.advance(0.002)
    *_, theirs = train(SHORT)
    for name, weight in run.trainer.parameters.weights.items():
        np.testing.assert_array_equal(weight, theirs.weights[name])
    assert [moment.step for moment in run.moments] == list(range(41))


def test_the_speed_is_steps_over_the_time_that_passed(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter(np.arange(0, 100, 0.5))
    monkeypatch.setattr("circuit_explainer.workbench.lab.run.time.perf_counter", lambda: float(next(clock)))
    run = begin(SHORT, "your run")
    assert run.speed == 0
    # Each look at the clock is half a second later: a slice sees its start and the end of its one step.
    run.advance(0.5)
    assert run.speed == 2
    run.advance(0.5)
    assert run.speed == pytest.approx(2 / 1.5)
    run.rest()
    assert run.speed == 0
    assert run.spent == 1.0


def test_a_pause_is_a_moment_of_its_own_once() -> None:
    run = begin(recipe(Settings(steps=200, batch=1)), "your run")
    run.every = 8
    for _ in range(3):
        run.one_step()
    assert [moment.step for moment in run.moments] == [0]
    run.rest()
    run.rest()
    assert [moment.step for moment in run.moments] == [0, 3]


def test_a_run_that_breaks_off_keeps_its_curve_and_makes_no_step_more() -> None:
    run = begin(recipe(Settings(lr=1.0)), "your run")
    while not run.over:
        run.one_step()
    last = run.moments[-1]
    assert run.broken is not None
    assert last.step <= run.step < 10
    run.one_step()
    assert run.moments[-1] is last


def test_a_trial_tells_the_seconds_of_a_step_even_at_a_rate_that_breaks_off() -> None:
    assert 0 < timed(dataclasses.replace(SHORT, lr=1.0), 0.01) < 1
