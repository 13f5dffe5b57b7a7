"""A training run in a file, to be gone on with bit for bit: one ``.safetensors``, never pickle.

Tensors are named ``weights.KEY``, ``first.KEY`` and ``second.KEY``: the weights that are trained and Adam's moments.
The metadata hold the recipe, the steps done and the state of the random numbers, as JSON.
"""

from __future__ import annotations

import dataclasses
import json
import operator
import os
from pathlib import Path

from circuit_explainer.core.arrays import Array
from circuit_explainer.core.files.header import read_header
from circuit_explainer.core.files.safetensors import read_safetensors, write_safetensors
from circuit_explainer.training.parameters import split
from circuit_explainer.training.recipe import Recipe
from circuit_explainer.training.trainer import Trainer


def save(trainer: Trainer, path: str | os.PathLike[str]) -> None:
    """Write a run as it is after the last step that it yielded; ``resume`` opens it."""
    about = {
        "recipe": dataclasses.asdict(trainer.recipe),
        "step": trainer.step,
        "began": trainer.began,
        "smoothed": trainer.smoothed,
        "rng": trainer.rng.bit_generator.state,
    }
    write_safetensors(path, _tensors(trainer), {"training": json.dumps(about)})


def resume(path: str | os.PathLike[str]) -> Trainer:
    """The run in a file that ``save`` wrote; it goes on as if it had never stopped.

    Raises:
        ValueError: the file is broken, or holds no run, or one whose weights are not those of its recipe.
        OSError: the file cannot be opened.
    """
    metadata, entries = read_header(path)
    try:
        about = json.loads(metadata["training"])
        trainer = Trainer(Recipe.from_dict(about["recipe"]))
        trainer.step = trainer.moments.steps = operator.index(about["step"])
        trainer.began, trainer.smoothed = float(about["began"]), float(about["smoothed"])
        trainer.rng.bit_generator.state = about["rng"]
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        raise ValueError(f"{Path(path).name} holds no training run that save wrote: {error!r:.200}.") from error
    wanted = _tensors(trainer)
    if {name: entry.shape for name, entry in entries.items()} != {name: array.shape for name, array in wanted.items()}:
        raise ValueError(f"{Path(path).name}: the tensors are not those of a run of its recipe.")
    for name, array in read_safetensors(path).items():
        wanted[name][...] = array
    return trainer


def _tensors(trainer: Trainer) -> dict[str, Array]:
    """All numbers of a run that change, as views by name."""
    shapes = {name: view.shape for name, view in trainer.parameters.trained.items()}
    vectors = {"weights": trainer.parameters.theta, "first": trainer.moments.first, "second": trainer.moments.second}
    return {f"{part}.{name}": view for part, vector in vectors.items() for name, view in split(vector, shapes).items()}
