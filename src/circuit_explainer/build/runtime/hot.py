"""The list of modules that the reader's worker really imports, `hot_modules.json`."""

from __future__ import annotations

import json
from pathlib import Path

from .lean import SITE_PREFIX, STDLIB_PREFIX, inside_pyodide, read_data
from .node import Tools
from .places import HERE, say
from .problem import Problem

PREFIXES = {"stdlib": STDLIB_PREFIX, "numpy": SITE_PREFIX}


def hot_names(paths: list[str]) -> dict[str, list[str]]:
    """Sort file paths of `sys.modules` into the two archives, as names of their sources there."""
    found: dict[str, set[str]] = {kind: set() for kind in PREFIXES}
    for path in paths:
        for kind, prefix in PREFIXES.items():
            name = path.removeprefix(prefix).removesuffix("c")
            if path.startswith(prefix) and name.endswith(".py") and (kind == "stdlib" or name.startswith("numpy/")):
                found[kind].add(name)
    return {kind: sorted(names) for kind, names in found.items()}


def paths_from_dump(dump: Path) -> list[str]:
    """The paths in a dump: a JSON list, or a JSON object from module names to paths (None where there is none)."""
    try:
        data = json.loads(dump.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise Problem(f"{dump} cannot be read as JSON ({error}); dump the files of sys.modules into it") from error
    values = list(data.values()) if isinstance(data, dict) else data
    if not isinstance(values, list):
        raise Problem(f"{dump} must hold a list or an object of file paths, got {type(data).__name__}")
    return [value for value in values if isinstance(value, str)]


def paths_under_node(tools: Tools, pyodide: Path, wheel: Path) -> list[str]:
    """The paths after importing `worker_imports.json` in the stock Pyodide under Node."""
    job = {"task": "imported", "modules": read_data("worker_imports.json")}
    paths: list[str] = inside_pyodide(tools, pyodide, [job], wheel.parent)[0]
    return paths


def write_hot(paths: list[str], target: Path = HERE / "hot_modules.json") -> None:
    """Rewrite the list; the manifest has to follow."""
    names = hot_names(paths)
    if not names["stdlib"] or not names["numpy"]:
        raise Problem(
            f"no module of {' or '.join(kind for kind in names if not names[kind])} among {len(paths)} paths: "
            f"expected paths below {STDLIB_PREFIX} and {SITE_PREFIX}numpy/; dump them after numpy was imported"
        )
    target.write_text(json.dumps(names, indent=1) + "\n", encoding="utf-8")
    say(f"{target.name}: {len(names['stdlib'])} of the standard library, {len(names['numpy'])} of numpy")
