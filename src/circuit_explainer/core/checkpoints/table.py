"""How a kind of checkpoint stores each weight, as rows of a table, and what that means for one model.

A row gives the axes of a stored tensor in the letters of ``core.table.LETTERS``: ``"he d"`` is a matrix whose rows are
the heads' dimensions one after the other. Several targets stand side by side along the tensor's last axis.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from circuit_explainer.core.arrays import Array
from circuit_explainer.core.config import Config
from circuit_explainer.core.shapes import sizes, weight_shapes
from circuit_explainer.core.table import WEIGHTS

_AXES = {row.name: row.axes.split() for row in WEIGHTS}


@dataclass(frozen=True)
class Row:
    """A tensor's name and axes, and the state-dict keys it holds; ``{l}`` stands for the layer."""

    source: str
    axes: str
    targets: str
    # May be left out, in every layer alike: these weights are then zero.
    optional: bool = False


@dataclass(frozen=True)
class Part:
    """A row for one model and layer: the stored tensor's name and shape, and how its targets are turned into it."""

    source: str
    shape: tuple[int, ...]
    targets: tuple[str, ...]
    order: tuple[int, ...]
    row: Row

    def places(self, weights: Mapping[str, Array]) -> list[Array]:
        """Views of the targets whose rows, side by side, are those of the stored tensor."""
        views = [weights[target].transpose(self.order) for target in self.targets]
        # The targets of a stored vector stand one behind the other: it is one row.
        return [view[None] for view in views] if len(self.shape) == 1 else views


def parts(cfg: Config, rows: Sequence[Row], prefix: str) -> list[Part]:
    """The parts of a model, in the order of the rows; rows for weights that it does not have are left out."""
    shapes, lengths = weight_shapes(cfg), sizes(cfg)
    by_layer: list[Part] = []
    for row in rows:
        for layer in range(cfg.n_layers) if "{l}" in row.source else (None,):
            part = _part(row, layer, lengths, prefix)
            if all(target in shapes for target in part.targets):
                by_layer.append(part)
    return by_layer


def left_out(wanted: Iterable[Part], present: Iterable[str]) -> set[Row]:
    """The optional rows of which nothing is present."""
    have = set(present)
    rows = {part.row for part in wanted if part.row.optional}
    return rows - {part.row for part in wanted if part.source in have}


def _part(row: Row, layer: int | None, lengths: Mapping[str, int], prefix: str) -> Part:
    patterns = row.targets.split()
    target_axes = _AXES[patterns[0]]
    letters = list(row.axes.replace(" ", ""))
    shape = [1] * len(row.axes.split())
    for n, group in enumerate(row.axes.split()):
        for letter in group:
            shape[n] *= lengths[letter]
    shape[-1] *= len(patterns)

    def named(pattern: str) -> str:
        return pattern if layer is None else pattern.replace("{l}", str(layer))

    order = tuple(target_axes.index(letter) for letter in letters)
    return Part(prefix + named(row.source), tuple(shape), tuple(map(named, patterns)), order, row)
