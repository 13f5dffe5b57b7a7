"""Which activations of a run are looked at, and by whom."""

from __future__ import annotations

from collections.abc import Callable, Container
from dataclasses import dataclass

from circuit_explainer.core.arrays import Array

# Is shown an activation under its name and gives back the one to go on with.
Visit = Callable[[str, Array], Array]


@dataclass(frozen=True)
class Watch:
    """Shows ``visit`` the activations called ``names``, or all (None); what nobody watches need not be kept whole."""

    visit: Visit
    names: Container[str] | None = None

    def __call__(self, name: str, value: Array) -> Array:
        """The activation to go on with."""
        return self.visit(name, value) if self.names is None or name in self.names else value

    def sees(self, name: str) -> bool:
        """Whether this activation is looked at."""
        return self.names is None or name in self.names
