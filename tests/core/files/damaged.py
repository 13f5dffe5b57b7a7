"""Files that were damaged, and what reading one has to come to."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

from circuit_explainer.core.files.header import Entry, read_header
from circuit_explainer.core.files.safetensors import read_safetensors
from tests.core.files.plain import entry, raw
from tests.core.mutate import damage, disturb, dumps

HEADER = {
    "__metadata__": {"format": "pt", "model": "{}"},
    "blocks.0.attn.W_Q": entry("F64", [1, 2, 1], [0, 16]),
    "embed.W_E": entry("F32", [2, 3], [16, 40]),
    "half": entry("BF16", [4], [40, 48]),
    "small": entry("F16", [2, 2], [48, 56]),
    "mask": entry("BOOL", [2], [56, 58]),
    "empty": entry("F32", [0, 3], [58, 58]),
}
DATA = bytes(range(58))
WHOLE = raw(HEADER, DATA)
FLOATS = ("F16", "BF16", "F32", "F64")


def a_damaged_file(n: int, rng: random.Random) -> bytes:
    """Odd ones have other bytes, even ones another header, or a lie about its length."""
    if n % 2:
        return damage(WHOLE, rng)
    header = dumps(disturb(HEADER, rng))
    return raw(header, DATA, rng.choice([None, None, None, len(header) + 1, 2**63, 0]))


def attempt(path: Path, content: bytes) -> tuple[dict[str, Entry], dict[str, Any]] | None:
    """The entries and the tensors of a file that was read; None for a refusal, in a sentence of ours."""
    # A new file: to write over one makes ext4 wait for the disk.
    path.unlink(missing_ok=True)
    path.write_bytes(content)
    problem = None
    try:
        entries = read_header(path)[1]
        tensors = read_safetensors(path, [name for name, known in entries.items() if known.dtype in FLOATS])
    except ValueError as error:
        problem = error
    if problem is not None:
        assert type(problem) is ValueError, problem
        assert 10 < len(str(problem)) < 1000, problem
        return None
    assert all(array.nbytes <= 2 * len(content) for array in tensors.values())
    return entries, tensors
