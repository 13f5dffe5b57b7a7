"""Opening shipped models by name, and telling which ones a piece of code opened."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from circuit_explainer.core.load import load as load_file
from circuit_explainer.core.model import Transformer

NAMES = ("by-hand", "induction-2l")

_loaded: dict[str, Transformer] = {}
_recordings: list[set[str]] = []


class MissingModel(LookupError):
    """A shipped model whose file is not on this disk; ``name`` says which."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"The file of the model {name!r} is not here; put it at {_path(name).name} in zoo.directory()."
        )
        self.name = name


def names() -> tuple[str, ...]:
    """The names that ``load`` knows."""
    return NAMES


def directory() -> Path:
    """The folder of the model files, each named NAME.safetensors."""
    return Path(__file__).with_name("models")


def load(name: str) -> Transformer:
    """A shipped model with its tokenizer; the same object each time, its weights read-only.

    Raises:
        ValueError: there is no model of this name.
        MissingModel: its file is not in ``directory()`` (in the browser, models arrive when first needed).
    """
    if name not in NAMES:
        raise ValueError(f"There is no model {name!r}; the models are {', '.join(NAMES)}.")
    for seen in _recordings:
        seen.add(name)
    if name not in _loaded:
        if not _path(name).is_file():
            raise MissingModel(name)
        _loaded[name] = load_file(_path(name))
    return _loaded[name]


def facts(name: str) -> dict[str, Any]:
    """What is known of a shipped model: recipe, seed, sha256, measured figures (``models.json``).

    Raises:
        ValueError: there is no model of this name.
    """
    if name not in NAMES:
        raise ValueError(f"There is no model {name!r}; the models are {', '.join(NAMES)}.")
    known: dict[str, dict[str, Any]] = json.loads(Path(__file__).with_name("models.json").read_text(encoding="utf-8"))
    return known[name]


@contextmanager
def recording() -> Iterator[set[str]]:
    """Collects the names loaded inside the ``with`` block, those served from memory too; may be nested."""
    seen: set[str] = set()
    _recordings.append(seen)
    try:
        yield seen
    finally:
        # By identity: two sets with the same names are equal.
        _recordings[:] = [other for other in _recordings if other is not seen]


def _path(name: str) -> Path:
    return directory() / f"{name}.safetensors"
