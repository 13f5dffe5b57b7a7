"""What the lab holds between two commands, and all of it as the page shows it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from circuit_explainer.charts import Chart
from circuit_explainer.charts.general.heads import head_name
from circuit_explainer.core.arrays import Array
from circuit_explainer.core.model import Transformer
from circuit_explainer.exhibits.markup import chart_data
from circuit_explainer.workbench.lab import charts, sentences
from circuit_explainer.workbench.lab.curves import Kept
from circuit_explainer.workbench.lab.history import Held, History
from circuit_explainer.workbench.lab.run import Run
from circuit_explainer.workbench.lab.settings import settings_of, wires
from circuit_explainer.workbench.lab.story import OPENS_AT, Story, names, of_run, shipped
from circuit_explainer.workbench.tools import ToolError


@dataclass
class Lab:
    """The one lab of a worker.

    `theirs` says that the charts show the reader's run. `at` is the step that they show, None for the last one; `head`
    is (layer, head), None for the last head. `going` is an object of its own for each loop that trains, `task` the
    loop; `why` is why it paused, `said` the last thing worth saying aloud, `passed` whether the phase change was said,
    `history` the way back.
    """

    run: Run | None = None
    theirs: bool = False
    at: int | None = None
    head: tuple[int, int] | None = None
    kept: list[Kept] = field(default_factory=list)
    going: object | None = None
    task: object | None = None
    why: str = ""
    said: str = ""
    passed: bool = False
    history: History = field(default_factory=History)

    @property
    def story(self) -> Story:
        """The run that the charts show."""
        return of_run(self.run) if self.run and self.theirs else shipped()

    @property
    def held(self) -> Held:
        """What can be brought back."""
        return Held(self.run, self.theirs, self.at, self.head, tuple(self.kept), self.passed)

    def bring(self, held: Held) -> None:
        """Hold what was held before."""
        self.run, self.theirs, self.at, self.head = held.run, held.theirs, held.at, held.head
        self.kept, self.passed = list(held.kept), held.passed


def view(lab: Lab) -> dict[str, Any]:
    """Return everything that the page shows, as JSON data."""
    story = lab.story
    at = _place(lab, story)
    layer, head = _head(lab, story)
    passed = story.passed
    if lab.theirs and passed is not None and not lab.passed:
        lab.passed, lab.said = True, sentences.passed(story)
    kept = lab.kept if lab.theirs else []
    looks = charts.pattern(story, at, layer, head)
    known = settings_of(lab.run.recipe) if lab.run else None
    return {
        "state": _state(lab),
        "shows": "yours" if lab.theirs else "shipped",
        "status": sentences.status(lab.run, lab.going is not None, lab.why),
        "phase": sentences.phase(story),
        "passed": passed,
        "said": lab.said,
        "step": lab.run.step if lab.run else None,
        "slider": {"max": len(story.steps) - 1, "value": at, "text": f"{int(story.steps[at]):,}"},
        "heads": {"names": names(story), "value": head_name(layer, head)},
        "kept": [name for name, _, _ in lab.kept],
        "undo": bool(lab.history.past),
        "redo": bool(lab.history.future),
        "settings": wires(known) if known else None,
        "panels": {
            "losses": _panel(lab, sentences.loss_title(story), charts.losses(story, at, kept)),
            "scores": _panel(lab, sentences.score_title(story), charts.scores(story, at)),
            "pattern": _panel(lab, sentences.pattern_title(story, at, head_name(layer, head)), looks),
        },
    }


def shown_model(lab: Lab) -> tuple[Transformer, int]:
    """Return the model of the step that the charts show, and the step. Raises ToolError where it is not kept."""
    story = lab.story
    step = int(story.steps[_place(lab, story)])
    if step not in story.models:
        raise ToolError(sentences.NO_MODEL)
    return story.models[step], step


def _state(lab: Lab) -> str:
    if lab.run is None:
        return "empty"
    return "running" if lab.going else "broken" if lab.run.broken else "done" if lab.run.over else "paused"


def _place(lab: Lab, story: Story) -> int:
    """The moment that is shown: the last one, or that nearest to the chosen step, which may have been thinned out."""
    if lab.at is None and not lab.theirs:
        return int(np.searchsorted(story.steps, OPENS_AT))
    if lab.at is None:
        return len(story.steps) - 1
    distance: Array = np.abs(story.steps - lab.at)
    return int(distance.argmin())


def _head(lab: Lab, story: Story) -> tuple[int, int]:
    _, layers, heads = story.previous.shape
    if lab.head is not None and lab.head[0] < layers and lab.head[1] < heads:
        return lab.head
    return layers - 1, heads - 1


def _panel(lab: Lab, title: str, chart: Chart | None) -> dict[str, Any]:
    """A chart for the page. Tables of a run that goes on would cost the page as much as the charts, and nobody reads
    them four times a second."""
    if chart is None:
        return {"title": title, "chart": None, "missing": sentences.NO_MODEL}
    told = {"figure": chart.figure, "summary": chart.summary, "reading": chart.reading, "table": sentences.NO_TABLE}
    return {"title": title, "chart": told if lab.going else chart_data(chart)}
