"""The module `files.js`: in it page and worker find the name of every file, and what the file must be."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from circuit_explainer.build import runtime
from circuit_explainer.build.packages import WORKBENCH

WORKER = Path(__file__).parents[1] / "web" / "worker.py"
PACKAGE = "package.zip"


class Folders(NamedTuple):
    """Folders below assets/, each with its slash; the hash in a name is that of the content."""

    runtime: str
    models: str
    python: str


def files_js(folders: Folders, files: Mapping[str, Path]) -> bytes:
    """Return the module; `files` are all files of these folders by their path below assets/."""
    boot = [*(f"{folders.runtime}pyodide/{name}" for name in runtime.BOOT_FILES), folders.python + PACKAGE]
    numpy = f"{folders.runtime}pyodide/{runtime.NUMPY_PART}"
    plotly = f"{folders.runtime}plotly/{runtime.PLOTLY}"
    of_folders = (folders.models, folders.python)
    held = [name for name in files if name in (*boot, numpy, plotly) or name.startswith(of_folders)]
    data = {
        "runtime": folders.runtime,
        "models": folders.models,
        "package": folders.python + PACKAGE,
        "parts": {WORKBENCH: folders.python + WORKBENCH, runtime.NUMPY_PART: numpy},
        "core": f"{folders.runtime}pyscript/core.js",
        # What `core` brings; pages check it by their import maps, but not when it is asked for again.
        "modules": {name: sha256(path.read_bytes()) for name, path in sorted(files.items()) if brought(name)},
        "pyodide": runtime.PYODIDE_VERSION,
        "numpy": runtime.NUMPY_WHEEL,
        "plotly": runtime.PLOTLY,
        "worker": WORKER.read_text(encoding="utf-8"),
        "lock": json.loads(files[f"{folders.runtime}pyodide/{runtime.LOCK}"].read_text(encoding="utf-8")),
        "sizes": {name.rpartition("/")[2]: runtime.sizes(files[name]) for name in boot},
        "hashes": {name: sha256(files[name].read_bytes()) for name in sorted(held)},
    }
    return f"export default {json.dumps(data)};\n".encode()


def brought(name: str) -> bool:
    """Whether a file is one that PyScript's core, or what it loads at once, is made of."""
    return "/pyscript/" in name and name.endswith(".js") and name.rpartition("/")[2].startswith(("core", "error"))


def sha256(data: bytes) -> str:
    """Return the hash as `integrity` attributes have it, without the name of the algorithm."""
    return base64.b64encode(hashlib.sha256(data).digest()).decode()
