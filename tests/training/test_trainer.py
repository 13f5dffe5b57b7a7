import dataclasses
import itertools
import math
from typing import Any

import numpy as np
import pytest

from circuit_explainer.core import Config, Transformer
from circuit_explainer.training import (
    Copying,
    MarkovText,
    Progress,
    Recipe,
    RepeatedBlocks,
    Schedule,
    Trainer,
    train,
    trained,
)
from circuit_explainer.training.adam import Moments, adam_step
from circuit_explainer.training.backward import loss_and_gradients

CFG = Config(n_layers=2, d_model=16, n_ctx=16, d_head=8, n_heads=2, d_vocab=9, attn_only=True, normalization_type=None)
RECIPE = Recipe(config=CFG, seed=0, steps=30, batch=4, task=RepeatedBlocks((2, 7)))
FULL = Config(
    n_layers=1, d_model=8, n_ctx=16, d_head=4, n_heads=4, n_key_value_heads=2, d_vocab=9, act_fn="gelu",
    normalization_type="LN", positional_embedding_type="rotary",
)  # fmt: skip


def copied(weights: Any) -> dict[str, Any]:
    return {name: array.copy() for name, array in weights.items()}


def test_the_same_recipe_gives_the_same_run() -> None:
    runs = [[(p.step, p.loss, p.loss_on_repeats) for p in train(RECIPE)] for _ in range(2)]
    assert runs[0] == runs[1]
    assert [step for step, _, _ in runs[0]] == list(range(1, 31))
    other = next(train(dataclasses.replace(RECIPE, seed=1)))
    assert other.loss != runs[0][0][1]


def test_the_loss_falls_from_about_that_of_guessing() -> None:
    losses = [progress.loss for progress in train(dataclasses.replace(RECIPE, steps=150))]
    assert losses[0] > math.log(8) - 0.1
    # Eight symbols: knowing that BOS never comes back, and how to guess evenly, is worth more than this.
    assert np.mean(losses[-20:]) < np.mean(losses[:5]) - 0.3


def test_the_last_step_of_a_falling_rate_moves_little() -> None:
    def moves(hold: float) -> tuple[float, float]:
        recipe = dataclasses.replace(RECIPE, schedule=Schedule(hold=hold))
        kept = [copied(p.weights) for p in train(recipe)]
        change = [np.abs(b["embed.W_E"] - a["embed.W_E"]).max() for a, b in itertools.pairwise(kept)]
        return float(np.mean(change[:10])), float(change[-1])

    early, last = moves(hold=0.0)
    # The last rate is a thirtieth of the first.
    assert last < early / 5


def test_biases_stay_zero_and_everything_else_moves() -> None:
    start = copied(next(train(RECIPE)).weights)
    model = trained(RECIPE)
    for name, array in model.weights.items():
        if ".W_" in name:
            assert (array != start[name]).any(), name
        else:
            assert not array.any(), name


@pytest.mark.parametrize("biases", [False, True])
def test_what_is_trained_in_a_model_with_all_kinds_of_weights(biases: bool) -> None:
    recipe = Recipe(config=FULL, seed=0, steps=3, batch=4, task=RepeatedBlocks((2, 7)), biases=biases)
    trainer = Trainer(recipe)
    before = copied(trainer.parameters.weights)
    list(trainer.run())
    moved = {name for name, array in trainer.parameters.weights.items() if (array != before[name]).any()}
    expected = {name for name in before if "W_" in name or name.endswith(".w") or biases}
    # A bias of keys adds the same to all scores of a row before the turn: with rotation it counts.
    assert moved == expected
    for name, array in before.items():
        if name.endswith(".w"):
            assert (array == 1).all(), name
        elif "W_" not in name:
            assert not array.any(), name


def test_a_step_is_the_gradient_clipped_and_given_to_adam() -> None:
    recipe = Recipe(
        config=FULL, seed=3, steps=4, batch=2, task=MarkovText(), lr=0.05, schedule=Schedule(warmup=2, hold=0),
        beta1=0.7, beta2=0.8, eps=1e-3, weight_decay=0.5, clip=0.1, biases=True, unpredictable=0.25,
    )  # fmt: skip
    trainer, rng = Trainer(recipe), np.random.default_rng(3)
    weights = copied(trainer.parameters.weights)
    rng.bit_generator.state = trainer.rng.bit_generator.state
    states = {name: Moments.zeros(array) for name, array in weights.items()}
    for step, progress in enumerate(trainer.run(), start=1):
        batch = MarkovText().draw(rng, 2, 16, 9)
        counts = np.where(batch.counted, 1, 0.25)
        losses, grads = loss_and_gradients(FULL, weights, batch.tokens, counts)
        length = math.sqrt(sum(float((grad**2).sum()) for grad in grads.values()))
        assert length > 0.1
        for name, array in weights.items():
            adam_step(
                array, grads[name] * np.float32(0.1 / length), states[name], 0.05 * recipe.schedule.part(step, 4),
                0.7, 0.8, 1e-3, 0.5 if "W_" in name else 0,
            )  # fmt: skip
            # float32, the length of the gradient summed in another order.
            np.testing.assert_allclose(progress.weights[name], array, rtol=0, atol=1e-5, err_msg=f"{step} {name}")
        assert progress.loss == pytest.approx(float(losses.mean()), rel=1e-4)
        assert progress.loss_counted == pytest.approx(float(losses[batch.counted].mean()), rel=1e-4)


