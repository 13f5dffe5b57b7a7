"""A list of changes that the reader builds, one after the other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from circuit_explainer.exhibits.controls.wire import Wire

OFF = "off "


@dataclass(frozen=True)
class Edit:
    """One kind of change: its `label` in the menu, and the `sentence` that says it, in which `{place}` is where.

    `places` are where it can be made: the name of each, and the words for it.
    """

    label: str
    sentence: str
    places: Mapping[str, str]


@dataclass(frozen=True)
class Edits:
    """Changes in the order in which they are made, at first `default`; `label` and `shared` as in `Text`.

    A change on the wire is the name of its kind and of its place with a space between, such as "zero 0.1"; "off "
    stands before one that is switched off. `kinds` gives the kinds by name. There are `most` changes at most. Raises
    ValueError for a default that cannot be used, and for a kind without places.
    """

    kind: ClassVar[str] = "edits"
    kinds: Mapping[str, Edit]
    default: tuple[str, ...] = ()
    label: str | None = None
    shared: bool = False
    most: int = 12

    def __post_init__(self) -> None:
        for name, edit in self.kinds.items():
            if not edit.places:
                raise ValueError(f"Each kind of Edits needs a place. Got none for {name!r}.")
        self.parse(list(self.default))

    def parse(self, wire: Wire) -> tuple[str, ...]:
        """Return the changes. Raises ValueError, in words for the reader, for one that is not offered."""
        if not isinstance(wire, list):
            raise ValueError(f"Expected a list of changes. Got {wire!r:.100}.")
        if len(wire) > self.most:
            raise ValueError(
                f"At most {self.most} changes fit here. Got {len(wire)}: take away {len(wire) - self.most}."
            )
        for item in wire:
            self.sentence(item)
        return tuple(wire)

    def sentence(self, item: str) -> str:
        """Return what a change says. Raises ValueError for one that is not offered."""
        for name, edit in self.kinds.items():
            words = edit.places.get(item.removeprefix(OFF).removeprefix(f"{name} "))
            if words is not None and item.removeprefix(OFF).startswith(f"{name} "):
                return edit.sentence.format(place=words)
        raise ValueError(f"The change {item!r:.60} is not offered here.")
