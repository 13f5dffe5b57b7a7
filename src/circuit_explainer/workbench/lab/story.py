"""A run as its charts tell it: the same shape for a reader's run and for the shipped one."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from circuit_explainer import zoo
from circuit_explainer.charts.general.heads import head_name
from circuit_explainer.core.arrays import Array
from circuit_explainer.core.model import Transformer
from circuit_explainer.training import RepeatedBlocks
from circuit_explainer.workbench.lab.run import Run
from circuit_explainer.workbench.lab.settings import ASKED

SHIPPED = "induction-2l"
# The step that the shipped run opens at: the middle of its phase change.
OPENS_AT = 200


@dataclass(frozen=True)
class Story:
    """The moments of a run, one a place of the slider.

    `steps` is [n], rising; `losses` are two lines [n] by their names, that on what the task is about first; `one` is
    what a symbol of that is called. `previous` and `induction` are [n, layer, head]. `symbols` can come, so that an
    even guess costs ln(symbols); `end` is the last step of the axis. `phased` says that the task has the phase change.
    """

    name: str
    steps: Array
    losses: Mapping[str, Array]
    one: str
    previous: Array
    induction: Array
    models: Mapping[int, Transformer]
    symbols: int
    end: int
    log: bool = False
    phased: bool = True

    @property
    def even(self) -> float:
        """What an even guess costs, in nats."""
        return math.log(self.symbols)

    @property
    def asked(self) -> Array:
        """The loss [n] on what the task is about."""
        return next(iter(self.losses.values()))

    @property
    def passed(self) -> int | None:
        """The first step at which the phase change is passed; None where it is not, or where the task has none.

        It is passed when the loss on repeated symbols is below half of what an even guess costs; models with one layer
        stay near an even guess, or above it.
        """
        below = np.flatnonzero(self.asked < self.even / 2)
        return int(self.steps[below[0]]) if self.phased and below.size else None


def shipped() -> Story:
    """Return the run of `induction-2l` as its 40 checkpoints tell it.

    Raises zoo.MissingModel where their file is not here.
    """
    rows = zoo.facts(f"{SHIPPED}.checkpoints")["measured"]
    models = zoo.checkpoints(SHIPPED)
    column = {name: np.array([row[name] for row in rows]) for name in rows[0]}
    losses = {"repeats": column["loss_repeats"], "first time": column["loss_first"]}
    return Story(
        "the shipped run", column["step"], losses, "a repeated symbol", column["previous_token"], column["induction"],
        models, models.cfg.d_vocab - 1, int(column["step"][-1]), log=True,
    )  # fmt: skip


def of_run(run: Run) -> Story:
    """Return a reader's run as it is now. The axis ends with the recipe, or where the run broke off."""
    moments = run.moments
    line, one = ASKED.get(run.recipe.task.kind, ("what counts", "a symbol that counts"))
    return Story(
        run.name,
        np.array([moment.step for moment in moments]),
        {line: np.array([m.asked for m in moments]), "all": np.array([m.loss for m in moments])},
        one,
        np.stack([moment.previous for moment in moments]),
        np.stack([moment.induction for moment in moments]),
        {moment.step: moment.model for moment in moments if moment.model},
        run.recipe.config.d_vocab - 1,
        max(run.step, 1) if run.broken else run.recipe.steps,
        phased=isinstance(run.recipe.task, RepeatedBlocks),
    )


def names(story: Story) -> list[str]:
    """Return the names of the heads, layer by layer."""
    return [head_name(*at) for at in np.ndindex(*story.previous.shape[1:])]


def words(model: Transformer) -> str:
    """Return the fixed text on which patterns are shown: up to ten letters, then the same again but for the last."""
    most = (model.cfg.n_ctx - 1, model.cfg.d_vocab - 1)
    letters = [chr(ord("a") + n) for n in range(max(1, min(10, most[0] // 2, most[1])))]
    return " ".join([*letters, *letters[: max(1, len(letters) - 1)]][: most[0]])
