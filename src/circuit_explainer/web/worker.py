"""Entry of the browser's worker: opens pages and draws exhibits when the page asks, in JSON.

Only this file imports `pyscript` and `js`.
"""

import json
from typing import Any

import js
from pyodide.ffi import to_js
from pyscript import sync

from circuit_explainer import zoo
from circuit_explainer.web import session

pages: dict[str, session.Page] = {}


def open_page(request: str) -> str:
    """Run the blocks of a page; the page left behind goes with its namespace."""
    asked = json.loads(request)
    pages.clear()
    pages[asked["page"]], answer = session.open_page(asked["page"], asked["blocks"])
    return json.dumps(answer, allow_nan=False)


def draw(request: str) -> str:
    """Draw one exhibit for the values of its controls."""
    asked = json.loads(request)
    name = asked["page"]
    answer = session.draw(pages.get(name, {}), name, asked["exhibit"], asked["values"])
    return json.dumps(answer, allow_nan=False)


def add_model(name: str, data: Any) -> str:
    """Put a model's file, fetched by the page, where the zoo looks for it."""
    directory = zoo.directory()
    directory.mkdir(parents=True, exist_ok=True)
    (directory / f"{name}.safetensors").write_bytes(data.to_bytes())
    return "{}"


sync.open_page = open_page
sync.draw = draw
sync.add_model = add_model
# A page that never hears this knows that the lines above were not reached.
js.postMessage(to_js({"phase": "ran"}, dict_converter=js.Object.fromEntries))
