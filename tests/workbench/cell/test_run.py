"""Code runs as in a notebook."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from circuit_explainer.workbench.cell import run as running
from circuit_explainer.workbench.cell.run import filename, is_own, missing_models, run
from tests.awaited import awaited


def value(code: str, namespace: dict[str, Any] | None = None) -> Any:
    return awaited(run(code, {} if namespace is None else namespace, filename(1)))


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("1 + 1", 2),
        ("x = 3\nx", 3),
        ("x = 3", None),
        ("", None),
        ("# nothing but a comment", None),
        ("1 + 1;", 2),
        ("for i in range(3):\n    i", None),
        ("def f():\n    return 4\nf()", 4),
        ("(1,\n 2)", (1, 2)),
        ("import asyncio\nawait asyncio.sleep(0, 'rested')", "rested"),
        ("import asyncio\nx = await asyncio.sleep(0, 5)\nx", 5),
        ("async def f():\n    yield 1\n[x async for x in f()]", [1]),
        ("from __future__ import annotations\ndef f(x: nowhere): ...\nf.__annotations__", {"x": "nowhere"}),
        # This module's own "from __future__" is none of the reader's.
        ("def f(x: int): ...\nf.__annotations__", {"x": int}),
    ],
)
def test_the_last_expression_is_the_value(code: str, expected: object) -> None:
    assert value(code) == expected


def test_nothing_runs_of_code_that_is_wrong_at_its_end() -> None:
    namespace: dict[str, Any] = {}
    for wrong in ("x = 1\nreturn 2", "x = 1\nx +", "x = 1\n(yield x)"):
        with pytest.raises(SyntaxError):
            value(wrong, namespace)
        assert "x" not in namespace


def test_functions_share_the_names_of_later_runs() -> None:
    namespace: dict[str, Any] = {}
    value("def f():\n    return y", namespace)
    value("y = 2", namespace)
    assert value("f()", namespace) == 2


def test_own_files_are_those_of_runs() -> None:
    value("1")
    assert is_own("run 1")
    assert not is_own("run 999")
    assert not is_own("/usr/lib/python3/json.py")


def test_models_that_are_missing_are_found_in_the_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code = """
from circuit_explainer import zoo
from circuit_explainer.zoo import load
a = zoo.load("text-2l"); b = load("by-hand")
c = zoo.checkpoints("induction-2l")
d = zoo.load("nowhere"); e = "induction-1l"; f = zoo.load(e); g = print("text-0l"); zoo.load(); zoo.load(3)
"""
    assert missing_models(code) == []
    monkeypatch.setattr(running, "directory", lambda: tmp_path)
    assert missing_models(code) == ["by-hand", "induction-2l.checkpoints", "text-2l"]
    (tmp_path / "by-hand.safetensors").touch()
    assert missing_models(code) == ["induction-2l.checkpoints", "text-2l"]
    assert missing_models("zoo.load(") == []
    assert missing_models("\0") == []
