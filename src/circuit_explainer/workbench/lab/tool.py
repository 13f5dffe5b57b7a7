"""The lab's door: commands of the page as plain functions of JSON data, and the loop that trains between them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

from circuit_explainer.exhibits import ReaderError
from circuit_explainer.workbench.lab import files, sentences
from circuit_explainer.workbench.lab.charts import OWN
from circuit_explainer.workbench.lab.presets import short_name
from circuit_explainer.workbench.lab.run import Run, begin, timed
from circuit_explainer.workbench.lab.settings import parse, recipe
from circuit_explainer.workbench.lab.state import Lab, shown_model, view
from circuit_explainer.workbench.tools import Say, ToolError

Answer = dict[str, Any] | None
# Seconds: of training between two looks at what the page wants, and between two pictures for it.
SLICE, PICTURE = 0.03, 0.25
MOST_KEPT, LONGEST_NAME = 4, 14

lab = Lab()


async def handle(command: str, request: dict[str, Any], data: bytes | None, say: Say) -> dict[str, Any]:
    """Do what the page asks; answer with all that it shows, `state.view`, or with what the command asked for.

    A training that goes on says the same by `say` four times a second, and once more when it stops. Settings that
    cannot be used are answered as {"problem": {"control", "message"}}. Raises ToolError with a sentence.
    """
    if command not in COMMANDS:
        raise ToolError(f"The lab has no command {command!r:.40}; it has {', '.join(COMMANDS)}.")
    try:
        answer = COMMANDS[command](request, data, say)
    except ReaderError as error:
        return {"problem": {"control": error.control, "message": str(error)}}
    return view(lab) if answer is None else answer


def _plan(request: dict[str, Any], _data: bytes | None, _say: Say) -> Answer:
    """What a run of these settings would cost: {"cost", "name"}. A trial would slow a run that goes on."""
    settings = parse(request.get("values", {}))
    wanted = recipe(settings)
    seconds = None if lab.going else timed(wanted)
    other = lab.run is not None and lab.run.recipe != wanted
    return {"cost": sentences.cost(wanted, seconds, after_reset=other), "name": short_name(settings)}


def _start(request: dict[str, Any], _data: bytes | None, say: Say) -> Answer:
    """Begin the run of these settings, or go on with the one that is there."""
    run = lab.run or _new_run(request)
    if lab.going is None and not run.over:
        lab.going, lab.theirs, lab.at, lab.why = object(), True, None, ""
        lab.said = f"Training from step {run.step:,}."
        lab.task = asyncio.ensure_future(_train(run, lab.going, say))
    return None


def _step(request: dict[str, Any], _data: bytes | None, _say: Say) -> Answer:
    """Train one step, and stop."""
    run = lab.run or _new_run(request)
    lab.going, lab.theirs, lab.at, lab.why = None, True, None, ""
    run.one_step()
    run.rest()
    lab.said = f"Step {run.step:,}."
    return None


def _pause(request: dict[str, Any], _data: bytes | None, _say: Say) -> Answer:
    """Stop; {"why": "hidden"} says that the page is not seen."""
    if lab.going and lab.run:
        _rest(lab.run, str(request.get("why", "")))
    return None


def _reset(_request: dict[str, Any], _data: bytes | None, _say: Say) -> Answer:
    """Throw the run away; kept curves stay, and Undo brings it back."""
    _stop()
    lab.history.note(lab.held)
    lab.run, lab.theirs, lab.at, lab.head = None, False, None, None
    lab.passed, lab.said = False, "The run is gone; Undo brings it back. The charts show the shipped run."
    return None


def _show(request: dict[str, Any], _data: bytes | None, _say: Say) -> Answer:
    """Show another run ("shows"), place of the slider ("place") or head ("head", such as L0H1)."""
    if "shows" in request:
        lab.theirs, lab.at = request["shows"] == "yours" and lab.run is not None, None
    story = lab.story
    if "place" in request:
        place = int(request["place"])
        if not 0 <= place < len(story.steps):
            raise ToolError(f"Expected a place of the slider from 0 to {len(story.steps) - 1}. Got {place}.")
        # At its right end the slider stays with a run that goes on.
        last = lab.theirs and place == len(story.steps) - 1
        lab.at = None if last else int(story.steps[place])
    if "head" in request:
        layer, _, head = str(request["head"]).removeprefix("L").partition("H")
        lab.head = int(layer), int(head)
    return None


def _keep(request: dict[str, Any], _data: bytes | None, _say: Say) -> Answer:
    """Keep the present curve of the run under a name of its own."""
    # Signs that nobody sees, or that turn the line, are no part of a name.
    name = " ".join("".join(c for c in str(request.get("name", "")) if c.isprintable() or c.isspace()).split())
    if lab.run is None or not lab.theirs:
        raise ToolError("There is no curve of yours to keep yet. Press Start first.")
    if len(lab.kept) >= MOST_KEPT:
        raise ToolError(f"{MOST_KEPT} curves are kept, which is as many as can be told apart. Remove one first.")
    if not 1 <= len(name) <= LONGEST_NAME:
        raise ToolError(f"Expected a name of 1 to {LONGEST_NAME} characters. Got {len(name)}.")
    if name in [other for other, _, _ in lab.kept] or name == OWN:
        raise ToolError(f"A curve named “{name}” is there already. Choose another name.")
    story = lab.story
    lab.history.note(lab.held)
    lab.kept.append((name, story.steps, story.asked))
    lab.said = f"The curve is kept as “{name}”."
    return None


def _drop(request: dict[str, Any], _data: bytes | None, _say: Say) -> Answer:
    """Remove a kept curve."""
    lab.history.note(lab.held)
    lab.kept = [curve for curve in lab.kept if curve[0] != request.get("name")]
    lab.said = "The curve is removed."
    return None


def _save(_request: dict[str, Any], _data: bytes | None, _say: Say) -> Answer:
    """The run as a file: {"file", "name"}."""
    if lab.run is None:
        raise ToolError("There is no run to save yet. Press Start first.")
    return {"file": files.write(lab.run), "name": f"run-step-{lab.run.step}.safetensors"}


def _open(_request: dict[str, Any], data: bytes | None, _say: Say) -> Answer:
    """Go on with the run in a file."""
    run = files.read(data or b"")
    _stop()
    lab.history.note(lab.held)
    lab.run, lab.theirs, lab.at, lab.head, lab.why = run, True, None, None, ""
    lab.passed, lab.said = False, f"The run is open at step {run.step:,}."
    return None


def _undo(_request: dict[str, Any], _data: bytes | None, _say: Say) -> Answer:
    """Bring back what the lab held before the last Reset, Open, Keep or Remove."""
    if not lab.history.past:
        raise ToolError("There is nothing to undo.")
    _stop()
    lab.bring(lab.history.back(lab.held))
    lab.said = "Undone."
    return None


def _redo(_request: dict[str, Any], _data: bytes | None, _say: Say) -> Answer:
    """Do again what was undone last."""
    if not lab.history.future:
        raise ToolError("There is nothing to do again.")
    _stop()
    lab.bring(lab.history.forth(lab.held))
    lab.said = "Done again."
    return None


def _publish(request: dict[str, Any], _data: bytes | None, _say: Say) -> Answer:
    """Give the model of the step that is shown to the playground: {"name", "step"}."""
    model, step = shown_model(lab)
    name = str(request.get("name") or f"lab-step-{step}")
    from circuit_explainer.workbench.playground import models  # not before it is needed

    models.register(name, model)
    return {"name": name, "step": step}


COMMANDS: dict[str, Callable[[dict[str, Any], bytes | None, Say], Answer]] = {
    "view": lambda _request, _data, _say: None,
    "plan": _plan,
    "start": _start,
    "pause": _pause,
    "step": _step,
    "reset": _reset,
    "undo": _undo,
    "redo": _redo,
    "show": _show,
    "keep": _keep,
    "drop": _drop,
    "save": _save,
    "open": _open,
    "publish": _publish,
}


def _new_run(request: dict[str, Any]) -> Run:
    settings = parse(request.get("values", {}))
    lab.run, lab.passed, lab.head = begin(recipe(settings), "your run"), False, None
    return lab.run


def _stop() -> None:
    if lab.going and lab.run:
        _rest(lab.run, "")


def _rest(run: Run, why: str) -> None:
    lab.going, lab.why = None, why
    run.rest()
    lab.said = sentences.status(run, False, why)


async def _train(run: Run, mine: object, say: Say) -> None:
    told = time.perf_counter()
    while lab.going is mine and not run.over:
        run.advance(SLICE)
        if not run.over and time.perf_counter() - told >= PICTURE:
            say(view(lab))
            told = time.perf_counter()
        await asyncio.sleep(0)
    # Another command may have stopped this loop, and answered for it.
    if lab.going is mine:
        _rest(run, "")
        say(view(lab))