def test_trained_reports_and_gives_a_model_that_reads_text() -> None:
    heard: list[Progress] = []
    model = trained(RECIPE, heard.append)
    assert len(heard) == 30
    assert model.cfg == CFG
    assert model("a b a").shape == (1, 4, 9)


def test_scores_and_snapshots_come_when_asked_for() -> None:
    trainer = Trainer(RECIPE)

    def size(model: Transformer) -> float:
        return float(np.abs(model.weights["embed.W_E"]).sum())

    run = list(trainer.run({"size": size}, score_every=7, snapshot_every=8))
    assert [p.step for p in run if p.scores] == [7, 14, 21, 28, 30]
    assert [p.step for p in run if p.snapshot] == [8, 16, 24, 30]
    sizes = [p.scores["size"] for p in run if p.scores]
    assert len(set(sizes)) == 5
    # A snapshot stays as it was when it was taken.
    assert run[-1].snapshot is not None
    assert size(run[-1].snapshot) == sizes[-1]
    early = run[7].snapshot
    assert early is not None
    assert size(early) not in sizes
    assert not any(p.scores or p.snapshot for p in train(RECIPE))


def test_going_on_after_a_stop_is_the_same_run() -> None:
    whole = [(p.step, p.loss) for p in train(RECIPE)]
    trainer = Trainer(RECIPE)
    first = [(p.step, p.loss) for p in itertools.islice(trainer.run(), 11)]
    assert trainer.step == 11
    assert first + [(p.step, p.loss) for p in trainer.run()] == whole
    assert list(trainer.run()) == []


def test_a_loss_that_is_no_number_ends_the_run_before_the_weights_change() -> None:
    trainer = Trainer(dataclasses.replace(RECIPE, lr=1e30))
    with pytest.raises(FloatingPointError, match=r"^The loss became (nan|inf) at step 2; lower lr=1e\+30\.$"):
        list(trainer.run())
    assert trainer.step == 1
    assert all(np.isfinite(array).all() for array in trainer.parameters.weights.values())


def test_a_loss_that_rises_and_stays_high_ends_the_run() -> None:
    trainer = Trainer(dataclasses.replace(RECIPE, lr=3.0, steps=1000))
    with pytest.raises(
        FloatingPointError, match=r"^The loss rose to \d+\.\d by step \d+, which is .*; lower lr=3.0\.$"
    ):
        list(trainer.run())
    assert trainer.step < 50


def test_what_does_not_count_may_rise() -> None:
    recipe = dataclasses.replace(RECIPE, task=Copying(6), steps=300, unpredictable=0.0)
    losses = [(progress.loss, progress.loss_counted) for progress in train(recipe)]
    # Where nothing counts, the model is sure of nonsense.
    assert losses[-1][0] > 2 * losses[0][0]
    assert losses[-1][1] < 0.1


def test_a_gradient_that_is_no_number_ends_the_run_before_the_weights_change() -> None:
    trainer = Trainer(RECIPE)
    weights = trainer.parameters.weights
    # Nothing is written, so all logits are 0 and the loss is that of an even guess; but the embeddings' gradient comes
    # back through the unembedding, and the square of its length is more than float32 holds.
    for name, array in weights.items():
        array[...] = 1e25 if name == "unembed.W_U" else 0
    weights["unembed.W_U"][:, 0] = 0
    before = copied(weights)
    with pytest.raises(FloatingPointError, match=r"^The gradient became inf at step 1; lower lr=0\.01\.$"):
        list(trainer.run())
    assert trainer.step == 0
    for name, array in weights.items():
        np.testing.assert_array_equal(array, before[name])


@pytest.mark.parametrize(("scores", "snapshots"), [(0, 1), (1, 0)])
def test_never_is_not_every_zero_steps(scores: int, snapshots: int) -> None:
    with pytest.raises(ValueError, match=r"must be at least 1; got score_every="):
        next(Trainer(RECIPE).run(score_every=scores, snapshot_every=snapshots))
