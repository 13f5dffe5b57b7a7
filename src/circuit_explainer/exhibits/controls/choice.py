"""One of a few options, or any of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from circuit_explainer.exhibits.controls.wire import Option, Wire


@dataclass(frozen=True, init=False)
class Choice:
    """One of a few options, the first unless `default` says otherwise; `shared` as in `Text`.

    `steps` says that the options come one after another: Back and Next stand beside them. `groups` names the parts of
    a long menu: how many options each holds, in their order. `label` is as in `Text`.
    Raises ValueError for fewer than two `options`, for two that are the same as text, for a default that is none, and
    for groups that hold another number of options.
    """

    kind: ClassVar[str] = "choice"
    options: tuple[Option, ...]
    default: Option
    label: str | None
    shared: bool
    steps: bool
    groups: Mapping[str, int]

    def __init__(
        self,
        *options: Option,
        default: Option | None = None,
        label: str | None = None,
        shared: bool = False,
        steps: bool = False,
        groups: Mapping[str, int] | None = None,
    ) -> None:
        if len(options) < 2:
            raise ValueError(f"Choice needs at least two options. Got {len(options)}.")
        if len({str(option) for option in options}) < len(options):
            raise ValueError(f"Choice options must differ from each other as text. Got {options!r}.")
        object.__setattr__(self, "options", options)
        object.__setattr__(self, "default", options[0] if default is None else default)
        object.__setattr__(self, "label", label)
        object.__setattr__(self, "shared", shared)
        object.__setattr__(self, "steps", steps)
        object.__setattr__(self, "groups", groups or {})
        if groups and sum(groups.values()) != len(options):
            raise ValueError(f"Choice groups must hold all of its {len(options)} options. Got {dict(groups)!r}.")
        if self.default not in options:
            raise ValueError(f"Choice default must be one of {options!r}. Got {self.default!r}.")

    def parse(self, wire: Wire) -> Option:
        """Return the option whose text is `wire`. Raises ValueError when there is none."""
        for option in self.options:
            if str(option) == str(wire):
                return option
        raise ValueError(f"Choose one of {', '.join(map(str, self.options))}. Got {wire!r:.60}.")


@dataclass(frozen=True, init=False)
class Several:
    """Any of some `options`, all of them unless `default` says which; `label` and `shared` as in `Text`.

    Raises ValueError for fewer than two options, for two that are the same, and for a default that is not among them.
    """

    kind: ClassVar[str] = "several"
    options: tuple[str, ...]
    default: tuple[str, ...]
    label: str | None
    shared: bool

    def __init__(
        self, *options: str, default: tuple[str, ...] | None = None, label: str | None = None, shared: bool = False
    ) -> None:
        if len(options) < 2 or len(set(options)) < len(options):
            raise ValueError(f"Several needs at least two options, all different. Got {options!r}.")
        object.__setattr__(self, "options", options)
        object.__setattr__(self, "default", options if default is None else default)
        object.__setattr__(self, "label", label)
        object.__setattr__(self, "shared", shared)
        self.parse(list(self.default))

    def parse(self, wire: Wire) -> tuple[str, ...]:
        """Return the chosen options in their own order. Raises ValueError for one that is not among them."""
        if not isinstance(wire, list) or not set(wire) <= set(self.options):
            raise ValueError(f"Choose any of {', '.join(self.options)}. Got {wire!r:.60}.")
        return tuple(option for option in self.options if option in wire)
