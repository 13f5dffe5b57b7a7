"""Tools answer, or say in words why they cannot."""

from __future__ import annotations

from typing import Any

import pytest

from circuit_explainer import zoo
from circuit_explainer.workbench import tools
from tests.awaited import awaited
from tests.workbench.cell.ran import VALUES


def asked(command: str, request: dict[str, Any], tool: str = "cell") -> dict[str, Any]:
    return awaited(tools.run(tool, command, request, None, lambda said: None))


def test_a_tool_answers() -> None:
    assert list(asked("run", {"code": "1", "values": VALUES})) == ["seconds"]


def test_a_sentence_for_the_reader_is_an_answer() -> None:
    assert asked("jump", {}) == {"error": "A cell has no command jump: it has run, stop and reset."}
    assert asked("run", {}, "nowhere")["error"].startswith("There is no tool 'nowhere'; the tools are ")


def test_what_a_tool_does_wrong_is_told_with_its_place() -> None:
    assert asked("run", {})["error"].startswith("The code stopped (line ")


def test_a_model_that_is_not_here_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise zoo.MissingModel(name)

    monkeypatch.setattr(zoo, "load", missing)
    assert asked("run", {"code": "1", "values": VALUES}) == {"needs": "induction-2l.safetensors"}
