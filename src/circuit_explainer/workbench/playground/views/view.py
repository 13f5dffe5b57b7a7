"""What a view is: data that the playground's state, its code and its tests walk through."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from typing import Any

from circuit_explainer.charts import Chart
from circuit_explainer.core import Transformer
from circuit_explainer.core.arrays import Array
from circuit_explainer.core.hooks import NamesFilter
from circuit_explainer.exhibits import Choice, Control
from circuit_explainer.exhibits.controls import Wire
from circuit_explainer.exhibits.controls.edits import OFF
from circuit_explainer.workbench.playground.runs import Runs

RUN = "run"
RUN_OPTIONS = ("clean", "intervened", "difference")


@dataclass(frozen=True)
class View:
    """One way to look at a run.

    In `values`, `draw`, `numbers` and `code` get the values of the view's own controls by name; a control that is not
    there (as `run`, where no intervention is on) is not among them, so each has a default in the signature.
    """

    label: str
    """In the menu, such as "One head"."""
    group: str
    """Of the menu: "Attention", "Predictions", "Weights" or "Activations"."""
    fields: tuple[str, ...]
    """Names of all its controls, at most three."""
    controls: Callable[[Transformer, Mapping[str, Wire]], dict[str, Control]]
    """controls(model, wires): those that fit the present wire values of all controls."""
    needed: Callable[[Transformer, Mapping[str, Any]], NamesFilter]
    """needed(model, values): the activations that `draw` and `numbers` read; () for none."""
    draw: Callable[..., Chart | Generator[str, None, Chart]]
    """draw(runs: Runs, **values): the chart. A slow one is a generator that yields sentences of progress."""
    numbers: Callable[..., Array]
    """numbers(runs: Runs, logits, cache, **values): what the view shows of one run, as the last line of `code` puts it
    into `result`. `logits` and `cache` are those of the run; what both runs share, such as which token is meant, comes
    from `runs.clean_logits` and `runs.clean`."""
    code: Callable[..., list[str]]
    """code(model: Transformer, **values): lines of TransformerLens that compute the tensor `result` for one run. They
    may use `model`, `tokens` [b, p], `logits` and `cache`, of the run; `clean_logits` and `clean`, of
    the run without interventions; `torch`, `np`, `get_act_name`."""
    fits: Callable[[Transformer], bool] = lambda model: True
    """Whether the menu offers it for a model; a view of heads needs some."""
    by_run: bool = True
    """Whether a run changes it; False for a view of the weights."""
    on_repeats: bool = False
    """Whether it looks at runs on random repeated tokens instead of those on the text."""


def run_control(wires: Mapping[str, Wire]) -> dict[str, Control]:
    """The control `run` of a view that draws one run at a time, nothing where no intervention is on."""
    return {RUN: Choice(*RUN_OPTIONS, default="intervened", label="Run")} if intervened(wires) else {}


def intervened(wires: Mapping[str, Wire]) -> bool:
    """Whether an intervention is on, by the wire value of the list."""
    edits = wires.get("edits")
    return isinstance(edits, list) and any(not edit.startswith(OFF) for edit in edits)


def has_heads(model: Transformer) -> bool:
    """Whether there is a head to look at: for `fits`."""
    return model.cfg.n_layers > 0


def both(view: View, runs: Runs, **values: Any) -> tuple[Array, Array | None]:
    """The view's numbers of the clean run, and of the intervened one if there is one."""
    clean = view.numbers(runs, runs.clean_logits, runs.clean, **values)
    if runs.cache is None:
        return clean, None
    return clean, view.numbers(runs, runs.logits, runs.cache, **values)
