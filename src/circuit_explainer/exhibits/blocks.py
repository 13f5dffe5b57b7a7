"""Run a page's blocks in order in one namespace, as a notebook does: at build time, in the browser, in tests."""

from __future__ import annotations

import traceback
from typing import Any

from circuit_explainer.exhibits.exhibit import Exhibit

Namespace = dict[str, Any]


def new_namespace() -> Namespace:
    """Return the empty namespace of a page."""
    return {"__name__": "__page__"}


def run_block(source: str, namespace: Namespace, filename: str, line: int = 1) -> Exhibit | None:
    """Run one block and return the exhibit that it defines, or None.

    `filename` and `line` (of the block's first line) are what tracebacks show. Raises what the block raises, and
    ValueError when it defines more than one exhibit.
    """
    code = compile("\n" * (line - 1) + source, filename, "exec")
    before = {name: id(value) for name, value in namespace.items()}
    exec(code, namespace)
    made = [
        value
        for name, value in namespace.items()
        if isinstance(value, Exhibit) and before.get(name) != id(value) and value.name == name
    ]
    if len(made) > 1:
        names = ", ".join(exhibit.name for exhibit in made)
        raise ValueError(f"One block draws one exhibit; this one defines {names}. Give each a block of its own.")
    return made[0] if made else None


def error_line(error: BaseException, filename: str) -> int | None:
    """Return the last line of `filename` that `error` passed through, or None."""
    if isinstance(error, SyntaxError) and error.filename == filename:
        return error.lineno
    frames = traceback.extract_tb(error.__traceback__)
    return next((frame.lineno for frame in reversed(frames) if frame.filename == filename), None)
