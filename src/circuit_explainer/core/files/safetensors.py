"""Reading and writing ``.safetensors`` (Hugging Face, 2022) in numpy alone; ``header`` tells the format."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from io import BufferedReader
from pathlib import Path
from typing import Any

import numpy as np

from circuit_explainer.core.arrays import Array
from circuit_explainer.core.files.header import Entry, parse_header

_READ_AS = {"F16": "<f2", "BF16": "<u2", "F32": "<f4", "F64": "<f8"}
_WRITE_AS = {"float16": "F16", "float32": "F32", "float64": "F64"}


# Numbers read at a time: a tensor is converted piece by piece, straight into its final place. In the browser each
# reading of a file costs milliseconds, and pieces of 4 MB come at twice the speed of those of 1 MB.
PIECE = 1 << 20


def read_safetensors(path: str | os.PathLike[str], names: Iterable[str] | None = None) -> dict[str, Array]:
    """The tensors of a file by name, all or only ``names``.

    float16, bfloat16 and float32 come back as float32, float64 as float64. The header is checked before anything is
    allocated.

    Source: the format of ``safetensors`` (Hugging Face, 2022).

    Raises:
        ValueError: the file is truncated, or its header lies about types, shapes or offsets; a name is absent; a
            tensor does not hold floating-point numbers.
        OSError: the file cannot be opened.
    """
    with Path(path).open("rb") as file:
        _, entries, begin = parse_header(file)
        wanted = list(entries if names is None else names)
        for name in wanted:
            if name not in entries:
                held = ", ".join(list(entries)[:9]) + (", …" if len(entries) > 9 else "")
                raise ValueError(f"{Path(path).name} has no tensor {name!r:.100}; it holds {held:.500}.")
            check_dtype(name, entries[name])
        tensors = {}
        for name in wanted:
            kept = np.float64 if entries[name].dtype == "F64" else np.float32
            tensors[name] = np.zeros(entries[name].shape, kept)
            for _ in filling(file, begin, name, entries[name], [tensors[name].reshape(-1)]):
                pass
        return tensors


def check_dtype(name: str, entry: Entry) -> None:
    """Raise ValueError for a tensor that does not hold floating-point numbers."""
    if entry.dtype not in _READ_AS:
        raise ValueError(f"{name:.200}: expected one of the types {', '.join(_READ_AS)}; got {entry.dtype}.")


def filling(file: BufferedReader, begin: int, name: str, entry: Entry, places: Sequence[Array]) -> Iterator[int]:
    """Read a tensor into places of equal shape, one beside the other in each of the tensor's rows.

    A row is what belongs to one index of the places' first axis. After each piece it yields the bytes of that piece.

    Args:
        file, begin, name, entry: the open file, where its tensors begin, and which one to read.
        places: arrays or views, in the order in which they stand in a row.

    Raises:
        ValueError: the file ends before the tensor does.
    """
    rows, shape = len(places[0]), places[0].shape[1:]
    row = len(places) * math.prod(shape)
    step = max(1, PIECE // max(1, row))
    file.seek(begin + entry.start)
    buffer = np.empty(min(step, rows) * row, _READ_AS[entry.dtype])
    for at in range(0, rows if row else 0, step):
        piece = buffer[: min(step, rows - at) * row]
        if file.readinto(piece.view(np.uint8).data) != piece.nbytes:
            raise ValueError(f"{name:.200}: the file ended while it was read; it was changed meanwhile.")
        # bfloat16 is the upper half of a float32.
        numbers = (piece.astype("<u4") << 16).view("<f4") if entry.dtype == "BF16" else piece
        parts = numbers.reshape(-1, len(places), *shape)
        for n, place in enumerate(places):
            place[at : at + step] = parts[:, n]
        yield piece.nbytes


def write_safetensors(
    path: str | os.PathLike[str], tensors: Mapping[str, Array], metadata: Mapping[str, str] | None = None
) -> None:
    """Write tensors of float16, float32 or float64; the same tensors always give the same bytes.

    Source: the format of ``safetensors`` (Hugging Face, 2022).

    Args:
        path: of the file.
        tensors: by name; the order of the names does not matter.
        metadata: texts by name, to stand in the header.

    Raises:
        ValueError: a tensor has another dtype, or is called ``__metadata__``.
        OSError: the file cannot be written.
    """
    for name, array in tensors.items():
        if name == "__metadata__":
            raise ValueError("__metadata__ is no name for a tensor: in a .safetensors file it stands for the metadata.")
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
            file.write(np.ascontiguousarray(little).reshape(-1).view(np.uint8).data)


def stored_as(dtype: str, tensors: Mapping[str, Array]) -> dict[str, Array]:
    """The same tensors in float16, float32 or float64.

    Raises:
        ValueError: the dtype is another, or a number is too large for it.
    """
    if dtype not in _WRITE_AS:
        raise ValueError(f"dtype: expected one of {', '.join(_WRITE_AS)}; got {dtype!r:.50}.")
    largest = float(np.finfo(dtype).max)
    for name, array in tensors.items():
        if array.size and np.abs(array).max() > largest:
            raise ValueError(f"{name}: {dtype} holds numbers up to {largest:g}; got {np.abs(array).max():g}.")
    return {name: array.astype(dtype) for name, array in tensors.items()}
