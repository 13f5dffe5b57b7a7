"""Opening shipped models by name, and telling which ones a piece of code opened."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from circuit_explainer.core.load import load as load_file
from circuit_explainer.core.model import Transformer
from circuit_explainer.zoo.checkpoint_file import Checkpoints
from circuit_explainer.zoo.checkpoint_file import read as read_checkpoints

NAMES = (
    "by-hand",
    "induction-2l",
    "induction-1l",
    "induction-4l",
    "induction-2l-layernorm",
    "induction-2l-shortformer",
    "induction-2l-rotary",
    "induction-2l-mlp",
    "induction-2l-grouped",
    "text-2l",
    "text-0l",
)
# Models whose training can be gone through: the file NAME.checkpoints.safetensors.
RUNS = ("induction-2l",)
FILES = (*NAMES, *(f"{name}.checkpoints" for name in RUNS))

_loaded: dict[str, Transformer] = {}
_runs: dict[str, Checkpoints] = {}
_recordings: list[set[str]] = []


class MissingModel(LookupError):
    """A shipped model whose file is not on this disk, a LookupError; ``name`` says which."""

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
    _known(name, NAMES, "model")
    path = _file(name)
    if name not in _loaded:
        _loaded[name] = load_file(path)
    return _loaded[name]


def checkpoints(name: str) -> Checkpoints:
    """The models that a shipped one was on its way, by training step; the same object each time.

    Raises:
        ValueError: there is no model of this name, or none with checkpoints.
        MissingModel: as for ``load``.
    """
    _known(name, RUNS, "model with checkpoints")
    path = _file(f"{name}.checkpoints")
    if name not in _runs:
        _runs[name] = read_checkpoints(path)
    return _runs[name]


def facts(name: str) -> dict[str, Any]:
    """What is known of a shipped model: recipe, seed, sha256, measured figures (``models.json``).

    ``"induction-2l.checkpoints"`` names the checkpoints of that model; their figures stand there step by step.

    Raises:
        ValueError: there is no model of this name.
    """
    _known(name, FILES, "model")
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


def _known(name: str, names: tuple[str, ...], kind: str) -> None:
    if name not in names:
        raise ValueError(f"There is no {kind} {name!r:.100}; there is {', '.join(names)}.")


def _file(name: str) -> Path:
    """The path of a file that someone opens."""
    for seen in _recordings:
        seen.add(name)
    if not _path(name).is_file():
        raise MissingModel(name)
    return _path(name)


def _path(name: str) -> Path:
    return directory() / f"{name}.safetensors"
