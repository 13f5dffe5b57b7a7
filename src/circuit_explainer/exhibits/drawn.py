"""What an exhibit's function returns, and what goes wrong with exhibits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol


class TableLike(Protocol):
    """A chart's data: the first column of each row is text that heads it."""

    @property
    def caption(self) -> str:
        """What the table holds."""

    @property
    def columns(self) -> Sequence[str]:
        """Heads of the columns, the first for the row heads."""

    @property
    def rows(self) -> Sequence[Sequence[str | float | None]]:
        """Rows as long as `columns`."""


class ChartLike(Protocol):
    """What an exhibit's function returns."""

    @property
    def figure(self) -> Mapping[str, Any]:
        """A Plotly figure as strict JSON data."""

    @property
    def summary(self) -> str:
        """One sentence that says what the chart shows."""

    @property
    def reading(self) -> str:
        """One line on how to read it."""

    @property
    def table(self) -> TableLike:
        """The chart's data."""


class ExhibitError(TypeError):
    """The exhibit is written wrongly: its controls and its function do not fit. It is a TypeError."""


class ReaderError(ValueError):
    """A control holds something that cannot be used: a ValueError whose text is for the reader.

    `control` is the control's name.
    """

    def __init__(self, control: str, message: str) -> None:
        super().__init__(message)
        self.control = control
