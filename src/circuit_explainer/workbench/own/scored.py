"""The head table of the reader's model as the page shows it: a sentence, and a table as HTML and as data."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from circuit_explainer.circuits.heads import head_name
from circuit_explainer.circuits.table import SCORES, HeadTable
from circuit_explainer.exhibits import markup

_TELLING = {"induction": "induction", "previous_token": "attention to the previous token", "copying": "copying"}


@dataclass(frozen=True)
class _Table:
    caption: str
    columns: list[str]
    rows: list[list[str | float | None]]


def scored(table: HeadTable) -> dict[str, Any]:
    """A head table as JSON: "summary", "html", and "rows"; a score that there is none of is null."""
    rows = [{name: _number(value) for name, value in vars(row).items()} for row in table]
    shown = [[head_name(row.layer, row.head), *(_number(getattr(row, name)) for name in SCORES)] for row in table]
    columns = ["head", *(name.replace("_", " ") for name in SCORES)]
    html = markup.table(_Table("Scores of every head on random tokens, said twice", columns, shown))
    return {"summary": _summary(table), "html": html, "rows": rows}


def _summary(table: HeadTable) -> str:
    if not table:
        return "A model without layers has no heads."
    parts = []
    for name, said in _TELLING.items():
        row = table.best(name)
        parts.append(f"{said} {head_name(row.layer, row.head)} ({getattr(row, name):.2f})".replace("-", "−"))
    return f"The heads with the highest scores: {'; '.join(parts)}."


def _number(value: float) -> float | None:
    return None if math.isnan(value) else value
