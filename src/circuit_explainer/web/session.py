"""The worker's side of a page, as plain functions of JSON data; `worker` connects them to the browser.

Every answer is a dict: {"chart": …}, {"exhibits": […]}, {"needs": file} or {"error": {"control", "message"}}. That of
an exhibit whose controls follow from its values says how it stands too: "form", "values", "link", "notes", "program".
"""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from typing import Any

from circuit_explainer import zoo
from circuit_explainer.core.tokenizers.symbols import TextError
from circuit_explainer.exhibits import Exhibit, ReaderError, Text, markup
from circuit_explainer.exhibits.blocks import Namespace, error_line, new_namespace, run_block

Answer = dict[str, Any]
Page = dict[str, Exhibit]
# What comes in a package of its own, which only pages that need it fetch.
WORKBENCH = "workbench.zip"
IN_WORKBENCH = ("circuit_explainer.training", "circuit_explainer.workbench")
TEXT_GAVE_WAY = "Another text is shown in its place; Undo brings yours back."
LINK_GAVE_WAY = "Another text is shown in place of the link's."


def open_page(name: str, blocks: Sequence[Mapping[str, Any]]) -> tuple[Page, Answer]:
    """Run a page's blocks ({"source", "line"} each) and return its exhibits by name, and the answer.

    A block that fails stops the page: later ones may need what it defines.
    """
    namespace: Namespace = new_namespace()
    page: Page = {}
    for block in blocks:
        try:
            exhibit = run_block(block["source"], namespace, name, block["line"])
        except Exception as error:
            return {}, failed(error, name)
        if exhibit:
            page[exhibit.name] = exhibit
    return page, {"exhibits": list(page)}


def draw(
    page: Mapping[str, Exhibit],
    name: str,
    exhibit: str,
    values: Mapping[str, Any],
    link: str | None = None,
    shown: Mapping[str, Any] | None = None,
    notes: Sequence[str] = (),
) -> Generator[str, None, Answer]:
    """Draw one exhibit of a page for the wire values of its controls, or for those that a link holds.

    Yields what the exhibit says on its way, and returns the answer. A text that was right for the values that are
    `shown`, but is not for a model chosen since, gives way to one that is. `notes` come before those of the answer.
    """
    drawn = page.get(exhibit)
    if drawn is None:
        return {"error": {"control": None, "message": f"This page has no exhibit named {exhibit}."}}
    stands: Answer = {}
    try:
        if drawn.follow:
            values, stands = _settled(drawn, values, link)
            stands["notes"] = [*notes, *stands["notes"]]
        parsed = drawn.parse(values)
        if drawn.program:
            stands["program"] = drawn.program(**parsed)
        chart = yield from drawn.steps(parsed)
    except (ReaderError, TextError) as error:
        control = error.control if isinstance(error, ReaderError) else _text_control(drawn)
        fitting = _fitting(drawn, control, values, values if link else shown)
        if fitting is None:
            return stands | {"error": {"control": control, "message": str(error)}}
        told = f"{error} {LINK_GAVE_WAY if link else TEXT_GAVE_WAY}"
        return (yield from draw(page, name, exhibit, fitting, notes=[*stands["notes"], told]))
    except Exception as error:
        return stands | failed(error, name)
    return stands | {"chart": markup.chart_data(chart)}


def _settled(exhibit: Exhibit, values: Mapping[str, Any], link: str | None) -> tuple[Mapping[str, Any], Answer]:
    from circuit_explainer.exhibits import form, settle  # of no use on other pages

    settled = settle.settle(exhibit, values) if link is None else settle.read_link(exhibit, link)
    return settled.wires, {
        "form": form.fields(exhibit.name, settled.controls, settled.wires),
        "values": settled.wires,
        "link": settle.write_link(settled),
        "notes": list(settled.notes),
    }


def _fitting(
    exhibit: Exhibit, wrong: str | None, values: Mapping[str, Any], shown: Mapping[str, Any] | None
) -> dict[str, Any] | None:
    """Return the values with the first text of the control that is `wrong`, or None when the reader just typed it."""
    if not exhibit.follow or shown is None:
        return None
    controls = exhibit.controls_for(values)
    control = controls.get(wrong or "")
    texts = [name for name, each in controls.items() if isinstance(each, Text)]
    if not isinstance(control, Text) or any(values.get(name) != shown.get(name) for name in texts if name in shown):
        return None
    return {**values, str(wrong): control.default}


def failed(error: Exception, name: str) -> Answer:
    """Return the answer to what a page's own code raised: the file that it lacks, or what went wrong and where."""
    if isinstance(error, zoo.MissingModel):
        return {"needs": f"{error.name}.safetensors"}
    if isinstance(error, ModuleNotFoundError) and (error.name or "").startswith(IN_WORKBENCH):
        return {"needs": WORKBENCH}
    line = error_line(error, name)
    place = f" (line {line} of {name})" if line else ""
    return {"error": {"control": None, "message": f"The code stopped{place}: {type(error).__name__}: {error}"}}


def _text_control(exhibit: Exhibit) -> str | None:
    return next((name for name, control in exhibit.controls.items() if isinstance(control, Text)), None)
