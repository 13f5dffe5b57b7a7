"""The training of the models of English, which needs torch."""

import dataclasses
from functools import partial

import numpy as np
import pytest
import torch

from circuit_explainer.core import Transformer
from circuit_explainer.core.shapes import weight_shapes
from circuit_explainer.zoo.making.text import with_torch
from circuit_explainer.zoo.making.text.recipe import TEXT_0L, TEXT_2L, TextRecipe

SMALL = dataclasses.replace(
    TEXT_2L,
    config=dataclasses.replace(TEXT_2L.config, d_model=24, n_ctx=32, d_head=5, n_heads=3),
    steps=60,
    warmup=10,
    batch=4,
    alone=10,
    mixing=10,
    blocks=(2, 15),
)
TEXT = np.tile(np.arange(1, 97), 100)


@pytest.mark.parametrize("recipe", [SMALL, TEXT_0L], ids=["two layers", "none"])
def test_the_model_in_torch_is_the_model_in_numpy(recipe: TextRecipe) -> None:
    cfg = recipe.config
    rng = np.random.default_rng(0)
    weights = {name: rng.standard_normal(shape).astype(np.float32) for name, shape in weight_shapes(cfg).items()}
    # Biases of attention are not trained, and stay zero.
    weights |= {name: np.zeros_like(array) for name, array in weights.items() if ".attn.b_" in name}
    tokens = rng.integers(0, cfg.d_vocab, (3, cfg.n_ctx))
    logits = with_torch.logits(
        cfg, {name: torch.from_numpy(a) for name, a in weights.items()}, torch.from_numpy(tokens)
    )
    # Sums of 24 numbers of size 1 to 10 in float32.
    np.testing.assert_allclose(logits.numpy(), Transformer(cfg, weights)(tokens), atol=2e-4)


def noted(losses: list[float], step: int, loss: float) -> None:
    losses.append(loss)


def test_a_run_learns_and_comes_out_the_same_to_the_bit() -> None:
    runs = []
    for _ in range(2):
        losses: list[float] = []
        weights = with_torch.trained(SMALL, TEXT, partial(noted, losses))
        runs.append((losses, weights))
    (losses, weights), (again, same) = runs
    assert losses == again
    assert len(losses) == SMALL.steps
    for name, array in weights.items():
        assert array.tobytes() == same[name].tobytes(), name
    assert np.mean(losses[-5:]) < np.mean(losses[:5]) - 0.3
    assert not any(weights[name].any() for name in weights if ".attn.b_" in name)


def test_it_starts_with_positions_on_circles() -> None:
    positions = with_torch.start(TEXT_2L, np.random.default_rng(0))["pos_embed.W_pos"]
    # One back is the same turn everywhere: neighbours are equally far from each other wherever they stand.
    steps = np.linalg.norm(np.diff(positions, axis=0), axis=1)
    np.testing.assert_allclose(steps, steps[0], rtol=1e-4)
    assert positions.std() == pytest.approx(1, abs=0.05)


def test_without_positions_they_are_zero_and_stay_so() -> None:
    weights = with_torch.trained(dataclasses.replace(TEXT_0L, steps=20), TEXT)
    assert not weights["pos_embed.W_pos"].any()
    assert all(array.any() for name, array in weights.items() if name != "pos_embed.W_pos")
