"""The tool `own`: tells about the reader's files, loads the model in them, scores its heads.

Commands: "look" {"folder"} -> {"name", "sentences", "refused"}; "load" -> {"name",
"seconds"}; "score" -> as `scored`;
"stands" -> {"name"} of the model that is offered;
"forget"; "cancel". "load" and "score" say {"what", "done", "whole"} on their way, and answer {"cancelled": true} when
they were given up. There is one model at a time, so that its memory is free for the next.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from circuit_explainer.circuits import repeated_tokens
from circuit_explainer.circuits.scores import scoring
from circuit_explainer.circuits.table import HeadTable
from circuit_explainer.core.load import loading
from circuit_explainer.core.model import Transformer
from circuit_explainer.exhibits.quoted import readable
from circuit_explainer.workbench.own.costs import TOKENS
from circuit_explainer.workbench.own.facts import Facts, facts
from circuit_explainer.workbench.own.scored import scored
from circuit_explainer.workbench.playground import models
from circuit_explainer.workbench.tools import Answer, Say, ToolError

Result = TypeVar("Result")
PAUSE = 0.05  # seconds of work after which other messages are heard


class Cancelled(Exception):
    """The reader gave the work up."""


@dataclass
class State:
    """What the reader chose, the name of the model that is offered, and whether the work in hand is given up.

    ``job`` counts: work that is not the last one begun was given up.
    """

    found: Facts | None = None
    name: str | None = None
    job: int = 0


state = State()


async def handle(command: str, request: dict[str, Any], data: bytes | None, say: Say) -> Answer:
    """Run a command; see above.

    Raises:
        ToolError: the files are no checkpoint, cannot be read, or are too much for this browser.
    """
    state.job += 1  # whatever comes, what went on is given up
    try:
        if command == "look":
            return _look(Path(request["folder"]))
        if command == "load":
            return await _load(say)
        if command == "score":
            return scored(await _through(_scoring(), "scores", say))
    except Cancelled:
        return {"cancelled": True}
    except MemoryError as error:
        raise ToolError(
            "The browser has no more memory for this. Close other tabs, or take a smaller model; nothing was loaded."
        ) from error
    if command == "stands":
        return {"name": state.name}
    if command == "forget":
        _forget()
    elif command != "cancel":
        raise ToolError(f"There is no command {command!r:.40} of the reader's own models.")
    return {}


def _look(folder: Path) -> Answer:
    state.found = found = facts(folder)
    return {
        "name": found.name,
        "sentences": [readable(sentence) for sentence in found.sentences],
        "refused": found.refused,
    }


async def _load(say: Say) -> Answer:
    found = state.found
    if found is None or found.refused:
        raise ToolError("Choose the files of a model first.")
    begun = time.perf_counter()
    _forget()
    try:
        model = await _through(loading(found.opened, found.tokenizer), "bytes", say)
    except OSError as error:
        raise ToolError(
            f"{found.opened.source.path.name} can be read no more: it was changed or moved since it was chosen. "
            "Choose the files again."
        ) from error
    except ValueError as error:
        raise ToolError(f"{found.opened.source.path.name}: {error}") from error
    models.register(found.name, model)
    state.name = found.name
    return {"name": found.name, "seconds": round(time.perf_counter() - begun, 2)}


def _scoring() -> Generator[tuple[int, int], None, HeadTable]:
    model = _loaded()
    block = (min(TOKENS, model.cfg.n_ctx) - 1) // 2
    try:
        given = repeated_tokens(model.cfg.d_vocab, model.cfg.n_ctx, 1, block=block, bos=model.bos)
    except ValueError as error:
        raise ToolError(f"Its heads cannot be scored: {error}") from error
    return scoring(model, given)


def _loaded() -> Transformer:
    if state.name is None:
        raise ToolError("Load a model first.")
    return models.get(state.name)


def _forget() -> None:
    if state.name is not None:
        models.forget(state.name)
        state.name = None


async def _through(steps: Generator[tuple[int, int], None, Result], what: str, say: Say) -> Result:
    """Do all steps; every few tens of milliseconds tell how many, and hear whether that is still wanted.

    Raises:
        Cancelled: another command came.
    """
    job, heard = state.job, 0.0
    while True:
        try:
            done, whole = next(steps)
        except StopIteration as end:
            result: Result = end.value
            return result
        if time.perf_counter() - heard < PAUSE:
            continue
        say({"what": what, "done": done, "whole": whole})
        await asyncio.sleep(0)
        heard = time.perf_counter()
        if job != state.job:
            steps.close()
            raise Cancelled
