"""The playground's present state, as names for the reader's code."""

from __future__ import annotations

import asyncio
from collections.abc import Generator, Mapping
from typing import Any

from circuit_explainer.exhibits import Exhibit
from circuit_explainer.exhibits.settle import settle_asked
from circuit_explainer.workbench.cell.output import Say
from circuit_explainer.workbench.playground import interventions, models, runs, state
from circuit_explainer.workbench.tools import ToolError

PLAYGROUND = Exhibit(state.draw, {}, follow=state.controls)


async def present(values: Mapping[str, Any], say: Say, link: str | None = None) -> dict[str, Any]:
    """The names for these wire values of the playground's controls, or for a link's but for these.

    They are `model`, `text`, `tokens [1, p]`, `logits [1, p, v]` and `cache`, and where an intervention is on
    `changed_logits` and `changed_cache`. Says {"told"} how far a long run is. Raises ToolError for a text or a list of
    interventions that cannot be used, zoo.MissingModel.
    """
    try:
        held = PLAYGROUND.parse(settle_asked(PLAYGROUND, values, link).wires)
        model, text = models.get(held["model"]), held["text"]
        changes = interventions.parse_all(held.get("edits", ()), model.cfg)
        made = await _finished(runs.steps(model, text, held.get("other", ""), changes, None), say)
    except ValueError as error:
        raise ToolError(f"The code gets its variables from the playground, where this is wrong: {error}") from None
    names = {"model": model, "text": text, "tokens": made.tokens, "logits": made.clean_logits, "cache": made.clean}
    if made.cache is None:
        return names
    return {**names, "changed_logits": made.logits, "changed_cache": made.cache}


async def _finished(steps: Generator[str, None, runs.Runs], say: Say) -> runs.Runs:
    """The runs at the end of their steps; between these the page may stop them."""
    while True:
        try:
            say({"told": next(steps)})
        except StopIteration as done:
            made: runs.Runs = done.value
            return made
        await asyncio.sleep(0)
