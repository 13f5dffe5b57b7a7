"""The numbers that training changes: one flat vector, with a view of it for each weight."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from circuit_explainer.core.arrays import Array
from circuit_explainer.core.shapes import weight_shapes
from circuit_explainer.training.recipe import Recipe


@dataclass(frozen=True)
class Parameters:
    """Every weight of a model by key, those that are trained as views of ``theta``.

    The matrices come first in ``theta``, ``matrices`` numbers of them: only these decay.
    """

    weights: Mapping[str, Array]
    theta: Array
    trained: Mapping[str, Array]
    matrices: int


def start(recipe: Recipe, rng: np.random.Generator) -> Parameters:
    """The weights at the start of a run, in float32: matrices random, weights of normalizations 1, biases 0."""
    trained = trained_shapes(recipe)
    theta = np.zeros(sum(map(math.prod, trained.values())), np.float32)
    views = split(theta, trained)
    for name, view in views.items():
        if _is_matrix(name):
            view[...] = rng.standard_normal(view.shape) * _std(recipe, name, view.shape)
        else:
            view[...] = 1 if name.endswith(".w") else 0
    fixed = {name: np.zeros(shape, np.float32) for name, shape in weight_shapes(recipe.config).items()}
    count = sum(view.size for name, view in views.items() if _is_matrix(name))
    return Parameters({**fixed, **views}, theta, views, count)


def trained_shapes(recipe: Recipe) -> dict[str, tuple[int, ...]]:
    """Shapes of the weights that a recipe trains, matrices first: the order of ``theta``."""
    shapes = weight_shapes(recipe.config)
    matrices = [name for name in shapes if _is_matrix(name)]
    others = [name for name in shapes if name.endswith(".w") or (recipe.biases and not _is_matrix(name))]
    return {name: shapes[name] for name in (*matrices, *others)}


def _is_matrix(name: str) -> bool:
    return "W_" in name


def split(vector: Array, shapes: Mapping[str, tuple[int, ...]]) -> dict[str, Array]:
    """Pieces of one vector, shaped, by name."""
    ends = np.cumsum([math.prod(shape) for shape in shapes.values()])[:-1]
    pieces = np.split(vector, ends)
    return {name: piece.reshape(shape) for (name, shape), piece in zip(shapes.items(), pieces, strict=True)}


def _std(recipe: Recipe, name: str, shape: tuple[int, ...]) -> float:
    if name in ("embed.W_E", "pos_embed.W_pos"):
        return recipe.embed_std
    # What the heads write is summed over all of them.
    summed = shape[0] * shape[1] if name.endswith("attn.W_O") else shape[-2]
    return recipe.weight_std / math.sqrt(summed)
