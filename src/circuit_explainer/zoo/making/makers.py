"""What makes each shipped model: it writes its files, and gives their facts."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from circuit_explainer.core.arrays import Array
from circuit_explainer.core.load import load
from circuit_explainer.core.model import Transformer
from circuit_explainer.training.recipe import Recipe
from circuit_explainer.training.trainer import Trainer
from circuit_explainer.zoo import by_hand, checkpoint_file
from circuit_explainer.zoo.making.measure import measure
from circuit_explainer.zoo.making.measure_run import measure_run, rounding
from circuit_explainer.zoo.making.measure_text import measure_reader
from circuit_explainer.zoo.making.recipes import CHECKPOINTS, RECIPES
from circuit_explainer.zoo.making.text import english
from circuit_explainer.zoo.making.text.recipe import TEXT_0L, TEXT_2L, TextRecipe
from circuit_explainer.zoo.making.write_checkpoints import write

# Step, steps of all, how it goes.
Report = Callable[[int, int, str], None]
# By the name of the file, without its ending.
Facts = dict[str, dict[str, Any]]


def make_by_hand(folder: Path, report: Report) -> Facts:
    """The circuit whose weights were written by hand; in float32, since its positions must differ finely."""
    model = by_hand.build()
    model.save(folder / "by-hand.safetensors")
    report(1, 1, "written")
    return {"by-hand": _facts(folder / "by-hand.safetensors", {"by": "hand", "config": model.cfg.to_dict()}, measure)}


def make_trained(name: str, recipe: Recipe, steps: tuple[int, ...], folder: Path, report: Report) -> Facts:
    """A model that learns from random symbols, and its checkpoints at ``steps`` if there are any."""
    trainer = Trainer(recipe)
    kept: dict[int, Mapping[str, Array]] = {0: trainer.model().weights} if 0 in steps else {}
    for progress in trainer.run():
        if progress.step in steps:
            kept[progress.step] = trainer.model().weights
        told = f"loss {progress.loss:.2f}, on repeats {progress.loss_on_repeats:.3f}"
        report(progress.step, recipe.steps, told)
    # The config without its later fields at their defaults, so that a new field leaves the facts as they are.
    config = {"config": recipe.config.to_dict()}
    made = {"by": "training on repeated random blocks", **dataclasses.asdict(recipe), **config}
    path = folder / f"{name}.safetensors"
    trainer.model().save(path, dtype="float16")
    facts = {name: _facts(path, made, measure)}
    if steps:
        facts[f"{name}.checkpoints"] = _make_checkpoints(folder / f"{name}.checkpoints.safetensors", recipe, kept)
    return facts


def make_text(name: str, recipe: TextRecipe, folder: Path, report: Report) -> Facts:
    """A model that reads English."""
    model, made = english.trained_on_english(recipe, report)
    path = folder / f"{name}.safetensors"
    model.save(path, dtype="float16")
    return {name: _facts(path, made, measure_reader)}


# In the order in which they are begun: the longest first, so that two at a time end together.
MAKERS: dict[str, Callable[[Path, Report], Facts]] = {
    "text-2l": partial(make_text, "text-2l", TEXT_2L),
    "induction-4l": partial(make_trained, "induction-4l", RECIPES["induction-4l"], ()),
    "induction-2l": partial(make_trained, "induction-2l", RECIPES["induction-2l"], CHECKPOINTS),
    **{
        name: partial(make_trained, name, recipe, ())
        for name, recipe in RECIPES.items()
        if name not in ("induction-4l", "induction-2l")
    },
    "text-0l": partial(make_text, "text-0l", TEXT_0L),
    "by-hand": make_by_hand,
}


def _make_checkpoints(path: Path, recipe: Recipe, kept: Mapping[int, Mapping[str, Array]]) -> dict[str, Any]:
    write(path, recipe.config, kept)
    run = checkpoint_file.read(path)
    made = {"by": "the training of induction-2l, 8 bits a weight", "differs_at_most": rounding(run, kept)}
    return {**_file_facts(path), "made": made, "measured": rounded(measure_run(run))}


def _facts(path: Path, made: dict[str, Any], measuring: Callable[[Transformer], dict[str, Any]]) -> dict[str, Any]:
    """Facts of the model as it is stored: float16 is coarser than what was trained."""
    model = load(path)
    parameters = sum(array.size for array in model.weights.values())
    return {**_file_facts(path), "parameters": parameters, "made": made, "measured": rounded(measuring(model))}


def _file_facts(path: Path) -> dict[str, Any]:
    content = path.read_bytes()
    return {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}


def rounded(value: Any) -> Any:
    """The same nest of dicts and lists with its numbers to six places, which is what the platforms agree on."""
    if isinstance(value, dict):
        return {key: rounded(part) for key, part in value.items()}
    if isinstance(value, list):
        return [rounded(part) for part in value]
    return round(value, 6) if isinstance(value, float) else value
