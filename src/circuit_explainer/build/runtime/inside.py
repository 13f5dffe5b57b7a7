"""Runs in Pyodide under Node, started by `inside.mjs`: the compiler has to be the reader's own interpreter.

Hash-based, unchecked `.pyc` (PEP 552) carry no date and are never compared with a source.
"""

from __future__ import annotations

import importlib.util
import json
import marshal
import re
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

HASHED_UNCHECKED = (1).to_bytes(4, "little")
DATE = (2026, 1, 1, 0, 0, 0)


def compiled(source: bytes, filename: str) -> bytes:
    """A `.pyc` whose tracebacks name `filename`; docstrings stay, numpy needs them."""
    try:
        code = compile(source, filename, "exec", dont_inherit=True, optimize=0)
    except SyntaxError as error:
        raise ValueError(f"{filename} line {error.lineno}: {error.msg}") from None
    return importlib.util.MAGIC_NUMBER + HASHED_UNCHECKED + importlib.util.source_hash(source) + marshal.dumps(code)


def write_zip(target: str, entries: Iterable[tuple[str, bytes]]) -> None:
    """A zip that depends on its entries only: fixed date and mode, sorted names."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, data in sorted(entries):
            info = zipfile.ZipInfo(name, DATE)
            info.external_attr = 0o644 << 16
            archive.writestr(info, data, zipfile.ZIP_DEFLATED, 9)


def trim(source: str, target: str, prefix: str, hot: list[str] | None, drop: list[str]) -> dict[str, int]:
    """Copy an archive: hot modules compiled, all for None; dropped names left out, everything else as it is."""
    unwanted = re.compile("|".join(f"(?:{pattern})" for pattern in drop))
    entries, dropped = [], 0
    with zipfile.ZipFile(source) as archive:
        modules = (name for name in archive.namelist() if name.endswith(".py") and not unwanted.search(name))
        wanted = set(modules if hot is None else hot)
        missing = wanted.difference(archive.namelist())
        if missing:
            raise ValueError(f"hot_modules.json names {min(missing)}, which {Path(source).name} does not hold")
        for name in sorted(set(archive.namelist())):
            if name in wanted:
                entries.append((name + "c", compiled(archive.read(name), prefix + name)))
            elif name.endswith("/") or unwanted.search(name):
                dropped += 1
            else:
                entries.append((name, archive.read(name)))
    write_zip(target, entries)
    return {"compiled": len(wanted), "kept": len(entries) - len(wanted), "dropped": dropped}


def pack(files: list[tuple[str, str]], target: str) -> dict[str, int]:
    """Put files under their archive names into a zip, Python sources compiled."""
    entries = []
    for name, path in files:
        data = Path(path).read_bytes()
        entries.append((name + "c", compiled(data, name)) if name.endswith(".py") else (name, data))
    write_zip(target, entries)
    return {"files": len(entries)}


TASKS: dict[str, Callable[..., Any]] = {"trim": trim, "pack": pack}


def run(jobs: str) -> str:
    """Do the jobs of a JSON list, `[{"task": …, arguments…}]`, and return their results as JSON."""
    results: list[Any] = []
    for job in json.loads(jobs):
        results.append(TASKS[job.pop("task")](**job))
    return json.dumps(results)
