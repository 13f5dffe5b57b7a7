"""What the site is compared with: stock Pyodide and numpy on a page's main thread, stock PyScript, plotly.py."""

import shutil
import zipfile
from importlib.metadata import files
from pathlib import Path

from circuit_explainer.build.runtime import NUMPY_WHEEL, cache_dir

FILES = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip", "pyodide-lock.json")
MODULES = cache_dir() / "npm" / "node_modules"
PLOTLY = "plotly-cartesian.min.js"
PYTHON = ("plotly", "narwhals", "packaging")
START = """import { loadPyodide } from './pyodide.mjs';
const python = await loadPyodide();
await python.loadPackage('numpy', { messageCallback() {} });"""
# Each notes when its answer is there, in `answeredAt`.
PAGES = {
    # The first result of numpy.
    "bare": f"""<script type="module">{START}
window.answer = python.runPython('import numpy as np; float(np.arange(4.0).sum())');
window.answeredAt = performance.now();
</script>""",
    # The same from a worker, on a host that sends no headers of its own.
    "pyscript": """<script type="module" src="pyscript/core.js"></script>
<script type="py" worker config='{"interpreter": "./pyodide.mjs", "packages": ["numpy"],
 "packages_cache": "passthrough", "sync_main_only": true}'>
import numpy as np
from pyscript import sync
sync.answer = lambda: float(np.arange(4.0).sum())
</script><script type="module">
const script = document.querySelector('script[worker]');
while (!script.xworker) await new Promise((resolve) => setTimeout(resolve, 4));
await script.xworker.ready;
window.answer = await script.xworker.sync.answer();
window.answeredAt = performance.now();
</script>""",
    # A chart that plotly.py made of an array, and plotly.js has drawn.
    "plotly_py": f"""<script src="{PLOTLY}"></script><div id="chart"></div><script type="module">
const packages = fetch('packages.zip').then((response) => response.arrayBuffer());
{START}
python.unpackArchive(await packages, 'zip', {{ extractDir: '/lib/python3.14/site-packages' }});
const figure = python.runPython(`
import numpy as np
import plotly.graph_objects as go
go.Figure(go.Heatmap(z=np.tril(np.ones((32, 32))))).to_json()
`);
await window.Plotly.newPlot('chart', JSON.parse(figure));
requestAnimationFrame(() => setTimeout(() => {{ window.answeredAt = performance.now(); }}));
</script>""",
}


def copy_stock(folder: Path) -> None:
    """Copy the stock Pyodide and numpy into `folder`, from the cache of the runtime's sources."""
    for name in FILES:
        shutil.copy(MODULES / "pyodide" / name, folder)
    shutil.copy(cache_dir() / "wheels" / NUMPY_WHEEL, folder)


def make_others(folder: Path) -> Path:
    """Fill `folder` with these pages, each NAME.html, and all that they load."""
    copy_stock(folder)
    shutil.copytree(MODULES / "@pyscript" / "core" / "dist", folder / "pyscript")
    shutil.copy(MODULES / "plotly.js" / "dist" / PLOTLY, folder)
    with zipfile.ZipFile(folder / "packages.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for path in (path for package in PYTHON for path in files(package) or () if path.suffix != ".pyc"):
            if ".." not in path.parts:  # commands
                archive.write(path.locate(), str(path))
    for name, body in PAGES.items():
        page = f'<!doctype html><meta charset="utf-8"><title>{name}</title>{body}'
        (folder / f"{name}.html").write_text(page, encoding="utf-8")
    return folder
