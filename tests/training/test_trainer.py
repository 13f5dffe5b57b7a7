import dataclasses
import itertools
import math

import numpy as np
import pytest

from circuit_explainer.core import Config
from circuit_explainer.training import Progress, Recipe, train, trained

CFG = Config(n_layers=2, d_model=16, n_ctx=16, d_head=8, n_heads=2, d_vocab=9, attn_only=True, normalization_type=None)
RECIPE = Recipe(config=CFG, seed=0, steps=30, batch=4, blocks=(2, 7))


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
        kept = [{n: a.copy() for n, a in p.weights.items()} for p in train(dataclasses.replace(RECIPE, hold=hold))]
        change = [np.abs(b["embed.W_E"] - a["embed.W_E"]).max() for a, b in itertools.pairwise(kept)]
        return float(np.mean(change[:10])), float(change[-1])

    early, last = moves(hold=0.0)
    # The last rate is a thirtieth of the first.
    assert last < early / 5


def test_biases_stay_zero_and_everything_else_moves() -> None:
    start = {name: array.copy() for name, array in next(train(RECIPE)).weights.items()}
    model = trained(RECIPE)
    for name, array in model.weights.items():
        if ".W_" in name:
            assert (array != start[name]).any(), name
        else:
            assert not array.any(), name


def test_trained_reports_and_gives_a_model_that_reads_text() -> None:
    heard: list[Progress] = []
    model = trained(RECIPE, heard.append)
    assert len(heard) == 30
    assert model.cfg == CFG
    assert model("a b a").shape == (1, 4, 9)


def test_divergence_is_said() -> None:
    wild = dataclasses.replace(RECIPE, lr=1e30)
    with (
        np.errstate(all="ignore"),
        pytest.raises(FloatingPointError, match=r"became (nan|inf) at step \d+; lower lr=1e\+30"),
    ):
        trained(wild)
