"""Run code in a cell as the page does, and gather what it says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from circuit_explainer.workbench.cell import tool
from tests.awaited import awaited

VALUES = {"model": "induction-2l", "text": "the cat sat . the cat"}


@dataclass
class Ran:
    """What the page got: the answer, and what was said before it."""

    answer: dict[str, Any] = field(default_factory=dict)
    said: list[dict[str, Any]] = field(default_factory=list)

    @property
    def out(self) -> str:
        return "".join(self.all("out"))

    @property
    def failure(self) -> dict[str, Any]:
        assert "failure" in self.answer, self.answer
        return dict(self.answer["failure"])

    def all(self, kind: str) -> list[Any]:
        return [message[kind] for message in self.said if kind in message]


async def ran(code: str, values: dict[str, Any] = VALUES) -> Ran:
    """Run code in the cell as it stands."""
    told = Ran()
    told.answer = await tool.handle("run", {"code": code, "values": values}, None, told.said.append)
    return told


def run_all(*codes: str, values: dict[str, Any] = VALUES) -> Ran:
    """Run several codes one after another in the cell as it stands; what came of the last one."""

    async def go() -> Ran:
        return [await ran(code, values) for code in codes][-1]

    return awaited(go())


def fresh_cell() -> Iterator[None]:
    """A cell that nobody used yet, before and after."""
    tool.CELL = tool.Cell()
    yield
    tool.CELL = tool.Cell()
