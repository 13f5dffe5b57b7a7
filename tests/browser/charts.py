"""Numbers of a chart as the browser shows them, and as CPython computes them from the same page."""

import base64
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Page

from circuit_explainer.exhibits import Exhibit
from tests.build.render import render

DOCS = Path(__file__).parents[2] / "docs"


def shown(page: Page, exhibit: str, trace: int = 0, axis: str = "z") -> np.ndarray:
    """Return what Plotly holds for one trace of an exhibit."""
    rows = page.evaluate(
        """([exhibit, trace, axis]) => {
            const data = document.querySelector(`#${exhibit} .js-plotly-plot`)._fullData[trace][axis];
            return Array.from(data, (row) => (typeof row === 'number' ? row : Array.from(row)));
        }""",
        [exhibit, trace, axis],
    )
    return np.array(rows, float)


def computed(markdown: str, exhibit: str, values: dict[str, Any], trace: int = 0, axis: str = "z") -> np.ndarray:
    """Return what CPython computes for the same exhibit and control values."""
    _, run = render(DOCS / markdown)
    drawn = run.namespace[exhibit]
    assert isinstance(drawn, Exhibit)
    data = drawn.draw(values).figure["data"][trace][axis]
    array = np.frombuffer(base64.b64decode(data["bdata"]), "<" + data["dtype"])
    return array.reshape([int(n) for n in data.get("shape", str(array.size)).split(",")]).astype(float)
