"""The `@exhibit` decorator: a function, its controls, and the checks that tie one to the other."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from typing import Any, get_args

from circuit_explainer.exhibits.controls import Choice, Control, Wire
from circuit_explainer.exhibits.drawn import ChartLike, ExhibitError, ReaderError

Controls = Mapping[str, Control]
Follow = Callable[[Mapping[str, Wire]], Controls]
KINDS = ", ".join(kind.__name__ for kind in get_args(Control)[:-1]) + f" or {get_args(Control)[-1].__name__}"


@dataclass(frozen=True)
class Exhibit:
    """A function of its controls that draws one chart; `exhibit` makes it. Calling it calls `function`.

    `controls` holds the control of each parameter by name, those of the untouched exhibit where they `follow` from
    their values. `program` gives the code that computes what is shown elsewhere, from the function's arguments.
    """

    function: Callable[..., Any]
    controls: Controls
    follow: Follow | None = None
    program: Callable[..., str] | None = None

    @property
    def name(self) -> str:
        """The function's name, which is the exhibit's id on the page."""
        return self.function.__name__

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the function with Python values."""
        return self.function(*args, **kwargs)

    def controls_for(self, wires: Mapping[str, Wire]) -> Controls:
        """The controls that there are for these wire values."""
        return self.follow(wires) if self.follow else self.controls

    def defaults(self) -> dict[str, Wire]:
        """Wire values of the untouched exhibit."""
        return {name: first(control) for name, control in self.controls.items()}

    def parse(self, wires: Mapping[str, Wire]) -> dict[str, Any]:
        """Turn wire values into the function's arguments; a control that has none gets its default.

        Raises ReaderError naming the control whose value cannot be used, ExhibitError for an unknown control.
        """
        controls = self.controls_for(wires)
        unknown = wires.keys() - controls.keys()
        if unknown:
            raise ExhibitError(f"Exhibit '{self.name}' has no control named {', '.join(sorted(unknown))}.")
        values = {}
        for name, control in controls.items():
            try:
                values[name] = control.parse(wires.get(name, first(control)))
            except ValueError as error:
                raise ReaderError(name, str(error)) from None
        return values

    def draw(self, wires: Mapping[str, Wire]) -> ChartLike:
        """Run the function on wire values, to its end, and return its chart.

        Raises ReaderError for a value that cannot be used, ExhibitError when the function returns no chart.
        """
        steps = self.steps(self.parse(wires))
        while True:
            try:
                next(steps)
            except StopIteration as done:
                chart: ChartLike = done.value
                return chart

    def steps(self, values: Mapping[str, Any]) -> Generator[str, None, ChartLike]:
        """Run the function, which may take long: yield the sentences that it says on its way, return its chart.

        Raises ExhibitError when the function returns no chart.
        """
        made = self.function(**values)
        chart: ChartLike = (yield from made) if inspect.isgenerator(made) else made
        missing = [part for part in ("figure", "summary", "table", "reading") if not hasattr(chart, part)]
        if missing:
            raise ExhibitError(
                f"Exhibit '{self.name}' must return a chart from circuit_explainer.charts. "
                f"Got {type(chart).__name__}, which has no {missing[0]}."
            )
        return chart


def exhibit(
    *, follow: Follow | None = None, program: Callable[..., str] | None = None, **controls: Control
) -> Callable[[Callable[..., Any]], Exhibit]:
    """Make an exhibit of a function: each keyword is a parameter of the function, its value a control.

    The function returns a chart. One that takes long may be a generator: it yields sentences that say how far it is,
    and the reader can cancel it between them.

    Where controls depend on what the others hold, `follow` gives them: a function of the wire values by name, which
    holds an unusable one for its default. Such an exhibit has a link that holds its values, and Undo. The function
    then takes any keywords. `program` is as in `Exhibit`.

    Raises ExhibitError when a control has no parameter, a parameter has no control, or a control is none.
    """

    def make(function: Callable[..., Any]) -> Exhibit:
        if follow:
            if controls:
                raise ExhibitError(f"Exhibit '{function.__name__}' has `follow`, which gives all of its controls.")
            return Exhibit(function, dict(follow({})), follow, program)
        _check(function, controls)
        return Exhibit(function, dict(controls), None, program)

    return make


def _check(function: Callable[..., Any], controls: Controls) -> None:
    name = function.__name__
    parameters = inspect.signature(function).parameters
    for control, value in controls.items():
        if not isinstance(value, get_args(Control)):
            raise ExhibitError(f"Control '{control}' of exhibit '{name}' must be {KINDS}. Got {type(value).__name__}.")
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


def first(control: Control) -> Wire:
    """Return the wire value that a control has at first."""
    if isinstance(control, Choice):
        return str(control.default)
    return list(control.default) if isinstance(control.default, tuple) else control.default
