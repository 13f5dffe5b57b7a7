"""The checkpoints of a training run in one file, 8 bits a weight: what a model was at each of some steps.

A ``.safetensors`` whose tensors carry the checkpoint as a first axis. Every matrix stands there as whole numbers from
-127 to 127 (``I8``) and, under its key with ``.scale`` behind it, one factor for each of its columns (``F16``): a
weight is the number times the factor of its column. Vectors are zero and are left out. The metadata hold config and
tokenizer as in every shipped model, and the ``steps``.

Rounding moves a weight by at most 1/254 of the largest of its column; what that does to scores and losses is
measured for every checkpoint and stands in the facts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np

from circuit_explainer.core.arrays import Array
from circuit_explainer.core.config import Config
from circuit_explainer.core.files.fields import mapping, parse_object, sequence
from circuit_explainer.core.files.header import Entry, parse_header
from circuit_explainer.core.model import Transformer
from circuit_explainer.core.shapes import weight_shapes
from circuit_explainer.core.tokenizers.symbols import SymbolTokenizer

_TYPES = {"I8": "<i1", "F16": "<f2"}


class Checkpoints(Mapping[int, Transformer]):
    """A mapping from step to model, in the order of one training run; ``list(checkpoints)`` gives the steps.

    Args:
        cfg: of every model; an attribute of this name.
        steps: after how many training steps each checkpoint was taken; an attribute of this name.
        tensors: numbers and factors by name, as the file has them, with the checkpoint as first axis.
    """

    def __init__(self, cfg: Config, steps: tuple[int, ...], tensors: Mapping[str, Array]) -> None:
        self.cfg = cfg
        self.steps = steps
        self._tensors = tensors
        self._made: dict[int, Transformer] = {}

    def __getitem__(self, step: int) -> Transformer:
        """The model after a step; the same object each time.

        Raises:
            KeyError: there is no checkpoint of this step; the sentence names the steps.
            ValueError: a weight of this checkpoint is not finite.
        """
        if step not in self.steps:
            raise KeyError(f"There is no checkpoint of step {step!r}; the steps are {', '.join(map(str, self.steps))}.")
        if step not in self._made:
            self._made[step] = self._model(self.steps.index(step))
        return self._made[step]

    def __iter__(self) -> Iterator[int]:
        return iter(self.steps)

    def __len__(self) -> int:
        return len(self.steps)

    def __repr__(self) -> str:
        return f"Checkpoints({len(self)} from step {self.steps[0]} to {self.steps[-1]})"

    def _model(self, number: int) -> Transformer:
        weights = {name: np.zeros(shape, np.float32) for name, shape in weight_shapes(self.cfg).items()}
        for name in weights.keys() & self._tensors.keys():
            scale = self._tensors[f"{name}.scale"][number].astype(np.float32)
            weights[name] = self._tensors[name][number] * scale
        return Transformer(self.cfg, weights, SymbolTokenizer(self.cfg.d_vocab, self.cfg.n_ctx))


def read(path: Path) -> Checkpoints:
    """The checkpoints in a file that ``zoo.making.write_checkpoints`` made.

    Raises:
        ValueError: as ``core.files.header.read_header``, or the file holds something else.
        OSError: the file cannot be opened.
    """
    with path.open("rb") as file:
        metadata, entries, _ = parse_header(file)
        if not {"model", "steps"} <= metadata.keys():
            raise ValueError(
                f"{path.name} holds no checkpoints: its metadata must have model and steps; open a model with load."
            )
        model = parse_object(metadata["model"], f"{path.name}: model")
        cfg = Config.from_dict(mapping(model.get("config"), f"{path.name}: config"))
        steps = _steps(metadata["steps"], path.name)
        _check(cfg, len(steps), entries, path.name)
        # Into one array, of which the tensors are views.
        data = np.zeros(max(entry.stop for entry in entries.values()), np.uint8)
        if file.readinto(data.data) != len(data):
            raise ValueError(f"{path.name}: the file ended while it was read; it was changed meanwhile.")
    tensors = {
        name: data[entry.start : entry.stop].view(_TYPES[entry.dtype]).reshape(entry.shape)
        for name, entry in entries.items()
    }
    return Checkpoints(cfg, steps, tensors)


def _steps(text: str, where: str) -> tuple[int, ...]:
    # In brackets, so that a list is read as all other metadata are.
    given = sequence(parse_object(f'{{"steps": {text}}}', f"{where}: steps").get("steps"), f"{where}: steps")
    steps = tuple(step for step in given if type(step) is int and step >= 0)
    if not steps or len(steps) < len(given) or list(steps) != sorted(set(steps)):
        raise ValueError(f"{where}: steps must be whole numbers, each above the one before; got {given!r:.100}.")
    return steps


def _check(cfg: Config, steps: int, entries: Mapping[str, Entry], where: str) -> None:
    """Raise ValueError unless the entries are those of a model with this config."""
    # A layer has several tensors: more layers than tensors are not even listed.
    shapes = weight_shapes(cfg) if cfg.n_layers <= len(entries) else {}
    wanted: dict[str, tuple[str, tuple[int, ...]]] = {}
    for name, shape in shapes.items():
        if is_matrix(name):
            wanted[name] = ("I8", (steps, *shape))
            wanted[f"{name}.scale"] = ("F16", (steps, *shape[:-2], 1, shape[-1]))
    if wanted.keys() != entries.keys():
        raise ValueError(
            f"{where} holds no checkpoints of its config: expected each matrix and its .scale, and no more."
        )
    for name, (dtype, shape) in wanted.items():
        got = entries[name]
        if (got.dtype, got.shape) != (dtype, shape):
            raise ValueError(f"{where}: {name}: expected {shape} of {dtype}; got {got.shape} of {got.dtype}.")


def is_matrix(name: str) -> bool:
    """Whether a weight is one of those that the file holds."""
    return name.rpartition(".")[2].startswith(("W_", "_W_"))
