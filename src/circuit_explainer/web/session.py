"""The worker's side of a page, as plain functions of JSON data; `worker` connects them to the browser.

Every answer is a dict: {"chart": …}, {"exhibits": […]}, {"needs": model} or {"error": {"control", "message"}}.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from circuit_explainer import zoo
from circuit_explainer.core.tokenizers.symbols import TextError
from circuit_explainer.exhibits import Exhibit, ReaderError, Text, markup
from circuit_explainer.exhibits.blocks import Namespace, error_line, new_namespace, run_block

Answer = dict[str, Any]
Page = dict[str, Exhibit]


def open_page(name: str, blocks: Sequence[Mapping[str, Any]]) -> tuple[Page, Answer]:
    """Run a page's blocks ({"source", "line"} each) and return its exhibits by name, and the answer.

    A block that fails stops the page: later ones may need what it defines.
    """
    namespace: Namespace = new_namespace()
    page: Page = {}
    for block in blocks:
        try:
            exhibit = run_block(block["source"], namespace, name, block["line"])
        except zoo.MissingModel as missing:
            return {}, {"needs": missing.name}
        except Exception as error:
            return {}, {"error": failure(error, name)}
        if exhibit:
            page[exhibit.name] = exhibit
    return page, {"exhibits": list(page)}


def draw(page: Mapping[str, Exhibit], name: str, exhibit: str, values: Mapping[str, Any]) -> Answer:
    """Draw one exhibit of a page for the wire values of its controls."""
    drawn = page.get(exhibit)
    if drawn is None:
        return {"error": {"control": None, "message": f"This page has no exhibit named {exhibit}."}}
    try:
        chart = drawn.draw(values)
    except zoo.MissingModel as missing:
        return {"needs": missing.name}
    except ReaderError as error:
        return {"error": {"control": error.control, "message": str(error)}}
    except TextError as error:
        return {"error": {"control": _text_control(drawn), "message": str(error)}}
    except Exception as error:
        return {"error": failure(error, name)}
    return {
        "chart": {
            "figure": chart.figure,
            "summary": chart.summary,
            "reading": chart.reading,
            "table": markup.table(chart.table),
        }
    }


def failure(error: BaseException, name: str) -> Answer:
    """Return what went wrong in a page's own code, with its line."""
    line = error_line(error, name)
    place = f" (line {line} of {name})" if line else ""
    return {"control": None, "message": f"The code stopped{place}: {type(error).__name__}: {error}"}


def _text_control(exhibit: Exhibit) -> str | None:
    return next((name for name, control in exhibit.controls.items() if isinstance(control, Text)), None)
