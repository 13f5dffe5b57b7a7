"""The commands of the cell: what lasts, what is replaced, how a run ends."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from circuit_explainer import zoo
from circuit_explainer.workbench.cell import tool
from circuit_explainer.workbench.tools import ToolError
from tests.awaited import awaited
from tests.workbench.cell.ran import VALUES, Ran, ran, run_all


def test_what_is_printed_comes_before_the_value_and_the_answer() -> None:
    done = run_all("print('one')\nprint('two')\n1 + 1")
    assert done.said == [
        {"out": "one\n", "stream": "stdout"},
        {"out": "two\n", "stream": "stdout"},
        {"value": "2"},
    ]
    assert list(done.answer) == ["seconds"]


def test_the_names_are_those_of_the_playground() -> None:
    model = zoo.load("induction-2l")
    logits, cache = model.run_with_cache(VALUES["text"])
    done = run_all("print(text)\nprint(tokens.tolist())\nprint(repr(logits.sum()), repr(cache['pattern', 1].std()))")
    expected = [
        VALUES["text"],
        model.to_tokens(VALUES["text"]).tolist(),
        f"{logits.sum()!r} {cache['pattern', 1].std()!r}",
    ]
    assert done.out.splitlines() == [str(each) for each in expected]
    assert run_all("model is np").all("value") == ["False"]
    assert run_all("model.cfg == model.cfg, charts.__name__, circuits.__name__").all("value") == [
        "(True, 'circuit_explainer.charts', 'circuit_explainer.circuits')"
    ]


def test_names_of_the_reader_last_and_those_of_the_playground_are_renewed() -> None:
    done = run_all("mine = 7\ntext = 'changed'", "mine, text")
    assert done.all("value") == [f"(7, {VALUES['text']!r})"]
    other = awaited(ran("mine, text, tokens.shape", {**VALUES, "text": "a b a"}))
    assert other.all("value") == ["(7, 'a b a', (1, 4))"]


def test_reset_forgets_the_readers_names() -> None:
    async def go() -> Ran:
        await ran("mine = 7")
        await tool.handle("reset", {}, None, lambda said: None)
        return await ran("mine")

    assert "name 'mine' is not defined" in awaited(go()).failure["message"]


def test_the_playgrounds_arrays_cannot_be_changed() -> None:
    done = run_all("cache['pattern', 1][0] = 0")
    assert "assignment destination is read-only" in done.failure["message"]
    assert "Change a copy: x = x.copy()." in done.failure["message"]
    assert run_all("logits[0] = 0").failure["line"] == 1
    assert list(run_all("x = logits.copy()\nx[0] = 0").answer) == ["seconds"]


def test_a_run_that_awaits_is_stopped() -> None:
    async def go() -> tuple[Ran, Ran]:
        running = asyncio.ensure_future(
            ran("import asyncio\nmine = 1\nprint('on')\nawait asyncio.sleep(3600)\nmine = 2")
        )
        while not tool.CELL.namespace.get("mine"):
            await asyncio.sleep(0)
        with pytest.raises(ToolError, match="The cell runs already. Stop it first."):
            await ran("1")
        await tool.handle("stop", {}, None, lambda said: None)
        return await running, await ran("mine")

    stopped, after = awaited(go())
    assert stopped.answer == {"stopped": True}
    assert stopped.out == "on\n"
    assert after.all("value") == ["1"]


def test_stop_without_a_run_is_no_error() -> None:
    assert awaited(tool.handle("stop", {}, None, lambda said: None)) == {}


def test_an_unknown_command_is_told() -> None:
    with pytest.raises(ToolError, match="no command jump"):
        awaited(tool.handle("jump", {}, None, lambda said: None))


def test_code_may_end_itself() -> None:
    done = run_all("print('a')\nraise SystemExit\nprint('b')")
    assert done.out == "a\n"
    assert list(done.answer) == ["seconds"]


def test_what_was_printed_before_an_error_is_told_first() -> None:
    done = run_all("print('a', end='')\n1 / 0")
    assert done.out == "a"
    assert done.failure["line"] == 2


def test_a_model_that_is_not_here_is_asked_for_before_anything_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("circuit_explainer.workbench.cell.run.directory", lambda: tmp_path)
    told = Ran()
    code = "print('a')\nfrom circuit_explainer import zoo\nzoo.load('text-2l')"
    with pytest.raises(zoo.MissingModel) as missing:
        awaited(tool.handle("run", {"code": code, "values": VALUES}, None, told.said.append))
    assert missing.value.name == "text-2l"
    assert told.said == []


def test_each_run_has_its_number() -> None:
    assert 'File "run 2", line 1' in run_all("1", "1 / 0").failure["details"]
