"""What a reader may set before a run, within limits that a browser bears, and the recipe that it makes."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from circuit_explainer.exhibits import Choice, ReaderError, Text
from circuit_explainer.exhibits.controls import Control, Wire
from circuit_explainer.training import AssociativeRecall, Copying, MarkovText, Recipe, RepeatedBlocks, Task
from circuit_explainer.training.parameters import trained_shapes
from circuit_explainer.training.recipes import INDUCTION_SMALL

# The context and the vocabulary are those of INDUCTION_SMALL: 32 tokens of 26 symbols and BOS.
TASKS: dict[str, Task] = {
    "repeated symbols": RepeatedBlocks((6, 15)),
    "pairs, asked again": AssociativeRecall(8),
    "copying by place": Copying(12),
    "a chain of symbols": MarkovText(),
}
# What the second line of the loss chart is about, and what one of its symbols is called in a sentence.
ASKED = {
    "RepeatedBlocks": ("repeats", "a repeated symbol"),
    "AssociativeRecall": ("answers", "an answer"),
    "Copying": ("the copy", "a copied symbol"),
    "MarkovText": ("symbols", "a symbol"),
}


@dataclass(frozen=True)
class Settings:
    """What can be set; the recipe of the untouched settings is `training.recipes.INDUCTION_SMALL`."""

    layers: int = 2
    heads: int = 1
    lr: float = 0.015
    seed: int = 2
    d_model: int = 32
    positions: str = "standard"
    task: str = "repeated symbols"
    batch: int = 16
    steps: int = 500


# In the order of the form: the first four stand in the open, beside the preset.
CONTROLS: dict[str, Control] = {
    "layers": Choice(1, 2, 3, 4, default=2, label="Layers"),
    "heads": Choice(1, 2, 4, label="Heads in a layer"),
    "lr": Text("0.015", label="Learning rate"),
    "seed": Text("2", label="Seed"),
    "d_model": Choice(16, 32, 64, default=32, label="Numbers at a position (d_model)"),
    "positions": Choice("standard", "shortformer", "rotary", label="Positions"),
    "task": Choice(*TASKS, label="Task"),
    "batch": Text("16", label="Texts in a batch"),
    "steps": Text("500", label="Steps"),
}
# Lowest and highest of what is typed, and an example for who typed something else.
_LIMITS: dict[str, tuple[float, float, str]] = {
    "lr": (1e-5, 1, "0.015"),
    "seed": (0, 9999, "2"),
    "batch": (1, 64, "16"),
    "steps": (10, 5000, "500"),
}


def parse(wires: Mapping[str, Wire]) -> Settings:
    """Return the settings of the form's wire values; what is missing stands at its default.

    Raises ReaderError, with the name of its control, for the first value that cannot be used.
    """
    values: dict[str, Any] = {}
    for name, control in CONTROLS.items():
        try:
            value = control.parse(wires.get(name, str(control.default)))
            values[name] = _number(str(value), *_LIMITS[name], whole=name != "lr") if name in _LIMITS else value
        except ValueError as error:
            raise ReaderError(name, str(error)) from None
    return Settings(**values)


def wires(settings: Settings) -> dict[str, str]:
    """Return the wire values that `parse` makes these settings of."""
    return {name: f"{value:g}" if name == "lr" else str(value) for name, value in dataclasses.asdict(settings).items()}


def recipe(settings: Settings) -> Recipe:
    """Return what is trained; a head is as wide as the stream divided by the heads."""
    config = dataclasses.replace(
        INDUCTION_SMALL.config,
        n_layers=settings.layers,
        n_heads=settings.heads,
        d_model=settings.d_model,
        d_head=settings.d_model // settings.heads,
        positional_embedding_type=settings.positions,
        rotary_dim=None,
    )
    return dataclasses.replace(
        INDUCTION_SMALL,
        config=config,
        seed=settings.seed,
        steps=settings.steps,
        batch=settings.batch,
        task=TASKS[settings.task],
        lr=settings.lr,
    )


def settings_of(given: Recipe) -> Settings | None:
    """Return the settings that make a recipe, as that of an opened file, or None where none do."""
    cfg = given.config
    tasks = [name for name, task in TASKS.items() if task == given.task]
    if not tasks:
        return None
    found = Settings(
        cfg.n_layers, cfg.n_heads, given.lr, given.seed, cfg.d_model, cfg.positional_embedding_type, tasks[0],
        given.batch, given.steps,
    )  # fmt: skip
    try:
        return found if recipe(parse(wires(found))) == given else None
    except ValueError:
        return None


def parameters(given: Recipe) -> int:
    """Return how many numbers a recipe trains."""
    return sum(map(math.prod, trained_shapes(given).values()))


def _number(text: str, low: float, high: float, example: str, *, whole: bool) -> float:
    kind = "whole number" if whole else "number"
    try:
        value = int(text) if whole else float(text)
    except ValueError:
        value = math.nan
    if not low <= value <= high:
        raise ValueError(f"Expected a {kind} from {low:g} to {high:g}, such as {example}. Got {text!r:.40}.")
    return value
