"""How each model that learns from random symbols is trained; ``text/recipe.py`` has the one that reads English."""

from __future__ import annotations

import dataclasses
from typing import Any

from circuit_explainer.core.config import Config
from circuit_explainer.training.recipe import Recipe
from circuit_explainer.training.tasks import RepeatedBlocks

# 63 symbols beside BOS, so that a text of 63 different words fits.
PLAIN = Config(
    n_layers=2, d_model=64, n_ctx=64, d_head=32, n_heads=2, d_vocab=64, attn_only=True, normalization_type=None,
)  # fmt: skip
INDUCTION = Recipe(
    config=PLAIN, seed=0, steps=12000, task=RepeatedBlocks((2, 31)), lr=5e-3, unpredictable=0.03,
)  # fmt: skip


# A little decay clears away what the circuit does not need, so that 5000 steps give heads as clean as 12000 do.
VARIANT = dataclasses.replace(INDUCTION, steps=5000, weight_decay=0.003)


def _with(recipe: Recipe, **config: Any) -> Recipe:
    return dataclasses.replace(recipe, config=dataclasses.replace(PLAIN, **config))


RECIPES = {
    "induction-2l": INDUCTION,
    # The control: all is equal but the number of layers.
    "induction-1l": _with(INDUCTION, n_layers=1),
    "induction-4l": _with(VARIANT, n_layers=4, n_heads=4, d_head=16),
    # LayerNorm bounds the residual stream, and with it the scores: heads get sharp only by larger weights.
    "induction-2l-layernorm": _with(
        dataclasses.replace(VARIANT, seed=2, lr=8e-3, weight_decay=5e-4), normalization_type="LN"
    ),
    "induction-2l-shortformer": _with(VARIANT, positional_embedding_type="shortformer"),
    "induction-2l-rotary": _with(VARIANT, positional_embedding_type="rotary", rotary_dim=32),
    "induction-2l-mlp": _with(VARIANT, attn_only=False, d_mlp=128, act_fn="gelu"),
    "induction-2l-grouped": _with(VARIANT, n_heads=4, d_head=16, n_key_value_heads=2),
}

# Dense around the steps in which the loss on repeats falls from 4.3 to 1.5, where both kinds of head form.
CHECKPOINTS = (
    0, 25, 50, 75, 100, 120, 130, 140, 150, 160, 170, 180, 190, 200, 210, 220, 230, 240, 250, 260,
    280, 300, 325, 350, 375, 400, 450, 500, 600, 700, 800, 900, 1000, 1200, 1400, 2000, 3000, 5000, 8000, 12000,
)  # fmt: skip
