"""The models that the playground offers: those that ship, and those that the reader opened."""

from __future__ import annotations

from circuit_explainer import zoo
from circuit_explainer.core import Transformer
from circuit_explainer.workbench.playground import runs

_own: dict[str, Transformer] = {}


def names() -> tuple[str, ...]:
    """What `get` knows, the shipped ones first."""
    return (*zoo.names(), *_own)


def own(name: str) -> bool:
    """Whether this is a model that the reader opened."""
    return name in _own


def register(name: str, model: Transformer) -> None:
    """Offer a model of the reader's under a name, as that of its file; a second one of the name takes its place.

    Raises ValueError when a shipped model has the name.
    """
    if name in zoo.names():
        raise ValueError(f"{name!r} is the name of a model that ships; rename the file.")
    forget(name)
    _own[name] = model


def forget(name: str) -> None:
    """Offer a model of the reader's no longer, and free its memory; one that is not offered is no error."""
    if _own.pop(name, None) is not None:
        runs.clear()


def get(name: str) -> Transformer:
    """The model of a name, the same object each time.

    Raises ValueError when there is none, zoo.MissingModel when its file is not here yet.
    """
    return _own[name] if name in _own else zoo.load(name)
