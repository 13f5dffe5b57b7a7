"""The `@exhibit` decorator: a function, its controls, and the checks that tie one to the other."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from circuit_explainer.exhibits.controls import Choice, Control, Several, Slider, Text, Toggle, Wire


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


@dataclass(frozen=True)
class Exhibit:
    """A function of its controls that draws one chart; `exhibit` makes it. Calling it calls `function`.

    `controls` holds the control of each parameter by name.
    """

    function: Callable[..., ChartLike]
    controls: Mapping[str, Control]

    @property
    def name(self) -> str:
        """The function's name, which is the exhibit's id on the page."""
        return self.function.__name__

    def __call__(self, *args: Any, **kwargs: Any) -> ChartLike:
        """Call the function with Python values."""
        return self.function(*args, **kwargs)

    def defaults(self) -> dict[str, Wire]:
        """Wire values of the untouched exhibit."""
        return {name: _wire(control) for name, control in self.controls.items()}

    def parse(self, wires: Mapping[str, Wire]) -> dict[str, Any]:
        """Turn wire values into the function's arguments; a control that has none gets its default.

        Raises ReaderError naming the control whose value cannot be used, ExhibitError for an unknown control.
        """
        unknown = wires.keys() - self.controls.keys()
        if unknown:
            raise ExhibitError(f"Exhibit '{self.name}' has no control named {', '.join(sorted(unknown))}.")
        values = {}
        for name, control in self.controls.items():
            try:
                values[name] = control.parse(wires.get(name, _wire(control)))
            except ValueError as error:
                raise ReaderError(name, str(error)) from None
        return values

    def draw(self, wires: Mapping[str, Wire]) -> ChartLike:
        """Run the function on wire values and return its chart.

        Raises ReaderError for a value that cannot be used, ExhibitError when the function returns no chart.
        """
        chart = self.function(**self.parse(wires))
        missing = [part for part in ("figure", "summary", "table", "reading") if not hasattr(chart, part)]
        if missing:
            raise ExhibitError(
                f"Exhibit '{self.name}' must return a chart from circuit_explainer.charts. "
                f"Got {type(chart).__name__}, which has no {missing[0]}."
            )
        return chart


def exhibit(**controls: Control) -> Callable[[Callable[..., ChartLike]], Exhibit]:
    """Make an exhibit of a function: each keyword is a parameter of the function, its value a control.

    Raises ExhibitError when a control has no parameter, a parameter has no control, or a control is none.
    """

    def make(function: Callable[..., ChartLike]) -> Exhibit:
        name = function.__name__
        parameters = inspect.signature(function).parameters
        for control, value in controls.items():
            if not isinstance(value, (Text, Choice, Several, Slider, Toggle)):
                raise ExhibitError(
                    f"Control '{control}' of exhibit '{name}' must be Text, Choice, Several, Slider or Toggle. "
                    f"Got {type(value).__name__}."
                )
            if control not in parameters:
                raise ExhibitError(
                    f"Control '{control}' has no parameter in {name}({', '.join(parameters)}). "
                    f"Add the parameter or take the control away."
                )
        for parameter in parameters.values():
            if parameter.name not in controls and parameter.default is parameter.empty:
                raise ExhibitError(
                    f"Parameter '{parameter.name}' of exhibit '{name}' has no control. "
                    f"Add {parameter.name}=… to @exhibit(…) or give it a default."
                )
        return Exhibit(function, dict(controls))

    return make


def _wire(control: Control) -> Wire:
    if isinstance(control, Choice):
        return str(control.default)
    return list(control.default) if isinstance(control, Several) else control.default
