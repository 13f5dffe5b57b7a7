"""The tool's commands as the page gives them, one after the other and one into the other."""

import asyncio
import gc
import json
import shutil
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from circuit_explainer.circuits import head_scores, repeated_tokens
from circuit_explainer.core import load
from circuit_explainer.workbench.own import tool
from circuit_explainer.workbench.own.scored import scored as scored_of
from circuit_explainer.workbench.playground import models
from circuit_explainer.workbench.tools import ToolError, run
from tests.awaited import awaited
from tests.workbench.own.files import FIXTURES, LARGE, empty_gpt2, random_gpt2

Said = list[dict[str, Any]]


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No pause between two steps, so that all of them are told; nothing is left behind."""
    monkeypatch.setattr(tool, "PAUSE", 0)
    yield
    awaited(ask("forget"))
    tool.state.found = None


async def ask(command: str, said: Said | None = None, **request: Any) -> dict[str, Any]:
    heard: Said = [] if said is None else said
    answer = await run("own", command, request, None, lambda message: heard.append(message))
    json.dumps([answer, heard], allow_nan=False)
    return answer


def test_from_files_to_scores(tmp_path: Path) -> None:
    said: Said = []

    async def all_of_it() -> list[dict[str, Any]]:
        looked = await ask("look", folder=str(random_gpt2(tmp_path)))
        return [looked, await ask("load", said), await ask("score", said)]

    looked, loaded, scored = awaited(all_of_it())
    assert looked["name"] == loaded["name"] == "random-gpt2"
    assert len(looked["sentences"]) == 5
    assert looked["refused"] is None
    assert models.own("random-gpt2")
    model, expected = models.get("random-gpt2"), load(tmp_path)
    np.testing.assert_array_equal(model(np.arange(9)), expected(np.arange(9)))
    table = head_scores(expected, repeated_tokens(101, 64, 1, block=15, bos=100))
    assert scored == scored_of(table)
    for what in ("bytes", "scores"):
        told = [message for message in said if message["what"] == what]
        assert [message["done"] for message in told] == sorted(message["done"] for message in told)
        assert told[-1]["done"] == told[-1]["whole"]
    size = (tmp_path / "model.safetensors").stat().st_size
    assert 0.9 * size < said[0]["whole"] < size


@pytest.mark.parametrize("command", ["load", "score"])
@pytest.mark.parametrize("other", ["cancel", "look", "load"])
def test_what_goes_on_is_given_up_for_another_command(tmp_path: Path, command: str, other: str) -> None:
    folder = random_gpt2(tmp_path)
    said: list[dict[str, Any]] = []

    async def two() -> tuple[dict[str, Any], dict[str, Any]]:
        await ask("look", folder=str(folder))
        if command == "score":
            await ask("load")
        work = asyncio.create_task(ask(command, said))
        while not said:
            await asyncio.sleep(0)
        second = await ask(other, folder=str(folder))
        return await work, second

    first, second = awaited(two())
    assert first == {"cancelled": True}
    assert len(said) < 5
    assert "error" not in second
    assert models.own("random-gpt2") == (command == "score" or other == "load")


def test_one_model_at_a_time_and_its_memory_is_free(tmp_path: Path) -> None:
    awaited(ask("look", folder=str(random_gpt2(tmp_path))))
    awaited(ask("load"))
    before = weakref.ref(models.get("random-gpt2"))
    awaited(ask("look", folder=str(FIXTURES / "gpt2")))
    # It stays until the other one is wanted.
    assert models.own("random-gpt2")
    assert awaited(ask("load"))["name"] == "your-model"
    assert not models.own("random-gpt2")
    gc.collect()
    assert before() is None


def test_what_cannot_be_done_is_told(tmp_path: Path) -> None:
    async def told(command: str, **request: Any) -> str:
        return str((await ask(command, **request))["error"])

    assert awaited(told("load")) == "Choose the files of a model first."
    assert awaited(told("score")) == "Load a model first."
    assert awaited(told("fly")) == "There is no command 'fly' of the reader's own models."
    assert "is a pickle" not in awaited(told("look", folder=str(tmp_path)))
    assert awaited(ask("look", folder=str(empty_gpt2(tmp_path / "large", LARGE))))["refused"]
    assert awaited(told("load")) == "Choose the files of a model first."
    shutil.copytree(FIXTURES / "gpt2", tmp_path / "a")
    awaited(ask("look", folder=str(tmp_path / "a")))
    (tmp_path / "a" / "model.safetensors").unlink()
    assert awaited(told("load")) == (
        "model.safetensors can be read no more: it was changed or moved since it was chosen. Choose the files again."
    )


def test_numbers_that_are_none(tmp_path: Path) -> None:
    folder = random_gpt2(tmp_path)
    with (folder / "model.safetensors").open("r+b") as file:
        file.seek(-4, 2)
        file.write(np.array([np.nan], "<f4").tobytes())
    awaited(ask("look", folder=str(folder)))
    answer = awaited(ask("load"))
    assert answer["error"].startswith("model.safetensors: ")
    assert "expected finite numbers; got nan or infinity" in answer["error"]


def test_no_more_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> Any:
        raise MemoryError

    awaited(ask("look", folder=str(random_gpt2(tmp_path))))
    monkeypatch.setattr("circuit_explainer.core.checkpoints.read.room", full)
    assert awaited(ask("load"))["error"].startswith("The browser has no more memory for this. Close other tabs,")


def test_tool_errors_are_for_readers() -> None:
    assert issubclass(ToolError, ValueError)
