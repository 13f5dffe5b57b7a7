"""Names of the assembled runtime that pages and their build refer to; a test holds them to the manifest."""

from __future__ import annotations

import gzip
from pathlib import Path

PYODIDE_VERSION = "314.0.4"
NUMPY_WHEEL = "numpy-2.4.3-cp314-cp314-pyemscripten_2026_0_wasm32.whl"
NUMPY_PART = "numpy.zip"  # what numpy starts without
LOCK = "pyodide-lock.json"
STDLIB = "python_stdlib.zip"
PLOTLY = "plotly.js"
# What a page downloads from pyodide/ before Python runs; the lock is small enough to be inlined.
BOOT_FILES = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", STDLIB, NUMPY_WHEEL)


def sizes(path: Path) -> dict[str, int]:
    """The bytes of a file as it lies on disk and as it travels gzipped."""
    data = path.read_bytes()
    return {"size": len(data), "wire": len(gzip.compress(data, 9, mtime=0))}
