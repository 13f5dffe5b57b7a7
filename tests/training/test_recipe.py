import dataclasses
import json
from typing import Any

import pytest

from circuit_explainer.core import Config
from circuit_explainer.training import MarkovText, ModularAddition, Recipe, RepeatedBlocks, Schedule

CFG = Config(n_layers=1, d_model=3, n_ctx=9, d_head=2, n_heads=2, d_vocab=5, act_fn="relu")


def test_a_recipe_is_data() -> None:
    recipe = Recipe(
        config=CFG, seed=1, steps=2, task=MarkovText(seed=3), schedule=Schedule(warmup=5, fall="cosine"), biases=True
    )
    assert Recipe.from_dict(json.loads(json.dumps(dataclasses.asdict(recipe)))) == recipe


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"steps": 0}, "steps must be a whole number of at least 1; got steps=0"),
        ({"steps": "3"}, "steps must be a whole number of at least 1; got steps='3'"),
        ({"steps": 3.5}, "steps must be a whole number of at least 1; got steps=3.5"),
        ({"batch": 0}, "batch must be a whole number of at least 1; got batch=0"),
        ({"seed": -1}, "seed must be a whole number of at least 0; got seed=-1"),
        ({"seed": None}, "seed must be a whole number of at least 0; got seed=None"),
        ({"lr": 0.0}, "lr must be a finite number above 0; got lr=0.0"),
        ({"lr": float("inf")}, "lr must be a finite number above 0; got lr=inf"),
        ({"lr": 10**400}, "lr must be a finite number above 0; got lr=1000"),
        ({"lr": True}, "lr must be a finite number above 0; got lr=True"),
        ({"clip": float("nan")}, "clip must be a finite number above 0; got clip=nan"),
        ({"beta2": 1.0}, "beta2 must be a finite number of at least 0 and below 1; got beta2=1.0"),
        ({"weight_decay": -1.0}, "weight_decay must be a finite number of at least 0; got weight_decay=-1.0"),
        ({"biases": 1}, "biases must be True or False; got biases=1"),
        ({"schedule": None}, "schedule must be a Schedule; got schedule=None"),
        ({"config": {}}, "config must be a Config; got config={}"),
        ({"task": RepeatedBlocks((2, 5))}, r"longest <= 4, .* in 9 tokens, .*; got \(2, 5\)"),
        ({"task": ModularAddition(4)}, "d_vocab=5, modulus=4"),
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


@pytest.mark.parametrize("name", ["config", "task", "schedule"])
def test_parts_that_are_no_objects(name: str) -> None:
    fields = dataclasses.asdict(Recipe(config=CFG, seed=0, steps=3, task=RepeatedBlocks((2, 4))))
    nothing: Any = None
    with pytest.raises(ValueError, match=r" must be a JSON object; got list\.$"):
        Recipe.from_dict({**fields, name: []})
    with pytest.raises(ValueError, match=r"^A recipe must be a JSON object; got NoneType\.$"):
        Recipe.from_dict(nothing)
