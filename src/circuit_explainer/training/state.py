"""A training run in a file, to be gone on with bit for bit: one ``.safetensors``, never pickle.

Tensors are named ``weights.KEY``, ``first.KEY`` and ``second.KEY``: the weights that are trained and Adam's moments.
The metadata hold the recipe, the steps done and the state of the random numbers, as JSON.
"""

from __future__ import annotations

import dataclasses
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from circuit_explainer.core.arrays import Array
from circuit_explainer.core.files.fields import parse_object
from circuit_explainer.core.files.header import Entry, read_header
from circuit_explainer.core.files.safetensors import read_safetensors, write_safetensors
from circuit_explainer.training import checks
from circuit_explainer.training.parameters import split, trained_shapes
from circuit_explainer.training.recipe import Recipe
from circuit_explainer.training.trainer import Trainer

PARTS = ("weights", "first", "second")


def save(trainer: Trainer, path: str | os.PathLike[str], notes: Mapping[str, str] | None = None) -> None:
    """Write a run as it is after the last step that it yielded; ``resume`` opens it.

    The file is a ``.safetensors`` with weights, Adam's moments, the recipe, the steps done and the state of the random
    numbers.

    Args:
        trainer: the run.
        path: of the file.
        notes: more texts by name, to stand in the metadata; ``resume`` passes over them.

    Raises:
        OSError: the file cannot be written.
    """
    about = {
        "recipe": dataclasses.asdict(trainer.recipe),
        "step": trainer.step,
        "began": trainer.began,
        "smoothed": trainer.smoothed,
        "rng": trainer.rng.bit_generator.state,
    }
    write_safetensors(path, _tensors(trainer), {**(notes or {}), "training": json.dumps(about)})


def resume(path: str | os.PathLike[str]) -> Trainer:
    """The run in a file that ``save`` wrote; it goes on as if it had never stopped.

    Nothing is allocated before the tensors in the file are known to be those of the recipe that it tells.

    Raises:
        ValueError: the file is broken, or holds no run, or one whose weights are not those of its recipe, or numbers
            that no run can have.
        OSError: the file cannot be opened.
    """
    metadata, entries = read_header(path)
    name = Path(path).name
    try:
        about = parse_object(metadata["training"], "training")
        recipe, rng = Recipe.from_dict(about["recipe"]), _generator(about["rng"])
        checks.whole("step", about["step"])
        if about["step"] > recipe.steps:
            raise ValueError(f"step must be at most steps={recipe.steps}; got step={about['step']}")
        for key in ("began", "smoothed"):
            checks.number(key, about[key])
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise ValueError(f"{name} holds no training run that save wrote: {error!r:.300}.") from error
    _check_tensors(recipe, entries, name)
    trainer = Trainer(recipe)
    trainer.step = trainer.moments.steps = about["step"]
    trainer.began, trainer.smoothed, trainer.rng = float(about["began"]), float(about["smoothed"]), rng
    wanted = _tensors(trainer)
    for key, array in read_safetensors(path).items():
        if not np.isfinite(array).all() or (key.startswith("second.") and array.min() < 0):
            raise ValueError(f"{name}: {key} has numbers that no run has: not finite, or a square below 0.")
        wanted[key][...] = array
    return trainer


def _generator(state: Any) -> np.random.Generator:
    """Random numbers that go on from a state."""
    rng = np.random.default_rng(0)
    rng.bit_generator.state = state
    # An even step is no PCG64's: with a step of 0 it would give zeros for ever, and some draws would never end.
    if state["state"]["inc"] % 2 == 0:
        raise ValueError(f"the step of the random numbers must be odd; got {state['state']['inc']}")
    return rng


def _check_tensors(recipe: Recipe, entries: Mapping[str, Entry], name: str) -> None:
    # A layer has several tensors: more layers than tensors are not even listed.
    shapes = trained_shapes(recipe) if recipe.config.n_layers <= len(entries) else {}
    wanted = {f"{part}.{key}": shape for part in PARTS for key, shape in shapes.items()}
    if wanted.keys() != entries.keys():
        raise ValueError(f"{name}: the tensors are not those of a run of its recipe.")
    for key, shape in wanted.items():
        if entries[key].shape != shape or entries[key].dtype != "F32":
            got = f"{entries[key].shape} of {entries[key].dtype}"
            raise ValueError(f"{name}: {key}: expected {shape} of F32 by the recipe; got {got}.")


def _tensors(trainer: Trainer) -> dict[str, Array]:
    """All numbers of a run that change, as views by name."""
    shapes = {name: view.shape for name, view in trainer.parameters.trained.items()}
    vectors = (trainer.parameters.theta, trainer.moments.first, trainer.moments.second)
    return {
        f"{part}.{name}": view
        for part, vector in zip(PARTS, vectors, strict=True)
        for name, view in split(vector, shapes).items()
    }
