"""Files of tensors written and read in the plainest way, any numpy dtype; ``test_library`` compares with the library's.

Tests that also run in the browser, where the library is not, write their files with this.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

NAMES = {"bool": "BOOL", "int32": "I32", "int64": "I64", "float16": "F16", "float32": "F32", "float64": "F64"}


def raw(header: Any, data: bytes = b"", length: int | None = None) -> bytes:
    """A file with this header, which may lie, also about its length."""
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text) if length is None else length) + text + data


def entry(dtype: Any = "F32", shape: Any = (2,), offsets: Any = (0, 8)) -> dict[str, Any]:
    """What a header tells of one tensor."""
    return {"dtype": dtype, "shape": shape, "data_offsets": offsets}


def save_file(tensors: Mapping[str, Any], path: Path, metadata: Mapping[str, str] | None = None) -> None:
    """The tensors in the order in which they are given."""
    header: dict[str, Any] = {"__metadata__": dict(metadata)} if metadata else {}
    data = b""
    for name, array in tensors.items():
        header[name] = entry(NAMES[array.dtype.name], array.shape, (len(data), len(data) + array.nbytes))
        data += array.tobytes()
    path.write_bytes(raw(header, data))


def load_file(path: Path) -> dict[str, Any]:
    """The tensors of a file as they are stored."""
    content = path.read_bytes()
    (length,) = struct.unpack("<Q", content[:8])
    header, data = json.loads(content[8 : 8 + length]), content[8 + length :]
    header.pop("__metadata__", None)
    dtypes = {name: dtype for dtype, name in NAMES.items()}
    return {
        name: np.frombuffer(data[slice(*told["data_offsets"])], dtypes[told["dtype"]]).reshape(told["shape"])
        for name, told in header.items()
    }
