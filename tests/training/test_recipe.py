import dataclasses
import json
from typing import Any

import pytest

from circuit_explainer.core import Config
from circuit_explainer.training import MarkovText, Recipe, RepeatedBlocks, Schedule

CFG = Config(n_layers=1, d_model=3, n_ctx=9, d_head=2, n_heads=2, d_vocab=5, act_fn="relu")


def test_a_recipe_is_data() -> None:
    recipe = Recipe(
        config=CFG, seed=1, steps=2, task=MarkovText(seed=3), schedule=Schedule(warmup=5, fall="cosine"), biases=True
    )
    assert Recipe.from_dict(json.loads(json.dumps(dataclasses.asdict(recipe)))) == recipe


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"steps": 0}, "steps must be at least 1; got steps=0"),
        ({"batch": 0}, "batch must be at least 1; got batch=0"),
        ({"lr": 0.0}, "lr must be above 0; got lr=0.0"),
        ({"clip": float("nan")}, "clip must be above 0; got clip=nan"),
        ({"beta2": 1.0}, "beta2 must be at least 0 and below 1; got beta2=1.0"),
        ({"weight_decay": -1.0}, "weight_decay must not be negative; got weight_decay=-1.0"),
    ],
)
def test_impossible_recipes(fields: dict[str, Any], said: str) -> None:
    whole: dict[str, Any] = {"config": CFG, "seed": 0, "steps": 3, "task": RepeatedBlocks((2, 4)), **fields}
    with pytest.raises(ValueError, match=said):
        Recipe(**whole)


def test_fields_that_make_no_recipe() -> None:
    fields = dataclasses.asdict(Recipe(config=CFG, seed=0, steps=3, task=RepeatedBlocks((2, 4))))
    with pytest.raises(ValueError, match=r"A recipe has the fields batch, beta1, .*; got .*hurry"):
        Recipe.from_dict({**fields, "hurry": 1})
    del fields["task"]
    with pytest.raises(ValueError, match=r"A recipe has the fields "):
        Recipe.from_dict(fields)
