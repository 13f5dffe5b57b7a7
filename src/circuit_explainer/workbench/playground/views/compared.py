"""The same numbers of both runs: which are drawn, what changed most, and the columns of the table."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from circuit_explainer.charts import Table
from circuit_explainer.charts.chart import Cell
from circuit_explainer.core.arrays import Array

COLUMNS = ("clean", "intervened", "difference")
SMALL = 0.005  # prints as 0.00
# A table of more cells than this takes longer than its chart.
MOST_CELLS = 2000


def drawn(clean: Array, changed: Array | None, run: str) -> Array:
    """The numbers of the chosen run: "clean", "intervened" or "difference"; the clean ones where there is one run."""
    if changed is None or run == "clean":
        return clean
    return changed if run == "intervened" else changed - clean


def most_changed(clean: Array, changed: Array) -> tuple[int, ...] | None:
    """Where the numbers differ most; None where they differ nowhere by as much as is printed."""
    difference = np.abs(np.nan_to_num(changed - clean))
    at = np.unravel_index(int(difference.argmax()), difference.shape)
    return tuple(map(int, at)) if difference[at] >= SMALL else None


def columns(clean: Array, changed: Array | None, name: str) -> tuple[tuple[str, ...], list[list[Cell]]]:
    """Heads and cells of a table's columns for numbers [n]: one column, called `name`, or all three of two runs.

    NaN and infinities are empty cells.
    """
    if changed is None:
        return (name,), [_cells(clean)]
    return COLUMNS, [_cells(clean), _cells(changed), _cells(changed - clean)]


def table(
    caption: str, corner: str, rows: Sequence[str], heads: Sequence[str], cells: Sequence[Sequence[Cell]]
) -> Table:
    """A table of columns: `cells` holds each column."""
    return Table(caption, (corner, *heads), tuple(zip(rows, *cells, strict=True)))


def below(values: Array) -> tuple[Array, Array]:
    """Queries and keys of all pairs in which the key does not come after the query, of `values` [..., query, key]."""
    return np.tril_indices(values.shape[-1])


def _cells(values: Array) -> list[Cell]:
    finite, listed = np.isfinite(values), values.tolist()
    return listed if finite.all() else [x if there else None for x, there in zip(listed, finite.tolist(), strict=True)]
