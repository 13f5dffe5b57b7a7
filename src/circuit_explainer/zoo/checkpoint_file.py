"""The checkpoints of a training run in one file, 8 bits a weight: what a model was at each of some steps.

A ``.safetensors`` whose tensors carry the checkpoint as a first axis. Every matrix stands there as whole numbers from
-127 to 127 (``I8``) and, under its key with ``.scale`` behind it, one factor for each of its columns (``F16``): a
weight is the number times the factor of its column. Weights that no tensor names are zero. The metadata hold config
and tokenizer as in every shipped model, and the ``steps``.

Rounding moves a weight by at most 1/254 of the largest of its column; what that does to scores and losses is
measured for every checkpoint and stands in the facts.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np

from circuit_explainer.core.arrays import Array
from circuit_explainer.core.config import Config
from circuit_explainer.core.files.header import parse_header
from circuit_explainer.core.model import Transformer
from circuit_explainer.core.shapes import weight_shapes
from circuit_explainer.core.tokenizers.symbols import SymbolTokenizer

LARGEST = 127
_TYPES = {"I8": "<i1", "F16": "<f2"}


class Checkpoints(Mapping[int, Transformer]):
    """The models of one training run by step, in order; ``list(checkpoints)`` gives the steps.

    Raises:
        KeyError: there is no checkpoint of this step; the sentence names the steps.
    """

    def __init__(self, cfg: Config, steps: tuple[int, ...], tensors: Mapping[str, Array]) -> None:
        self.cfg = cfg
        self.steps = steps
        self._tensors = tensors
        self._made: dict[int, Transformer] = {}

    def __getitem__(self, step: int) -> Transformer:
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
    """The checkpoints in a file that ``write`` made.

    Raises:
        ValueError: as ``core.header.read_header``.
        OSError: the file cannot be opened.
    """
    with path.open("rb") as file:
        metadata, entries, _ = parse_header(file)
        data = file.read()
    tensors = {
        name: np.frombuffer(data[entry.start : entry.stop], _TYPES[entry.dtype]).reshape(entry.shape)
        for name, entry in entries.items()
    }
    config = Config.from_dict(json.loads(metadata["model"])["config"])
    return Checkpoints(config, tuple(json.loads(metadata["steps"])), tensors)


def write(path: Path, cfg: Config, snapshots: Mapping[int, Mapping[str, Array]]) -> None:
    """Write the weights of each step; the same weights always give the same bytes.

    Raises:
        ValueError: a vector, which the file cannot hold, is not zero throughout.
    """
    tensors: dict[str, tuple[Array, Array]] = {}
    for name in weight_shapes(cfg):
        stacked = np.stack([weights[name] for weights in snapshots.values()])
        if not stacked.any():
            continue
        if not name.rpartition(".")[2].startswith(("W_", "_W_")):
            raise ValueError(f"{name}: only matrices are kept, and this is a vector that is not zero.")
        tensors[name] = rounded(stacked)
    header: dict[str, object] = {
        "__metadata__": {
            "model": json.dumps({"config": cfg.to_dict(), "tokenizer": SymbolTokenizer.name}),
            "steps": json.dumps(list(snapshots)),
        }
    }
    # The wider type first keeps every tensor aligned, as the safetensors library wants it.
    order = [(f"{name}.scale", "F16", scale.astype("<f2")) for name, (_, scale) in tensors.items()]
    order += [(name, "I8", whole) for name, (whole, _) in tensors.items()]
    at = 0
    for name, kind, array in order:
        header[name] = {"dtype": kind, "shape": list(array.shape), "data_offsets": [at, at + array.nbytes]}
        at += array.nbytes
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(len(text).to_bytes(8, "little") + text + b"".join(array.tobytes() for _, _, array in order))


def rounded(matrices: Array) -> tuple[Array, Array]:  # [..., i, o] -> [..., i, o], [..., 1, o]
    """Whole numbers from -127 to 127 and the factor of each column, in float16."""
    largest = np.abs(matrices).max(axis=-2, keepdims=True)
    scale = (largest / LARGEST).astype(np.float16)
    # A column of zeros, or one too small for float16, is kept as zeros.
    whole = np.rint(matrices / np.where(scale == 0, np.inf, scale.astype(np.float32)))
    return np.clip(whole, -LARGEST, LARGEST).astype(np.int8), scale
