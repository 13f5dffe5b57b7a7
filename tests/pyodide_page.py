"""A page that runs a Python script of ours in stock Pyodide and leaves what it gives in `window.report`."""

import zipfile
from collections.abc import Iterable
from importlib.metadata import files as files_of
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from circuit_explainer.build.serve import make_server
from tests.bench.others import copy_stock
from tests.serving import address, serving
from tests.waiting import until

ROOT = Path(__file__).parents[1]
PAGE = """<!doctype html><meta charset="utf-8"><title>Python</title><script type="module">
import { loadPyodide } from './pyodide.mjs';
try {
  const python = await loadPyodide({ stdout() {}, stderr() {} });
  await python.loadPackage('numpy', { messageCallback() {} });
  const project = await (await fetch('project.zip')).arrayBuffer();
  python.unpackArchive(project, 'zip', { extractDir: '/project' });
  const report = python.runPython(await (await fetch('run.py')).text());
  window.report = { report, memory: python._module.HEAP8.length };
} catch (error) {
  window.report = { error: String(error) };
}
</script>"""
BEGIN = """
import os, sys
os.chdir('/project')
sys.path[:0] = ['/project/site-packages', '/project/src', '/project']
"""


def run_in_pyodide(
    page: Page, folder: Path, script: str, sources: Iterable[Path], packages: Iterable[str] = (), within_s: int = 300
) -> dict[str, Any]:
    """Run `script` beside the files `sources` of the project and these installed packages of plain Python.

    Returns {"report": what the last line gives, "memory": bytes of the heap afterwards}. Raises RuntimeError with
    Python's traceback when the script fails.
    """
    copy_stock(folder)
    (folder / "index.html").write_text(PAGE, encoding="utf-8")
    (folder / "run.py").write_text(BEGIN + script, encoding="utf-8")
    with zipfile.ZipFile(folder / "project.zip", "w", zipfile.ZIP_DEFLATED) as project:
        for source in sources:
            project.write(source, source.relative_to(ROOT))
        for package in packages:
            for file in files_of(package) or ():
                if file.suffix == ".py" and ".." not in file.parts:
                    project.write(Path(str(file.locate())), f"site-packages/{file}")
    with serving(make_server(folder)) as server:
        page.goto(address(server))
        report: dict[str, Any] = until(page, "window.report", within_s=within_s)
    if "error" in report:
        raise RuntimeError(report["error"])
    return report


def sources(*names: str) -> list[Path]:
    """The files below these folders of the project, and these files."""
    found = [
        path for name in names for path in ([ROOT / name] if (ROOT / name).is_file() else (ROOT / name).rglob("*"))
    ]
    return sorted(path for path in found if path.is_file() and "__pycache__" not in path.parts)
