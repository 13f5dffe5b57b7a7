"""Interventions that a reader lists: how they are written, said, done here, and written for TransformerLens."""

from __future__ import annotations

from dataclasses import dataclass

from circuit_explainer.core import Config


@dataclass(frozen=True)
class Intervention:
    """One change of a run: what is done (`kind`) to which activation (`site`, as "z"), where.

    `kind` is "zero", "mean", "patch" or "freeze"; `head` is None where a whole layer is meant.
    """

    kind: str
    site: str
    layer: int
    head: int | None = None
    on: bool = True


def parse(wire: str, cfg: Config) -> Intervention:
    """Read an intervention as the list of edits holds it. Raises ValueError, in words for the reader."""
    raise ValueError(f"{wire!r:.60} is no intervention.")
