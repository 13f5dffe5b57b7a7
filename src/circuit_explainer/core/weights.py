"""Reading and writing ``.safetensors`` (Hugging Face, 2022) in numpy alone; ``header`` tells the format."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from circuit_explainer.core.header import Entry, parse_header
from circuit_explainer.core.ops import Array

_READ_AS = {"F16": "<f2", "BF16": "<u2", "F32": "<f4", "F64": "<f8"}
_WRITE_AS = {"float16": "F16", "float32": "F32", "float64": "F64"}


def read_safetensors(path: str | os.PathLike[str], names: Iterable[str] | None = None) -> dict[str, Array]:
    """The tensors of a file by name, all or only ``names``.

    float16, bfloat16 and float32 come back as float32, float64 as float64.

    Raises:
        ValueError: as ``read_header``; a name is absent; a tensor does not hold floating-point numbers.
    """
    with Path(path).open("rb") as file:
        _, entries, begin = parse_header(file)
        wanted = list(entries if names is None else names)
        for name in wanted:
            if name not in entries:
                raise ValueError(f"{Path(path).name} has no tensor {name!r}; it holds {', '.join(entries)}.")
            if entries[name].dtype not in _READ_AS:
                raise ValueError(f"{name}: expected one of the types {', '.join(_READ_AS)}; got {entries[name].dtype}.")
        return {name: _tensor(file, begin, entries[name]) for name in wanted}


def write_safetensors(
    path: str | os.PathLike[str], tensors: Mapping[str, Array], metadata: Mapping[str, str] | None = None
) -> None:
    """Write tensors of float16, float32 or float64; the same tensors always give the same bytes.

    Raises:
        ValueError: a tensor has another dtype.
    """
    for name, array in tensors.items():
        if array.dtype.name not in _WRITE_AS:
            raise ValueError(f"{name}: expected one of {', '.join(_WRITE_AS)}; got {array.dtype}.")
    # Widest numbers first keeps every tensor aligned; it is the order of the safetensors library too.
    order = sorted(tensors, key=lambda name: (-tensors[name].dtype.itemsize, name))
    header: dict[str, Any] = {"__metadata__": dict(metadata)} if metadata else {}
    stop = 0
    for name in order:
        start, stop = stop, stop + tensors[name].nbytes
        array = tensors[name]
        header[name] = {
            "dtype": _WRITE_AS[array.dtype.name], "shape": list(array.shape), "data_offsets": [start, stop],
        }  # fmt: skip
    text = json.dumps(header, separators=(",", ":"), ensure_ascii=False).encode()
    text += b" " * (-len(text) % 8)
    with Path(path).open("wb") as file:
        file.write(len(text).to_bytes(8, "little") + text)
        for name in order:
            little = tensors[name].astype(tensors[name].dtype.newbyteorder("<"), copy=False)
            file.write(np.ascontiguousarray(little).tobytes())


def _tensor(file: BinaryIO, begin: int, entry: Entry) -> Array:
    file.seek(begin + entry.start)
    stored: Array = np.fromfile(file, dtype=_READ_AS[entry.dtype], count=math.prod(entry.shape))
    if entry.dtype == "BF16":
        # bfloat16 is the upper half of a float32.
        stored = (stored.astype("<u4") << 16).view("<f4")
    kept = np.float64 if entry.dtype == "F64" else np.float32
    return stored.astype(kept, copy=False).reshape(entry.shape)
