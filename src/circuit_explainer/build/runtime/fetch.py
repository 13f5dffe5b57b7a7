"""Fill the cache with everything the runtime is made of; nothing is downloaded that is there and whole."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from .node import Tools, find_tools
from .npm_packages import node_modules
from .numpy_wheel import numpy_wheel


class Sources(NamedTuple):
    """The fetched and verified sources."""

    tools: Tools
    modules: Path
    pyodide: Path
    wheel: Path


def fetch(cache: Path) -> Sources:
    """Find Node, install the pinned npm packages, get numpy's wheel. Hold `places.alone` meanwhile."""
    tools = find_tools()
    modules = node_modules(tools, cache)
    pyodide = modules / "pyodide"
    return Sources(tools, modules, pyodide, numpy_wheel(cache, pyodide))
