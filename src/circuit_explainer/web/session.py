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
# What comes in packages of their own, which only pages that need them fetch.
PARTS = {
    "circuit_explainer.training": "workbench.zip",
    "circuit_explainer.workbench": "workbench.zip",
    **{f"numpy.{name}": "numpy.zip" for name in ("fft", "ma", "polynomial", "random")},
}
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
    page: Mapping[str, Exhibit], asked: Mapping[str, Any], notes: Sequence[str] = ()
) -> Generator[str, None, Answer]:
    """Draw one exhibit of a page, and answer. Yields what the exhibit says on its way.

    `asked` names the "page" and the "exhibit", and holds the wire "values" of its controls, or the "link" that has them
    and the "values" that count in place of the link's. Where it tells the values that are "shown", a text that was
    never touched follows its control, and one that was right for them but is not for a model chosen since gives way.
    `notes` come before those of the answer.
    """
    name, link = asked["page"], asked.get("link")
    values: Mapping[str, Any] = asked.get("values", {})
    drawn = page.get(asked["exhibit"])
    if drawn is None:
        return {"error": {"control": None, "message": f"This page has no exhibit named {asked['exhibit']}."}}
    stands: Answer = {}
    try:
        if drawn.follow:
            values, stands = _settled(drawn, _untouched(drawn, values, asked.get("shown", {})), link)
            stands["notes"] = [*notes, *stands["notes"]]
        parsed = drawn.parse(values)
        if drawn.program:
            stands["program"] = drawn.program(**parsed)
        chart = yield from drawn.steps(parsed)
    except (ReaderError, TextError) as error:
        control = error.control if isinstance(error, ReaderError) else _text_control(drawn)
        right = {**values, **dict.fromkeys(asked.get("values", ()))} if link else asked.get("shown")
        fitting = _fitting(drawn, control, values, right)
        if fitting is None:
            return stands | {"error": {"control": control, "message": str(error)}}
        told = f"{error} {LINK_GAVE_WAY if link else TEXT_GAVE_WAY}"
        again = {"page": name, "exhibit": asked["exhibit"], "values": fitting}
        return (yield from draw(page, again, [*stands["notes"], told]))
    except Exception as error:
        return stands | failed(error, name)
    return stands | {"chart": markup.chart_data(chart)}


def _untouched(exhibit: Exhibit, values: Mapping[str, Any], shown: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values without the texts that are as they first stood: what they first are may have changed."""
    first = {name: each.default for name, each in exhibit.controls_for(shown).items() if isinstance(each, Text)}
    return {name: wire for name, wire in values.items() if not (name in shown and wire == first.get(name))}


def _settled(exhibit: Exhibit, values: Mapping[str, Any], link: str | None) -> tuple[Mapping[str, Any], Answer]:
    from circuit_explainer.exhibits import form, settle  # of no use on other pages

    settled = settle.settle_asked(exhibit, values, link)
    return settled.wires, {
        "form": form.fields(exhibit.name, settled.controls, settled.wires),
        "values": settled.wires,
        "link": settle.write_link(settled),
        "notes": list(settled.notes),
    }


def _fitting(
    exhibit: Exhibit, wrong: str | None, values: Mapping[str, Any], right: Mapping[str, Any] | None
) -> dict[str, Any] | None:
    """Return the values with the first text of the control that is `wrong`, or None when the reader just typed it.

    `right` are values that could be drawn: a text that differs from theirs is the reader's.
    """
    if not exhibit.follow or right is None:
        return None
    controls = exhibit.controls_for(values)
    control = controls.get(wrong or "")
    texts = [name for name, each in controls.items() if isinstance(each, Text)]
    if not isinstance(control, Text) or any(values.get(name) != right.get(name) for name in texts if name in right):
        return None
    return {**values, str(wrong): control.default}


def failed(error: Exception, name: str) -> Answer:
    """Return the answer to what a page's own code raised: the file that it lacks, or what went wrong and where."""
    if isinstance(error, zoo.MissingModel):
        return {"needs": f"{error.name}.safetensors"}
    if isinstance(error, ModuleNotFoundError) and error.name:
        for module, part in PARTS.items():
            if f"{error.name}.".startswith(f"{module}."):
                return {"needs": part}
    line = error_line(error, name)
    place = f" (line {line} of {name})" if line else ""
    return {"error": {"control": None, "message": f"The code stopped{place}: {type(error).__name__}: {error}"}}


def _text_control(exhibit: Exhibit) -> str | None:
    return next((name for name, control in exhibit.controls.items() if isinstance(control, Text)), None)
