"""What the site is compared with: the stock Pyodide and numpy, loaded on a page's main thread."""

import shutil
from pathlib import Path

from circuit_explainer.build.runtime import NUMPY_WHEEL, cache_dir

FILES = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip", "pyodide-lock.json")
PAGE = """<!doctype html><meta charset="utf-8"><title>bare</title><script type="module">
import { loadPyodide } from './pyodide.mjs';
const python = await loadPyodide();
await python.loadPackage('numpy', { messageCallback() {} });
window.answer = python.runPython('import numpy as np; float(np.arange(4.0).sum())');
window.answeredAt = performance.now();
</script>"""


def make_bare(folder: Path) -> Path:
    """Fill `folder` with the bare page and its stock files, from the cache of the runtime's sources."""
    package = next((cache_dir() / "npm").rglob("pyodide/pyodide.mjs")).parent
    wheel = next(cache_dir().rglob(f"wheels/**/{NUMPY_WHEEL}"))
    for name in FILES:
        shutil.copy(package / name, folder)
    shutil.copy(wheel, folder)
    (folder / "index.html").write_text(PAGE, encoding="utf-8")
    return folder
