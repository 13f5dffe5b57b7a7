"""Our own Python package for the worker: precompiled, in one zip, made anew when a source changed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from .lean import inside_pyodide, on_disk
from .node import find_tools
from .places import COMMAND, HERE, MANIFEST, alone, cache_dir, megabytes, say
from .problem import Problem, os_problem

KEPT = 6


def compile_package(files: Mapping[str, Path], runtime: Path | None = None, cache: Path | None = None) -> Path:
    """A zip with `files`, name in the zip -> path: `.py` as `.pyc`, others as they are; from the cache if the same.

    `runtime` is an assembled runtime, whose interpreter compiles. Names are what tracebacks show, such as
    circuit_explainer/core/model.py.
    """
    cache = cache or cache_dir()
    pairs = sorted(files.items())
    target = cache / "packages" / f"{_key(pairs)}.zip"
    if target.is_file():
        target.touch()
        return target
    interpreter = (runtime or cache / "runtime") / "pyodide"
    if not interpreter.is_dir():
        raise Problem(f"no browser runtime in {interpreter.parent}: run `{COMMAND} assemble` first")
    part = target.with_suffix(".part")
    job = {"task": "pack", "files": [(name, on_disk(path)) for name, path in pairs], "target": on_disk(part)}
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with alone(cache):
            inside_pyodide(find_tools(), interpreter, [job])
            part.replace(target)
    except OSError as error:
        raise os_problem(error, "writing the precompiled package", target.parent) from error
    finally:
        part.unlink(missing_ok=True)
    _forget_old(target.parent)
    say(f"precompiled {len(pairs)} files of the package: {megabytes(target.stat().st_size)}")
    return target


def _key(pairs: list[tuple[str, Path]]) -> str:
    """A hash over names and contents, and over what decides how they are compiled."""
    digest = hashlib.sha256(MANIFEST.read_bytes() + (HERE / "inside.py").read_bytes())
    for name, path in pairs:
        digest.update(f"\0{name}\0{path.stat().st_size}\0".encode() + path.read_bytes())
    return digest.hexdigest()[:32]


def _forget_old(folder: Path) -> None:
    """Keep the zips used last."""
    by_use = sorted(folder.glob("*.zip"), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in by_use[KEPT:]:
        path.unlink(missing_ok=True)
