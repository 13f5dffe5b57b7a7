"""What the reader's code may import: Python, numpy and this package; no network, and nothing of the browser."""

from __future__ import annotations

import builtins
from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

NETWORK = "This page's Python has no network: nothing is fetched, and nothing leaves your device."
BROWSER = "The browser itself is out of reach: a cell is Python with numpy."
CHARTS = "Draw with charts instead, as in charts.bars or charts.lines."
LENS = "The model, its logits and its cache are here already, under TransformerLens's names."
INPUT = 'input() cannot ask anything here. Write the value into the code, as in word = "cat".'
PAUSED = "breakpoint() cannot pause the code here. Print what you want to see."

# Modules that are not here or are kept from the reader's code, and what is said of them.
_SAID = {
    **dict.fromkeys(("socket", "ssl", "http", "urllib.request", "urllib.error", "ftplib", "smtplib"), NETWORK),
    **dict.fromkeys(("requests", "httpx", "aiohttp", "urllib3", "websockets", "pyodide_http", "micropip"), NETWORK),
    **dict.fromkeys(("js", "pyodide", "pyodide_js", "_pyodide", "_pyodide_core", "pyscript", "polyscript"), BROWSER),
    **dict.fromkeys(("matplotlib", "plotly", "seaborn", "altair", "bokeh"), CHARTS),
    **dict.fromkeys(("transformer_lens", "transformers", "torch"), LENS),
}
_KEPT_AWAY = (NETWORK, BROWSER)


def missing(name: str) -> str:
    """The sentence on a module that cannot be imported."""
    has = f"There is no module {name} here: there are numpy, circuit_explainer and most of Python's standard library."
    said = _said(name)
    return said if said in _KEPT_AWAY else " ".join(filter(None, (has, said)))


def own_builtins() -> dict[str, Any]:
    """Python's built-in functions for the reader's code, with those replaced that would wait or reach out for ever."""
    return {**vars(builtins), "__import__": _import, "input": _input, "breakpoint": _breakpoint}


def _import(
    name: str,
    globals: Mapping[str, object] | None = None,
    locals: Mapping[str, object] | None = None,
    fromlist: Sequence[str] | None = (),
    level: int = 0,
) -> Any:
    """As Python's own, but for what is kept away. Raises ImportError with a sentence."""
    asked = [name, *(f"{name}.{each}" for each in fromlist or ())]
    for each in asked:
        if level == 0 and _said(each) in _KEPT_AWAY:
            raise ImportError(_said(each), name=each)
    return builtins.__import__(name, globals, locals, fromlist or (), level)


def _input(*prompt: object) -> NoReturn:
    """Nobody can answer: the page's Python has no keyboard. Raises RuntimeError."""
    raise RuntimeError(INPUT)


def _breakpoint(*args: object, **kwargs: object) -> NoReturn:
    """There is no debugger. Raises RuntimeError."""
    raise RuntimeError(PAUSED)


def _said(name: str) -> str | None:
    """What is said of a module or of the package that it is part of."""
    parts = name.split(".")
    names = (".".join(parts[:n]) for n in range(len(parts), 0, -1))
    return next((_SAID[each] for each in names if each in _SAID), None)
