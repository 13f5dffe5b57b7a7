"""The playground's exhibit: its controls for the present values, its chart, and its program."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from circuit_explainer.charts import Chart
from circuit_explainer.core import Transformer
from circuit_explainer.exhibits import Choice, Control, ReaderError, Text
from circuit_explainer.exhibits.controls import Wire
from circuit_explainer.workbench.playground import code as written
from circuit_explainer.workbench.playground import interventions, models, runs, texts
from circuit_explainer.workbench.playground.interventions import Intervention
from circuit_explainer.workbench.playground.views import VIEWS, View
from circuit_explainer.workbench.playground.views.view import RUN

MODEL = "induction-2l"
LEFT_OUT = "Patches are left out here: the random tokens have no other prompt."


def controls(wires: Mapping[str, Wire]) -> dict[str, Control]:
    """The controls for these wire values; one that cannot be used counts as its control's default.

    Raises zoo.MissingModel when the model's file is not here yet.
    """
    names = models.names()
    name = _offered(wires.get("model"), names, MODEL)
    model = models.get(name)
    labels, own = fitting(model), [name for name in names if models.own(name)]
    view = by_label(_offered(wires.get("view"), labels, labels[0]))
    text, edits = texts.control(model), interventions.control(model.cfg)
    wires = {**wires, "model": name, "view": view.label, "edits": interventions.usable(wires.get("edits"), model.cfg)}
    own_controls = view.controls(model, wires)
    of_run = {RUN: own_controls.pop(RUN)} if RUN in own_controls else {}  # beside the interventions that make the run
    found: dict[str, Control] = {
        "model": Choice(
            *names, default=MODEL, label="Model",
            groups={"These come with the site": len(names) - len(own), "Yours": len(own)} if own else None,
        ),
        "text": text,
        "view": Choice(*labels, label="View", groups=Counter(by_label(label).group for label in labels)),
        **own_controls,
    }  # fmt: skip
    if edits is not None:
        found["edits"] = edits
    found |= of_run
    if patched(wires):
        found["other"] = texts.other_control(model, _text(wires.get("text"), text))
    return found


def draw(
    model: str, text: str, view: str, edits: Sequence[str] = (), other: str = "", **own: Any
) -> Generator[str, None, Chart]:
    """Draw the view: yields sentences of progress, returns the chart.

    Raises TextError and ReaderError for what cannot be used, zoo.MissingModel.
    """
    opened, shown = models.get(model), by_label(view)
    if not shown.fits(opened):
        raise ReaderError("view", f"The model {model} has nothing to show there; choose another view or model.")
    changes = _read(edits, opened)
    needed = shown.needed(opened, own)
    if shown.on_repeats:
        made = yield from runs.steps_on_repeats(opened, changes, needed)
    else:
        made = yield from runs.steps(opened, text, other, changes, needed)
    chart = shown.draw(made, **own)
    if not isinstance(chart, Chart):
        chart = yield from chart
    if shown.on_repeats and any(one.kind == "patch" and one.on for one in changes):
        return replace(chart, summary=f"{chart.summary} {LEFT_OUT}")
    return chart


def code(**values: Any) -> str:
    """The program in TransformerLens that prints the numbers of the view, for the values that `draw` gets.

    Raises as `draw`.
    """
    fixed = ("model", "text", "view", "edits", "other")
    own = {name: value for name, value in values.items() if name not in fixed}
    name, text, other = values["model"], values["text"], values.get("other", "")
    model, view = models.get(name), by_label(values["view"])
    changes = [one for one in _read(values.get("edits", ()), model) if one.on]
    if view.on_repeats:
        changes = [one for one in changes if one.kind != "patch"]
        given = written.repeats(model)
    else:
        given = written.tokens("tokens", texts.read(model, text)[0], text)
    lines = view.code(model, **own)
    about = f"{view.label} of {name!r}, for transformer-lens 3.9"
    start, end = [written.opened(name, model, models.own(name)), given], ["print(result)"]
    if not view.by_run:
        return written.program(about, *start, lines, end)
    if not changes:
        return written.program(about, *start, written.clean_run(lines), lines, end)
    before = ["clean_logits, clean = model.run_with_cache(tokens)"]
    if any(one.kind == "patch" for one in changes):
        damaged = texts.pair(model, text, other)[1]
        before += [*written.tokens("other_tokens", damaged, other), "_, other = model.run_with_cache(other_tokens)"]
    return written.program(about, *start, before, written.edits(changes, model), written.compared(lines), end)


def by_label(label: str) -> View:
    """The view of a label in the menu. Raises ReaderError when there is none."""
    for view in VIEWS.values():
        if view.label == label:
            return view
    raise ReaderError("view", f"There is no view {label!r:.50}; choose one of the menu.")


def fitting(model: Transformer) -> list[str]:
    """The labels of the views that the menu offers for a model; all of them where none fits."""
    every = [view.label for view in VIEWS.values()]
    return [view.label for view in VIEWS.values() if view.fits(model)] or every


def patched(wires: Mapping[str, Wire]) -> bool:
    """Whether a patch is in the list, on or off."""
    edits = wires.get("edits")
    return isinstance(edits, list) and any("patch" in edit.split()[:2] for edit in edits)


def _read(edits: Sequence[str], model: Transformer) -> tuple[Intervention, ...]:
    try:
        return interventions.parse_all(edits, model.cfg)
    except ValueError as error:
        raise ReaderError("edits", str(error)) from None


def _offered(wire: Wire | None, options: Sequence[str], default: str) -> str:
    return wire if isinstance(wire, str) and wire in options else default


def _text(wire: Wire | None, control: Text) -> str:
    try:
        return control.parse(wire) if wire is not None else control.default
    except ValueError:
        return control.default
