"""The header of a ``.safetensors`` file (Hugging Face, 2022), checked before anything is allocated.

Format: 8 bytes of header length, little-endian; a JSON object that gives for each name its ``dtype``, ``shape`` and
``data_offsets``, and under ``__metadata__`` a map of strings; then the bytes of the tensors, gapless.
"""

from __future__ import annotations

import json
import math
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from circuit_explainer.core.files.nesting import check_nesting

# The format allows 100 MB; but parsed, a header that means harm takes twenty times its size. A thousand tensors need
# 100 kB, a large tokenizer among the metadata 8 MB.
MAX_HEADER = 20_000_000
# Stored type -> bytes of one number, for every type the format knows.
_SIZES = {
    "BOOL": 1, "U8": 1, "I8": 1, "F8_E4M3": 1, "F8_E5M2": 1, "I16": 2, "U16": 2, "F16": 2, "BF16": 2,
    "I32": 4, "U32": 4, "F32": 4, "I64": 8, "U64": 8, "F64": 8,
}  # fmt: skip


@dataclass(frozen=True)
class Entry:
    """One tensor as the header tells it; ``start`` and ``stop`` count bytes from the end of the header."""

    dtype: str
    shape: tuple[int, ...]
    start: int
    stop: int


def read_header(path: str | os.PathLike[str]) -> tuple[dict[str, str], dict[str, Entry]]:
    """The metadata and the entries of a file, checked against its size.

    Raises:
        ValueError: the file is truncated, or its header lies about types, shapes or offsets.
    """
    with Path(path).open("rb") as file:
        metadata, entries, _ = parse_header(file)
    return metadata, entries


def parse_header(file: BinaryIO) -> tuple[dict[str, str], dict[str, Entry], int]:
    """Metadata, entries, and where the tensors begin, of an open file; raises as ``read_header``."""
    size = os.fstat(file.fileno()).st_size
    length = int.from_bytes(file.read(8), "little")
    if size < 8:
        raise ValueError(f"A .safetensors file begins with 8 bytes of header length; this one has {size} bytes.")
    if length > min(MAX_HEADER, size - 8):
        raise ValueError(
            f"The header says it is {length} bytes long, but {size - 8} follow and {MAX_HEADER} are allowed; "
            "the file is truncated or not a .safetensors file."
        )
    header = _parse(file.read(length))
    metadata = header.pop("__metadata__", {})
    if not isinstance(metadata, dict) or not all(isinstance(value, str) for value in metadata.values()):
        raise ValueError("__metadata__: expected a map of strings to strings.")
    try:
        "".join([*header, *metadata, *metadata.values()]).encode()
    except UnicodeEncodeError as error:
        raise ValueError("The header holds half of a character, which is no text.") from error
    entries = {name: _entry(name, fields) for name, fields in header.items()}
    _check_layout(entries, size - 8 - length)
    return metadata, entries, 8 + length


def _parse(raw: bytes) -> dict[str, Any]:
    check_nesting(raw.decode("utf-8", "replace"), "The header")
    try:
        header = json.loads(raw.decode("utf-8"), object_pairs_hook=_no_repeats)
    except ValueError as error:
        raise ValueError(f"The header is not JSON in UTF-8: {error}") from error
    if not isinstance(header, dict):
        raise ValueError(f"The header must be a JSON object; got {type(header).__name__}.")
    return header


def _no_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) < len(pairs):
        raise ValueError("a name stands there twice")
    return fields


def _entry(name: str, fields: Any) -> Entry:
    if not isinstance(fields, dict) or set(fields) != {"dtype", "shape", "data_offsets"}:
        raise ValueError(f"{name:.200}: expected dtype, shape and data_offsets; got {fields!r:.200}.")
    dtype, shape, offsets = fields["dtype"], fields["shape"], fields["data_offsets"]
    if not isinstance(dtype, str) or dtype not in _SIZES:
        raise ValueError(f"{name:.200}: expected a dtype of {', '.join(_SIZES)}; got {dtype!r:.50}.")
    if not _counts(shape) or len(shape) > 32:
        raise ValueError(f"{name:.200}: expected a shape of at most 32 whole numbers; got {shape!r:.200}.")
    # An empty tensor has no bytes, however large its other sizes; but numpy has a limit for these.
    if math.prod(size or 1 for size in shape) >= 2**59:
        raise ValueError(f"{name:.200}: expected a shape that fits into memory; got {shape!r:.200}.")
    if not _counts(offsets) or len(offsets) != 2:
        raise ValueError(f"{name:.200}: expected data_offsets of two whole numbers; got {offsets!r:.200}.")
    start, stop = offsets
    expected = math.prod(shape) * _SIZES[dtype]
    if stop - start != expected:
        given = f"its data_offsets got {stop - start}"
        raise ValueError(f"{name:.200}: shape {shape!r:.200} in {dtype} expected {expected} bytes; {given}.")
    return Entry(dtype, tuple(shape), start, stop)


def _counts(value: Any) -> bool:
    # 2**63 bounds what a file can hold; without a bound a product of sizes could grow without end.
    return isinstance(value, list) and all(type(n) is int and 0 <= n < 2**63 for n in value)


def _check_layout(entries: dict[str, Entry], size: int) -> None:
    at = 0
    for name, entry in sorted(entries.items(), key=lambda item: (item[1].start, item[1].stop)):
        if entry.stop > size:
            raise ValueError(
                f"{name:.200}: its bytes end at {entry.stop}, but only {size} follow the header; the file is truncated."
            )
        if entry.start != at:
            raise ValueError(
                f"{name:.200}: expected its bytes to begin at {at}, where the tensor before ends; got {entry.start}."
            )
        at = entry.stop
    if at != size:
        raise ValueError(f"The tensors end at byte {at}, but {size} bytes follow the header.")
