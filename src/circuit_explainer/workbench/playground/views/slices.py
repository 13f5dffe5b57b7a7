"""Which part of an activation fits one picture: one head of it, and some of its columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from circuit_explainer.core import Transformer
from circuit_explainer.core.shapes import activation_axes, activation_shapes

# Columns of one picture.
COLUMNS = 1024


@dataclass(frozen=True)
class Slice:
    """Which part of an activation is shown: one head of those on an axis, and columns from `start` on."""

    head: int | None
    start: int

    @property
    def label(self) -> str:
        """As the control shows it."""
        columns = f"from {self.start}" if self.start or self.head is None else ""
        return ", ".join(part for part in ("" if self.head is None else f"head {self.head}", columns) if part)


def slices(model: Transformer, hook: str) -> list[Slice]:
    """The slices of an activation, in the order of the control."""
    axes, shape = activation_axes(model.cfg)[hook], activation_shapes(model.cfg, 1, 1)[hook]
    heads = next((range(n) for axis, n in zip(axes, shape, strict=True) if axis in "hg"), [None])
    width = shape[-1] if axes[-1] in "dmve" else 1  # by position otherwise
    return [Slice(head, start) for head in heads for start in range(0, width, COLUMNS)]


def chosen(model: Transformer, hook: str, piece: str) -> Slice:
    """The slice that a label means, the first for none."""
    every = slices(model, hook)
    return next((each for each in every if each.label == piece), every[0])


def cut(model: Transformer, hook: str, piece: str) -> tuple[int | slice, ...]:
    """How to index the activation: the first sequence, the head, the columns."""
    axes, at = activation_axes(model.cfg)[hook], chosen(model, hook, piece)
    index: list[int | slice] = [0, *([slice(None)] * (len(axes) - 1))]
    if at.head is not None:
        index[next(n for n, axis in enumerate(axes) if axis in "hg")] = at.head
    if axes[-1] in "dmve" and activation_shapes(model.cfg, 1, 1)[hook][-1] > COLUMNS:
        index[-1] = slice(at.start, at.start + COLUMNS)
    while len(index) > 1 and index[-1] == slice(None):
        index.pop()
    return tuple(index)


def written(index: Sequence[int | slice]) -> str:
    """The index as code has it."""
    return ", ".join(map(_part, index))


def _part(index: int | slice) -> str:
    if isinstance(index, int):
        return str(index)
    return ":" if index.start is None else f"{index.start}:{index.stop}"
