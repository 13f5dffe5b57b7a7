"""Telling what a head's job is: a score that reaches a threshold."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from circuit_explainer.circuits.heads import Head
from circuit_explainer.circuits.table import HeadTable, check_score

THRESHOLDS: Mapping[str, float] = MappingProxyType(
    {"previous_token": 0.5, "current_token": 0.5, "first_token": 0.9, "duplicate_token": 0.5, "induction": 0.5}
)
"""The score from which on a head is said to have a job, by the name of the score.

It is half of the attention; the choice is ours. Only the first token has to get more: where a head finds nothing it
rests there, so that a perfect induction head, which finds nothing in the first of two copies, has about half of its
attention on it.
"""


def detect(table: HeadTable, thresholds: Mapping[str, float] = THRESHOLDS) -> dict[Head, tuple[str, ...]]:
    """The scores in which each head reaches the threshold, highest first; heads that reach none are left out.

    Args:
        table: from ``head_scores``.
        thresholds: the least that counts, by score; scores that are not named are not looked at.

    Raises:
        ValueError: there is no score of a name.
    """
    for name in thresholds:
        check_score(name)
    found = {}
    for row in table:
        reached = [name for name, least in thresholds.items() if getattr(row, name) >= least]
        if reached:
            found[row.layer, row.head] = tuple(sorted(reached, key=lambda name: -getattr(row, name)))
    return found


def head_jobs(table: HeadTable, thresholds: Mapping[str, float] = THRESHOLDS) -> dict[Head, str]:
    """The same in words, as ``{(0, 1): "previous token"}``: names for the heads of a chart.

    Args:
        table, thresholds: as for ``detect``.

    Raises:
        ValueError: there is no score of a name.
    """
    jobs = detect(table, thresholds)
    return {head: ", ".join(name.replace("_", " ") for name in names) for head, names in jobs.items()}
