"""The head table: what each head of a model does, one row for each head."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from circuit_explainer.circuits.heads import head_name
from circuit_explainer.core.arrays import Array


@dataclass(frozen=True)
class HeadScores:
    """The scores of one head on repeated random tokens; ``layer`` and ``head`` say which head.

    Those of attention are between 0 and 1: ``previous_token``, ``current_token``, ``first_token``,
    ``duplicate_token``, ``induction`` (prefix matching; perfect at 1) and ``stripe`` (TransformerLens's induction
    score; a perfect head stays a little below 1). Those of copying are between -1 and 1: ``copying`` (what the head
    wrote in the run) and ``copying_eigenvalues`` (what its weights would write). NaN: there was nothing to score.

    Source: the functions of these names in ``circuits`` tell theirs; ``copying`` is ``copying_of_run``.
    """

    layer: int
    head: int
    previous_token: float
    current_token: float
    first_token: float
    duplicate_token: float
    induction: float
    stripe: float
    copying: float
    copying_eigenvalues: float


SCORES = tuple(field.name for field in dataclasses.fields(HeadScores))[2:]


class HeadTable(tuple[HeadScores, ...]):
    """A tuple of the ``HeadScores`` of a model's heads, layer by layer; printed, a head a row and a score a column."""

    __slots__ = ()

    @classmethod
    def from_columns(cls, columns: Mapping[str, Array]) -> HeadTable:
        """The table with these columns ``[l, h]``, one for each score, by the names that ``HeadScores`` has for them.

        Raises:
            KeyError: a score is missing.
        """
        shape = columns[SCORES[0]].shape
        return cls(
            HeadScores(layer, head, *(float(columns[name][layer, head]) for name in SCORES))
            for layer, head in np.ndindex(*shape)
        )

    def column(self, score: str) -> Array:
        """One score of every head: ``[l, h]``; ``score`` is one of the names that ``HeadScores`` has.

        Raises:
            ValueError: there is no score of this name.
        """
        check_score(score)
        values = np.array([getattr(row, score) for row in self])
        return values.reshape(self[-1].layer + 1, -1) if self else np.zeros((0, 0))

    def best(self, score: str) -> HeadScores:
        """The row of the head that has most of a score, by the names of ``HeadScores``; NaN counts as least.

        Raises:
            ValueError: there is no score of this name, or the model has no heads.
        """
        if not self:
            raise ValueError("A model without layers has no heads, so there is no best one.")
        return self[int(np.nan_to_num(self.column(score), nan=-np.inf).argmax())]

    def __str__(self) -> str:
        titles = [name.replace("_", " ") for name in SCORES]
        lines = ["  ".join(["head  ", *titles])]
        for row in self:
            cells = (f"{getattr(row, name):{len(title)}.3f}" for name, title in zip(SCORES, titles, strict=True))
            lines.append("  ".join([f"{head_name(row.layer, row.head):6}", *cells]))
        return "\n".join(lines)

    __repr__ = __str__


def check_score(score: str) -> None:
    """Raise ValueError unless the head table has a score of this name."""
    if score not in SCORES:
        raise ValueError(f"score must be one of {', '.join(SCORES)}; got {score!r}.")
