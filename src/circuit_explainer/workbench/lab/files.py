"""A run in a file: what `training.save` writes, with the curves so far as a note beside it."""

from __future__ import annotations

import json
import math
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from circuit_explainer.core.files.header import read_header
from circuit_explainer.training import Trainer, resume, save
from circuit_explainer.workbench.lab.moments import MOST, Moment, yardstick
from circuit_explainer.workbench.lab.run import Run
from circuit_explainer.workbench.tools import ToolError

NOTE = "lab"


def write(run: Run) -> bytes:
    """Return the file of a run, which `training.resume` opens too."""
    rows = [
        [moment.step, moment.loss, moment.asked, moment.previous.tolist(), moment.induction.tolist()]
        for moment in run.moments
    ]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "run.safetensors"
        save(run.trainer, path, {NOTE: json.dumps({"every": run.every, "spent": run.spent, "moments": rows})})
        return path.read_bytes()


def read(data: bytes) -> Run:
    """Return the run in a file, with its curves where the lab wrote them; their earlier models are not in it.

    Raises ToolError, in a sentence, for a file that holds no run.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "run.safetensors"
        path.write_bytes(data)
        try:
            trainer = resume(path)
            note = read_header(path)[0].get(NOTE, "")
            texts = yardstick(trainer.recipe)
        except ValueError as error:
            raise ToolError(f"This file cannot be opened as a run. {error} Choose one that the lab saved.") from error
    moments, every, spent = _curves(note, trainer)
    return Run(trainer, texts, "your run", moments, every, spent=spent)


def _curves(note: str, trainer: Trainer) -> tuple[list[Moment], int, float]:
    """The curves in a note; none for a note that the lab did not write, since the run is whole without them."""
    try:
        told = json.loads(note)
        moments = [_moment(row, trainer) for row in told["moments"]]
        steps = [moment.step for moment in moments]
        every, spent = told["every"], float(told["spent"])
        fits = len(steps) <= MOST and steps == sorted(set(steps)) and (not steps or 0 <= steps[0] <= steps[-1])
        if not fits or steps[-1] > trainer.step or type(every) is not int or every < 1 or not 0 <= spent < math.inf:
            raise ValueError("the lab wrote no such note")
    except (KeyError, TypeError, ValueError, IndexError, OverflowError, RecursionError):
        return [], 1, 0.0
    return moments, every, spent


def _moment(row: Any, trainer: Trainer) -> Moment:
    step, loss, asked, *scores = row
    previous, induction = (np.array(score, float) for score in scores)
    shape = (trainer.recipe.config.n_layers, trainer.recipe.config.n_heads)
    if type(step) is not int or previous.shape != shape or induction.shape != shape:
        raise ValueError("a moment has other heads")
    if not all(np.isfinite(value).all() for value in (float(loss), float(asked), previous, induction)):
        raise ValueError("a moment is not finite")
    return Moment(step, float(loss), float(asked), previous, induction, None)
