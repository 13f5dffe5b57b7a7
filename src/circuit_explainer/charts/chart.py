"""The chart: a Plotly figure as plain data, a sentence that says what it shows, a table, a line on how to read it."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]
Figure = dict[str, Any]
Cell = str | float | None

PLOTLY_TYPES = {"float32": "f4", "float64": "f8", "int32": "i4", "uint8": "u1"}


@dataclass(frozen=True)
class Table:
    """The chart's data: a `caption`, the heads of the `columns`, and `rows` as long as these.

    The first cell of a row is text that heads it; None is an empty cell.
    """

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True)
class Chart:
    """A chart is never without its sentence and its table.

    `figure` is a Plotly figure as plain data that survives strict JSON, or, for a picture, `{"html": …}`; `summary` is
    the sentence that says what it shows, `table` its numbers, `reading` a line on how to read it.
    """

    figure: Figure
    summary: str
    table: Table
    reading: str

    def to_plotly(self) -> Any:
        """Return a plotly.py `Figure` whose title is the sentence, for notebooks. Needs plotly.

        Raises TypeError for a picture, which is HTML (`figure["html"]`), ImportError where plotly is not installed.
        """
        if "html" in self.figure:
            raise TypeError("This chart is a picture, not a Plotly figure: its HTML is figure['html'].")
        from circuit_explainer.charts.notebook import to_plotly  # of no use in the browser

        return to_plotly(self)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        """What Jupyter shows: the chart with its sentence; the sentence alone where plotly is not installed."""
        if "html" in self.figure:
            return {"text/html": self._repr_html_(), "text/plain": self.summary}
        try:
            figure = self.to_plotly()
        except ImportError:
            return {"text/plain": self.summary}
        # What plotly.py gives depends on the viewer that it finds; this type is the one that viewers ask for.
        shown = figure._repr_mimebundle_(include, exclude) or {"application/vnd.plotly.v1+json": figure.to_dict()}
        return {**shown, "text/plain": self.summary}

    def _repr_html_(self) -> str:
        """The same for viewers that take HTML only; it holds all of Plotly, so that it needs no network."""
        if "html" in self.figure:
            return f"{self.figure['html']}<p>{escape(self.summary)}</p>"
        try:
            return str(self.to_plotly().to_html(full_html=False, include_plotlyjs=True))
        except ImportError:
            return f"<p>{escape(self.summary)}</p>"


def typed(values: Array) -> dict[str, str]:
    """Return an array as Plotly's typed-array JSON, which keeps NaN where strict JSON has none.

    `values` is [n] or [rows, columns]; float16 and the wider integers become float32 and int32.
    """
    array = np.ascontiguousarray(values)
    if array.dtype.name not in PLOTLY_TYPES:
        array = array.astype(np.float32 if array.dtype.kind == "f" else np.int32)
    data = {
        "dtype": PLOTLY_TYPES[array.dtype.name],
        "bdata": base64.b64encode(array.tobytes()).decode("ascii"),
    }
    return data if array.ndim == 1 else {**data, "shape": ", ".join(map(str, array.shape))}


def layout(**parts: Any) -> Figure:
    """Return what all figures share: no legend, no drag, size from the page's box."""
    return {"autosize": True, "dragmode": False, "hovermode": "closest", "showlegend": False, **parts}
