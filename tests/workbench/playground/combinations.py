"""States of the playground for tests: every value of a view's own choices once, several models and lists."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from circuit_explainer.exhibits import Choice, Exhibit, exhibit
from circuit_explainer.exhibits.controls import Wire
from circuit_explainer.exhibits.settle import settle
from circuit_explainer.workbench.playground import models, state
from circuit_explainer.workbench.playground.views import VIEWS, View

# Symbols, characters, each kind of positions and normalization, shared keys, MLPs, weights written by hand, no layers.
MODELS = (
    "induction-2l", "text-2l", "induction-2l-rotary", "induction-2l-layernorm", "induction-2l-shortformer",
    "induction-2l-grouped", "induction-2l-mlp", "by-hand", "text-0l",
)  # fmt: skip
# Those that a model does not offer are left out of its list, as on the page.
EDITS: list[list[str]] = [
    [],
    ["zero 0.0"],
    ["mean 0.1", "mean 1.0", "zero mlp 1"],
    ["zero 0.0", "freeze 1"],
    ["freeze 0", "patch pattern 1.0", "patch z 0.0"],
    ["patch k 1.1", "patch q 1.0", "off zero 0.0"],
    ["patch v 1.0", "zero 1.0", "patch z 1.0"],
    ["patch resid_pre 1"],
]
VARIED = ("induction-2l", "text-2l", "induction-2l-grouped")
MOST_OPTIONS = 9  # of one choice


def play() -> Exhibit:
    """The exhibit, as the page makes it."""

    @exhibit(follow=state.controls, program=state.code)
    def playground(**values: Any) -> Any:
        return state.draw(**values)

    return playground


def settled(wires: Mapping[str, Wire]) -> dict[str, Wire]:
    """The wire values that the page holds for these."""
    return settle(play(), wires).wires


def values_of(wires: Mapping[str, Wire]) -> dict[str, Any]:
    """What `draw` and `code` get."""
    return play().parse(settled(wires))


def combinations(some: Sequence[str] = MODELS) -> Iterator[tuple[str, str, str, list[str]]]:
    """View, model, an option of the view as `name=option` ("" for its first state) and a list of interventions.

    Each model with each list, and each option of each model; a few models have the options with a list too, each with
    the next one.
    """
    for view, shown in VIEWS.items():
        for model in some:
            if shown.fits(models.get(model)):
                yield from ((view, model, "", edits) for edits in EDITS)
                for n, option in enumerate(_options(shown, model)):
                    yield view, model, option, []
                    if model in VARIED:
                        yield view, model, option, EDITS[1 + n % (len(EDITS) - 1)]


def state_of(view: str, model: str, option: str, edits: list[str]) -> dict[str, Wire]:
    """The wire values of one combination."""
    name, _, value = option.partition("=")
    return {"model": model, "view": VIEWS[view].label, "edits": list(edits), **({name: value} if name else {})}


def _options(shown: View, model: str) -> Iterator[str]:
    controls = state.controls(settled({"model": model, "view": shown.label}))
    for name, control in controls.items():
        if name in shown.fields and isinstance(control, Choice):
            others = [option for option in control.options if option != control.default]
            yield from (f"{name}={option}" for option in others[:MOST_OPTIONS])
