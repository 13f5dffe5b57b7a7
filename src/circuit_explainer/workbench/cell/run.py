"""Run the reader's code as a notebook does: its last expression is its value, and `await` works at the top level."""

from __future__ import annotations

import ast
import inspect
import linecache
from collections.abc import Iterator
from types import CodeType
from typing import Any

from circuit_explainer.zoo.loader import FILES, directory

Namespace = dict[str, Any]

FLAGS = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
RUN = "run "  # and its number: what tracebacks call the code


def filename(number: int) -> str:
    """The name under which the code of a run is compiled."""
    return f"{RUN}{number}"


def is_own(name: str) -> bool:
    """Whether a file's name is that of a run."""
    return name.startswith(RUN) and name in linecache.cache


async def run(code: str, namespace: Namespace, name: str) -> Any:
    """Run code in a namespace; return the value of its last statement where that is an expression, or None.

    `name` is what tracebacks call it. Raises what the code raises, SyntaxError for code that is not Python.
    """
    # Tracebacks show lines of the code, also of functions that an earlier run defined.
    linecache.cache[name] = (len(code), None, code.splitlines(keepends=True), name)
    value = None
    for part in _parts(code, name):
        value = eval(part, namespace)
        if part.co_flags & inspect.CO_COROUTINE:
            value = await value
    return value


def missing_models(code: str) -> list[str]:
    """The shipped models whose file is not here and that the code opens by name, as in `zoo.load("text-2l")`.

    Told before the code runs: to run it again once they have come would do everything twice.
    """
    try:
        tree = ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []  # told when it is run
    named = {name for node in ast.walk(tree) for name in _opened(node) if name in FILES}
    return sorted(name for name in named if not (directory() / f"{name}.safetensors").is_file())


def _parts(code: str, name: str) -> list[CodeType]:
    """The statements, and the last expression on its own: all is compiled before anything runs."""
    tree = compile(code, name, "exec", ast.PyCF_ONLY_AST | FLAGS, dont_inherit=True)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    parts = [compile(tree, name, "exec", FLAGS, dont_inherit=True)]
    if last is not None:
        parts.append(compile(ast.Expression(last.value), name, "eval", FLAGS, dont_inherit=True))
    return parts


def _opened(node: ast.AST) -> Iterator[str]:
    """The file that a call of `load` or `checkpoints` opens."""
    if not isinstance(node, ast.Call) or not node.args or not isinstance(node.args[0], ast.Constant):
        return
    called = getattr(node.func, "attr", getattr(node.func, "id", ""))
    name = node.args[0].value
    if called in ("load", "checkpoints") and isinstance(name, str):
        yield name if called == "load" else f"{name}.checkpoints"
