"""Thousands of damaged files of training runs: gone on with, or refused in a sentence."""

import json
import random
from pathlib import Path

import numpy as np
import pytest

from circuit_explainer.core import Config
from circuit_explainer.core.files.header import read_header
from circuit_explainer.core.files.safetensors import read_safetensors, write_safetensors
from circuit_explainer.training import Recipe, RepeatedBlocks, Trainer, resume, save
from tests.core.alarm import at_most, within
from tests.core.mutate import damage, disturb, dumps

CFG = Config(n_layers=1, d_model=3, n_ctx=5, d_head=2, n_heads=1, d_vocab=4, attn_only=True, normalization_type="LN")
RECIPE = Recipe(config=CFG, seed=0, steps=4, batch=2, task=RepeatedBlocks((2, 2)))
FILES = 1500


def goes_on(path: Path) -> bool:
    """Whether a run was opened; a refusal is a sentence of ours."""
    problem = None
    try:
        trainer = resume(path)
    except ValueError as error:
        problem = error
    if problem is not None:
        # A subclass, such as UnicodeError, would be somebody else's sentence.
        assert type(problem) is ValueError, problem
        assert 10 < len(str(problem)) < 1500, problem
        return False
    assert 0 <= trainer.step <= trainer.recipe.steps
    assert np.isfinite(trainer.parameters.theta).all()
    return True


@pytest.mark.parametrize("part", ["bytes", "what it tells"])
def test_damaged_runs(part: str, tmp_path: Path) -> None:
    path = tmp_path / "run.safetensors"
    trainer = Trainer(RECIPE)
    next(trainer.run())
    save(trainer, path)
    good, tensors = path.read_bytes(), read_safetensors(path)
    about = json.loads(read_header(path)[0]["training"])
    rng, opened = random.Random(part), 0
    with at_most(120), within(20_000_000):
        for _ in range(FILES):
            # A new file: to write over one makes ext4 wait for the disk.
            path.unlink()
            if part == "bytes":
                path.write_bytes(damage(good, rng))
            else:
                write_safetensors(path, tensors, {"training": dumps(disturb(about, rng)).decode()})
            opened += goes_on(path)
    # Among what is told are values, such as the seed, that may be others.
    assert FILES / 50 < opened < FILES / 2


@pytest.mark.parametrize(
    ("field", "size"),
    [("d_model", 10**9), ("n_layers", 10**9), ("n_heads", 4 * 10**8), ("d_vocab", 10**12), ("d_head", 10**12)],
)
def test_a_recipe_that_lies_is_refused_before_anything_is_allocated(field: str, size: int, tmp_path: Path) -> None:
    path = tmp_path / "run.safetensors"
    save(Trainer(RECIPE), path)
    tensors, about = read_safetensors(path), json.loads(read_header(path)[0]["training"])
    about["recipe"]["config"][field] = size
    write_safetensors(path, tensors, {"training": json.dumps(about)})
    with at_most(5), within(2_000_000), pytest.raises(ValueError, match="the tensors are not those|by the recipe; got"):
        resume(path)
