"""The door through which the page drives the lab, for tests: `heard` holds what the lab says in mid-work."""

import asyncio
import json
from collections.abc import Callable, Coroutine
from typing import Any

import numpy as np

from circuit_explainer.training import train
from circuit_explainer.workbench import tools
from circuit_explainer.workbench.lab import tool
from circuit_explainer.workbench.lab.settings import Settings, recipe, wires
from tests.awaited import awaited

SHORT = Settings(steps=60, batch=2)
VALUES = {"values": wires(SHORT)}
heard: list[dict[str, Any]] = []


async def ask(command: str, request: dict[str, Any] | None = None, data: bytes | None = None) -> dict[str, Any]:
    answer = await tools.run("lab", command, request or {}, data, heard.append)
    json.dumps({name: value for name, value in answer.items() if name != "file"}, allow_nan=False)
    return answer


async def until(done: Callable[[], bool]) -> None:
    while not done():
        await asyncio.sleep(0)


def go(work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    awaited(work())


def theta() -> np.ndarray:
    assert tool.lab.run
    return tool.lab.run.trainer.parameters.theta


def trained() -> dict[str, np.ndarray]:
    *_, last = train(recipe(SHORT))
    return {name: weight.copy() for name, weight in last.weights.items()}
