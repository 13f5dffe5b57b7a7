"""Writing the checkpoints of a run as ``zoo.checkpoint_file`` reads them, 8 bits a weight."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from circuit_explainer.core.arrays import Array
from circuit_explainer.core.config import Config
from circuit_explainer.core.shapes import weight_shapes
from circuit_explainer.core.tokenizers.symbols import SymbolTokenizer
from circuit_explainer.zoo.checkpoint_file import is_matrix

LARGEST = 127


def write(path: Path, cfg: Config, snapshots: Mapping[int, Mapping[str, Array]]) -> None:
    """Write the weights of each step; the same weights always give the same bytes.

    Raises:
        ValueError: a vector, which the file cannot hold, is not zero throughout.
    """
    tensors: dict[str, tuple[Array, Array]] = {}
    for name in weight_shapes(cfg):
        stacked = np.stack([weights[name] for weights in snapshots.values()])
        if is_matrix(name):
            tensors[name] = rounded(stacked)
        elif stacked.any():
            raise ValueError(f"{name}: only matrices are kept, and this is a vector that is not zero.")
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
