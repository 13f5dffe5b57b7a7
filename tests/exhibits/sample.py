"""A chart that needs no numpy, for the tests of exhibits."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class SampleTable:
    caption: str = "Caption <1>"
    columns: tuple[str, ...] = ("Head", "A & B")
    rows: tuple[tuple[str | float | None, ...], ...] = (("<BOS>", 0.12345), ("x", None))


@dataclass(frozen=True)
class SampleChart:
    summary: str = "Says <it>."
    reading: str = "Read it."
    figure: dict[str, Any] = field(default_factory=lambda: {"data": [], "layout": {"title": "</template>"}})
    table: SampleTable = field(default_factory=SampleTable)
