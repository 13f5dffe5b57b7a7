"""The cell as a tool of the page: `run`, `stop` and `reset`."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any

from circuit_explainer import zoo
from circuit_explainer.workbench.cell import names, output
from circuit_explainer.workbench.cell.errors import failure
from circuit_explainer.workbench.cell.present import present
from circuit_explainer.workbench.cell.run import filename, is_own, missing_models, run
from circuit_explainer.workbench.tools import ToolError

Answer = dict[str, Any]


@dataclass
class Cell:
    """What lasts from run to run: the reader's names, the number of the last run, the run that goes on."""

    namespace: dict[str, Any] = field(default_factory=names.new_namespace)
    runs: int = 0
    task: asyncio.Task[Answer] | None = None


CELL = Cell()


async def handle(command: str, request: dict[str, Any], data: bytes | None, say: output.Say) -> Answer:
    """Answer one of the page's commands.

    - `run` {"code", "values", "link"}: run code with the playground's names for these wire values, or for those of a
      link where one has just been opened, with the values in place of its own. Says {"out", "stream"} for
      what is printed, {"cut"} where that grows too long, {"value"} and {"chart"} for what is shown. Answers
      {"seconds"}, {"stopped": True} or {"failure": {"message", "line", "details"}}.
    - `stop`: end a run that awaits. One that never does has to be ended by `restart`.
    - `reset`: forget the names that the code defined.

    Raises ToolError for anything else, and where the playground has no model to give.
    """
    if command == "run":
        return await _run(request, say)
    if command == "stop":
        if CELL.task:
            CELL.task.cancel()
        return {}
    if command == "reset":
        CELL.namespace = names.new_namespace()
        return {}
    raise ToolError(f"A cell has no command {command}: it has run, stop and reset.")


async def _run(request: dict[str, Any], say: output.Say) -> Answer:
    if CELL.task:
        raise ToolError("The cell runs already. Stop it first.")
    CELL.task = asyncio.ensure_future(_told(request, say))
    try:
        return await CELL.task
    except asyncio.CancelledError:
        return {"stopped": True}
    finally:
        CELL.task = None


async def _told(request: dict[str, Any], say: output.Say) -> Answer:
    """Run the code and tell how it ended."""
    code = request["code"]
    for name in missing_models(code):
        raise zoo.MissingModel(name)  # the page brings it and asks again
    names.update(CELL.namespace, await present(request["values"], say, request.get("link")))
    CELL.namespace["show"] = show = names.shower(say)
    CELL.runs += 1
    name = filename(CELL.runs)
    started = perf_counter()
    try:
        with output.streaming(say):
            value = await run(code, CELL.namespace, name)
            if value is not None:
                show(value)
    except asyncio.CancelledError:
        raise
    except SystemExit:
        pass
    except BaseException as error:
        return {"failure": failure(error, name, is_own).data()}
    return {"seconds": perf_counter() - started}
