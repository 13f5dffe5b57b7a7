"""The three charts of a run, which move together: its losses, the scores of its heads, one head's pattern."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np

from circuit_explainer import charts
from circuit_explainer.charts import Chart
from circuit_explainer.charts.general.heads import head_name
from circuit_explainer.charts.general.lines import MOST
from circuit_explainer.workbench.lab.curves import Kept, curves, even_guess, table, together
from circuit_explainer.workbench.lab.story import Story, words

SHOWN = "The dotted line upright marks the step that is shown. "
EVEN = "The dashed line across is what an even guess costs. "
# The axis of losses reaches at least so high, so that it stands still while an ordinary run goes on.
TOP = 4.5
# A head whose score was once so high has a line before others.
TELLS = 0.3
# What the reader's run is called beside kept curves.
OWN = "this run"


def losses(story: Story, at: int, kept: Sequence[Kept] = ()) -> Chart:
    """Return the loss over the run, with kept curves beside that on what the task is about; `at` counts moments."""
    (line, asked), (other, every) = story.losses.items()
    x, series = story.steps, dict(story.losses)
    if kept:
        x, series = together([(OWN, story.steps, asked), *kept])
    told = (
        f"At step {int(story.steps[at]):,} {story.one} costs {asked[at]:.2f} nats; {other}: {every[at]:.2f}. "
        f"An even guess costs {story.even:.2f}."
    )
    if kept:
        ends = [f"{name} ends at {values[-1]:.2f}" for name, _, values in kept]
        told += f" Kept curves: {', '.join(ends)}."
    which = (
        f"Each line is the loss on {line} of one run. " if kept else "Each line is one loss, named at its right end. "
    )
    top = max(TOP, 1.02 * max(float(np.nanmax(values)) for values in series.values()))
    chart = curves(story, x, series, at, "loss in nats", told, f"How to read it: {which}{SHOWN}{EVEN}", (0, top))
    even_guess(chart.figure, story, top)
    return chart


def scores(story: Story, at: int) -> Chart:
    """Return the scores of the heads over the run: five lines of them, all in the table."""
    named = {}
    for short, values in (("prev", story.previous), ("ind", story.induction)):
        for layer, head in np.ndindex(*values.shape[1:]):
            named[f"{head_name(layer, head)} {short}"] = values[:, layer, head]
    drawn = _telling(story, list(named))
    told = [
        f"the highest {score} score is {values[at].max():.2f}, of "
        f"{head_name(*(int(n) for n in np.unravel_index(values[at].argmax(), values[at].shape)))}"
        for score, values in (("previous-token", story.previous), ("induction", story.induction))
    ]
    reading = (
        "How to read it: “prev” is a head’s previous-token score, “ind” its induction score; 1 is perfect. "
        f"{'The five highest are drawn, the table has all. ' if len(named) > MOST else ''}{SHOWN}"
    )
    summary = f"At step {int(story.steps[at]):,} {told[0]}, and {told[1]}."
    chart = curves(
        story, story.steps, {name: named[name] for name in drawn}, at, "score", summary, reading, (0, 1.05)
    )  # fmt: skip
    return dataclasses.replace(chart, table=table(story.steps, named, "score"))


def pattern(story: Story, at: int, layer: int, head: int) -> Chart | None:
    """Return where a head looks in a fixed text of letters that come twice; None where the model is not kept."""
    model = story.models.get(int(story.steps[at]))
    if model is None:
        return None
    text = words(model)
    _, cache = model.run_with_cache(text, lambda name: name == f"blocks.{layer}.attn.hook_pattern")
    chart = charts.attention(cache["pattern", layer][0, head], model.to_str_tokens(text))
    summary = f"At step {int(story.steps[at]):,}, in {head_name(layer, head)}: {chart.summary}"
    return dataclasses.replace(chart, summary=summary)


def _telling(story: Story, names: Sequence[str]) -> list[str]:
    """The names of at most five lines, in their own order.

    Those come first that were once high, then induction in the last layer and the previous token in the first, so
    that the choice stands still until there is something to see.
    """
    highest = np.concatenate([story.previous.max(axis=0).ravel(), story.induction.max(axis=0).ravel()])
    _, layers, heads = story.previous.shape
    first = {n: highest[n] for n in range(len(names)) if highest[n] >= TELLS}
    order = sorted(first, key=lambda n: -first[n])
    likely = [*range(2 * layers * heads - heads, 2 * layers * heads), *range(heads)]
    order += [n for n in (*likely, *range(len(names))) if n not in order]
    return [names[n] for n in sorted(dict.fromkeys(order[:MOST]))]
