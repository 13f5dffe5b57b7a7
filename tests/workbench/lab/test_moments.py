import numpy as np
import pytest

from circuit_explainer.circuits import head_scores, loss_on_repeats
from circuit_explainer.training import Trainer
from circuit_explainer.training.recipes import INDUCTION_SMALL
from circuit_explainer.workbench.lab.moments import MOST, Moment, measure, thinned, yardstick


def moment(step: int, asked: float = 1.0) -> Moment:
    return Moment(step, 1.0, asked, np.zeros((1, 1)), np.zeros((1, 1)), None)


def test_a_moment_has_the_scores_of_the_head_table() -> None:
    texts = yardstick(INDUCTION_SMALL)
    model = Trainer(INDUCTION_SMALL).model()
    now = measure(model, 0, texts)
    table = head_scores(model, texts.repeated)
    np.testing.assert_allclose(now.previous.ravel(), [row.previous_token for row in table], rtol=1e-5)
    np.testing.assert_allclose(now.induction.ravel(), [row.induction for row in table], rtol=1e-5)


def test_the_loss_of_a_run_on_repeats_is_that_of_the_definitions() -> None:
    texts = yardstick(INDUCTION_SMALL)
    model = Trainer(INDUCTION_SMALL).model()
    now = measure(model, 0, texts)
    assert now.asked == pytest.approx(loss_on_repeats(model, texts.repeated))
    assert now.loss != now.asked


def test_the_texts_are_the_same_each_time_and_no_run_learns_from_them() -> None:
    one, other = yardstick(INDUCTION_SMALL), yardstick(INDUCTION_SMALL)
    np.testing.assert_array_equal(one.batch.tokens, other.batch.tokens)
    trainer = Trainer(INDUCTION_SMALL)
    before = trainer.rng.bit_generator.state
    measure(trainer.model(), 0, one)
    assert trainer.rng.bit_generator.state == before


def test_a_run_of_any_length_keeps_so_many_moments_evenly() -> None:
    kept: list[Moment] = []
    every = 1
    for step in range(5001):
        if step % every == 0 or step == 5000:
            kept, every = thinned([*kept, moment(step)], every)
        assert len(kept) <= MOST
    steps = [each.step for each in kept]
    assert steps[0] == 0
    assert steps[-1] == 5000
    assert set(np.diff(steps[:-1])) == {every}
    assert len(kept) > MOST // 2


def test_moments_of_pauses_go_first() -> None:
    regular = [moment(step) for step in range(0, 4 * (MOST - 2), 4)]
    pauses = [moment(step) for step in (1, 2, 3)]
    last = moment(4 * (MOST - 2) + 1)
    kept, every = thinned(sorted([*regular, *pauses, last], key=lambda each: each.step), 4)
    assert kept == [*regular, last]
    assert every == 4


def test_the_moment_at_which_the_phase_change_was_passed_stays() -> None:
    kept: list[Moment] = []
    every = 1
    for step in range(1001):
        if step % every == 0:
            kept, every = thinned([*kept, moment(step, 3.0 if step < 17 else 1.0)], every, 1.5)
    assert len(kept) <= MOST
    assert next(each.step for each in kept if each.asked < 1.5) == 17
    assert every == 16
