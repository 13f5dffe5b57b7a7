"""Make the standard library and numpy quick to start: precompiled where imported, without what nobody imports.

What numpy itself imports only when it is asked for comes in a zip of its own, for code that asks.

The stock archives hold sources only, which every start in a browser would compile again. The work is done by
Pyodide's own Python under Node, and its output depends on the inputs only, byte for byte.
"""

from __future__ import annotations

import json
import shutil
import tempfile
import zipfile
from pathlib import Path
from typing import Any

from .names import NUMPY_PART
from .node import Tools, run_node
from .places import HERE, megabytes, say, sha256
from .problem import os_problem

STDLIB_PREFIX = "/lib/python314.zip/"
SITE_PREFIX = "/lib/python3.14/site-packages/"
VERBATIM = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm")


def inside_pyodide(tools: Tools, pyodide: Path, jobs: list[dict[str, Any]]) -> list[Any]:
    """Start Pyodide under Node once and run jobs of `inside.py` in it."""
    with tempfile.TemporaryDirectory() as folder:
        task = Path(folder) / "jobs.json"
        task.write_text(json.dumps(jobs), encoding="utf-8")
        doing = f"running {jobs[0]['task']!r} in Pyodide"
        place = Path(jobs[0].get("target", folder).removeprefix("/disk")).parent
        arguments = [HERE / "inside.mjs", pyodide.resolve(), HERE / "inside.py", task]
        results: list[Any] = json.loads(run_node(tools, [*map(str, arguments)], doing, place))
    return results


def on_disk(path: Path) -> str:
    """The name under which Pyodide sees a file of this machine."""
    return "/disk" + path.resolve().as_posix()


def read_data(name: str) -> Any:
    """One of the committed lists beside this module."""
    return json.loads((HERE / name).read_text(encoding="utf-8"))


def lean(tools: Tools, pyodide: Path, wheel: Path, out: Path) -> None:
    """Write the lean Pyodide folder: loader, interpreter, both archives, the lock trimmed to numpy, licences."""
    say(f"precompiling the standard library and numpy in Pyodide under Node ({tools.node[0]})")
    try:
        out.mkdir(parents=True, exist_ok=True)
        _trim_archives(tools, pyodide, wheel, out)
        for name in VERBATIM:
            shutil.copyfile(pyodide / name, out / name)
        _write_lock(pyodide, out, wheel.name)
        _write_licences(wheel, out)
    except OSError as error:
        raise os_problem(error, "writing the lean runtime", out) from error


def _trim_archives(tools: Tools, pyodide: Path, wheel: Path, out: Path) -> None:
    hot, drop = read_data("hot_modules.json"), read_data("drop.json")
    later = f"numpy/({'|'.join(drop['later'])})/"
    stdlib = pyodide / "python_stdlib.zip"
    jobs = [
        _job(stdlib, out / stdlib.name, STDLIB_PREFIX, hot["stdlib"], drop["stdlib"]),
        _job(wheel, out / wheel.name, SITE_PREFIX, hot["numpy"], [*drop["numpy"], f"^{later}"]),
        _job(wheel, out / NUMPY_PART, SITE_PREFIX, None, [*drop["numpy"], f"^(?!{later})"]),
    ]
    for job, done in zip(jobs, inside_pyodide(tools, pyodide, jobs), strict=True):
        before, after = (Path(job[end].removeprefix("/disk")) for end in ("source", "target"))
        counts = ", ".join(f"{count} {what}" for what, count in done.items())
        sizes = f"{megabytes(before.stat().st_size)} -> {megabytes(after.stat().st_size)}"
        say(f"  {after.name}: {counts}; {sizes}")


def _job(source: Path, target: Path, prefix: str, hot: list[str] | None, drop: list[str]) -> dict[str, Any]:
    places = {"source": on_disk(source), "target": on_disk(target)}
    return {"task": "trim", **places, "prefix": prefix, "hot": hot, "drop": drop}


def _write_lock(pyodide: Path, out: Path, wheel: str) -> None:
    lock = json.loads((pyodide / "pyodide-lock.json").read_text(encoding="utf-8"))
    numpy = lock["packages"]["numpy"] | {"sha256": sha256(out / wheel)}
    text = json.dumps(lock | {"packages": {"numpy": numpy}}, indent=1, sort_keys=True)
    (out / "pyodide-lock.json").write_text(text + "\n", encoding="utf-8")


def _write_licences(wheel: Path, out: Path) -> None:
    """numpy's own licences come out of its wheel; the npm package of Pyodide carries none, so they lie here."""
    for path in sorted((HERE / "licences").glob("*.txt")):
        shutil.copyfile(path, out / f"LICENSE-{path.name}")
    with zipfile.ZipFile(wheel) as archive:
        names = sorted(name for name in archive.namelist() if ".dist-info/licenses/" in name)
        parts = [name.split("/licenses/")[1] + "\n\n" + archive.read(name).decode() for name in names]
    (out / "LICENSE-numpy.txt").write_text("\n\n".join(parts), encoding="utf-8")
