"""Entry of the browser's worker: opens pages, draws exhibits and runs tools when the page asks, in JSON.

Only this file imports `pyscript`, `js` and `pyodide_js`.
"""

import asyncio
import importlib
import json
from pathlib import Path
from typing import Any

import js
import numpy
import pyodide_js
from pyodide.ffi import to_js
from pyscript import sync

import circuit_explainer
from circuit_explainer import zoo
from circuit_explainer.web import session

PACKAGES = Path(numpy.__file__).parents[1]
circuit_explainer.__path__.append(f"{PACKAGES}/{circuit_explainer.__name__}")  # for what is brought later
pages: dict[str, session.Page] = {}
drawing = {"cancelled": False}
chosen = {"times": 0}  # how often the reader chose files


def post(message: dict[str, Any]) -> None:
    """Tell the page something at once, whatever it waits for."""
    js.postMessage(to_js(message, dict_converter=js.Object.fromEntries))


def answered(answer: session.Answer) -> str:
    """Return strict JSON."""
    return json.dumps(answer, allow_nan=False)


def open_page(request: str) -> str:
    """Run the blocks of a page; the page left behind goes with its namespace."""
    asked = json.loads(request)
    pages.clear()
    pages[asked["page"]], answer = session.open_page(asked["page"], asked["blocks"])
    return answered(answer)


async def draw(request: str) -> str:
    """Draw one exhibit for the values of its controls; what takes long says how far it is, and can be cancelled."""
    asked = json.loads(request)
    drawing["cancelled"] = False
    steps = session.draw(pages.get(asked["page"], {}), asked)
    while True:
        try:
            told = next(steps)
        except StopIteration as done:
            return answered(done.value)
        post({"exhibit": asked["exhibit"], "told": told})
        await asyncio.sleep(0)
        if drawing["cancelled"]:
            steps.close()
            return answered({"cancelled": True})


def cancel() -> str:
    """Stop the drawing that goes on, at its next step."""
    drawing["cancelled"] = True
    return "{}"


def add_file(name: str, data: Any) -> str:
    """Put a file, fetched by the page, where it is looked for: a model, or a part of our package or of numpy."""
    if name.endswith(".zip"):
        # Unpacked: compiled modules cannot be imported from within a zip.
        pyodide_js.unpackArchive(data, "zip", js.Object.fromEntries([["extractDir", str(PACKAGES)]]))
        importlib.invalidate_caches()
    else:
        zoo.directory().mkdir(parents=True, exist_ok=True)
        (zoo.directory() / name).write_bytes(data.to_bytes())
    return "{}"


async def tool(request: str, data: Any = None) -> Any:
    """Run a command of a tool of the workbench; returns JSON, and the bytes of the answer's file if it has one."""
    try:
        importlib.import_module("numpy.random")  # it comes with all that readers' code may want of numpy
        from circuit_explainer.workbench import tools
    except ModuleNotFoundError as error:  # the page brings it and asks again
        return to_js([answered(session.failed(error, "worker.py")), None])
    asked = json.loads(request)
    name, given = asked["tool"], None if data is None else data.to_bytes()
    answer = await tools.run(
        name,
        asked["command"],
        asked["request"],
        given,
        lambda said: post({"tool": name, "said": json.dumps(said, allow_nan=False)}),
    )
    file = answer.pop("file", None)
    return to_js([answered(answer), file])


async def show_files(files: Any) -> str:
    """Let Python read files that the reader chose, where they lie; those chosen before are let go."""
    place = await pyodide_js.files()
    place.unmount(pyodide_js, f"/own/{chosen['times']}")
    chosen["times"] += 1
    folder = f"/own/{chosen['times']}"
    place.mount(pyodide_js, folder, files)
    return answered({"folder": folder})


def memory() -> str:
    """Tell how much memory Python has taken; it never gives any back."""
    return answered({"bytes": pyodide_js._module.HEAP8.length})


for function in (open_page, draw, cancel, add_file, tool, show_files, memory):
    setattr(sync, function.__name__, function)
# A page that never hears this knows that the lines above were not reached.
post({"phase": "ran"})
