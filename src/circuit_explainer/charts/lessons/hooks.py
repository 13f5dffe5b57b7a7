"""The hooks of a model: where each stands, and what it holds in a run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from circuit_explainer.charts.chart import Array, Chart, Table
from circuit_explainer.charts.general.bars import bars
from circuit_explainer.charts.general.matrix import matrix
from circuit_explainer.charts.labels import numbered, quoted, signed
from circuit_explainer.charts.picture import picture
from circuit_explainer.diagrams.block import PLACES
from circuit_explainer.diagrams.block import hook_map as drawn

HOOKS = tuple(name for row in PLACES for name in row)
"""The hooks of the map, from the foot up, without their block."""
READING = (
    "How to read it: a block from the foot to the top, with the residual stream at the left. "
    "Under each hook stand its axes: b is the batch, p, q and k are positions, h is the head. "
    "Press one to see what it holds."
)
AXES = {
    "b": "batch", "p": "position", "q": "query", "k": "key", "h": "head", "g": "head", "e": "d_head", "d": "d_model",
    "m": "d_mlp", "v": "d_vocab", "1": "1",
}  # fmt: skip
SHORT = {"b": "b", "p": "p", "q": "q", "k": "k", "h": "h", "g": "h"}


def hook_map(axes: Mapping[str, Sequence[str]], shapes: Mapping[str, Sequence[int]], chosen: str) -> Chart:
    """Return the map of one block.

    `axes` gives the letters of the axes of each hook, by its name without the block, and `shapes` their lengths in a
    run; both hold the hooks that the model has. `chosen` is outlined. Raises ValueError for a hook without a place.
    """
    under = {name: f"[{', '.join(AXES[letter] for letter in letters)}]" for name, letters in axes.items()}
    short = {
        name: f"[{', '.join(SHORT.get(letter, AXES[letter]) for letter in letters)}]" for name, letters in axes.items()
    }
    there = f"{chosen} has the axes {under[chosen]}" if chosen in axes else f"{chosen} is not in this model"
    summary = f"{there}; in this run {list(shapes[chosen])}." if chosen in shapes else f"{there}."
    rows = tuple((name, under.get(name, "not in this model"), _told(shapes.get(name))) for name in HOOKS)
    table = Table("Hooks from the foot up", ("Hook", "Axes", "In this run"), rows)
    return picture(drawn(short, chosen, summary), summary=summary, table=table, reading=READING)


def _told(shape: Sequence[int] | None) -> str:
    return "" if shape is None else f"[{', '.join(map(str, shape))}]"


def activation(values: Array, axes: Sequence[str], tokens: Sequence[str], name: str, head: int = 0) -> Chart:
    """Return what a hook holds, for the first sequence and one head.

    `values` has an axis for each letter of `axes`, the first of them the batch; `tokens` are the labels of the
    positions; `name` is the hook's. Scores of minus infinity are left out. Raises ValueError for a head that is not
    there.
    """
    letters, array = list(axes[1:]), np.asarray(values[0])
    for letter in ("h", "g"):
        if letter in letters:
            at = letters.index(letter)
            if not 0 <= head < array.shape[at]:
                raise ValueError(f"{name} has {array.shape[at]} heads, counted from 0; there is no head {head}.")
            array = array.take(head, axis=at)
            del letters[at]
            name = f"{name}, head {head}"
    labels = {letter: numbered(tokens) for letter in "pqk"}
    array = np.where(np.isfinite(array), array, np.nan)
    if array.ndim == 1 or letters[-1] == "1":
        return bars(array.reshape(-1), labels["p"], quantity=name, column="Token")
    columns = labels["k"] if letters[1] == "k" and letters[0] == "q" else [str(n) for n in range(array.shape[1])]
    names = AXES[letters[0]], AXES[letters[1]] if len(columns) != len(tokens) or letters[1] == "k" else letters[1]
    most = np.unravel_index(np.nan_to_num(np.abs(array), nan=-1).argmax(), array.shape)
    told = signed(float(array[most])) if (array < 0).any() else f"{array[most]:.2f}"
    where = f"at {quoted(labels['p'][most[0]])}, {names[1]} {quoted(columns[most[1]])}"
    return matrix(
        array,
        labels["p"],
        columns,
        quantity=name,
        row_title=names[0],
        column_title=names[1],
        summary=f"In {name}, the number furthest from zero is {told}, {where}.",
    )
