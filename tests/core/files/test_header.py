import json
import random
import struct
import time
import tracemalloc
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import safetensors
from hypothesis import given, settings
from hypothesis import strategies as st

from circuit_explainer.core.files.header import read_header
from circuit_explainer.core.files.safetensors import read_safetensors
from tests.core.mutate import damage, disturb, dumps


def raw(header: Any, data: bytes = b"", length: int | None = None) -> bytes:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text) if length is None else length) + text + data


def entry(dtype: str = "F32", shape: Any = (2,), offsets: Any = (0, 8)) -> dict[str, Any]:
    return {"dtype": dtype, "shape": shape, "data_offsets": offsets}


BAD = {
    "no bytes": (b"", "this one has 0 bytes"),
    "seven bytes": (b"\0" * 7, "this one has 7 bytes"),
    "header cut": (raw({"t": entry()}, b"\0" * 8)[:30], "The header says it is .* but 22 follow"),
    "header longer than the file": (raw({}, length=2**63), f"it is {2**63} bytes long, but 2 follow"),
    "not JSON": (raw(b"{nope"), "The header is not JSON in UTF-8"),
    "not UTF-8": (raw(b'{"\xff":1}'), "The header is not JSON in UTF-8"),
    "endless nesting": (raw(b"[" * 100_000), "The header: expected at most 100 lists and objects inside each other"),
    "a list": (raw([1]), "The header must be a JSON object; got list."),
    "a name twice": (raw(b'{"t":1,"t":2}'), "a name stands there twice"),
    "metadata of numbers": (raw({"__metadata__": {"a": 1}}), "__metadata__: expected a map of strings"),
    "fields missing": (raw({"t": {"dtype": "F32"}}), "t: expected dtype, shape and data_offsets; got"),
    "unknown type": (raw({"t": entry("F31")}, b"\0" * 8), "t: expected a dtype of .*; got 'F31'."),
    "type a list": (raw({"t": entry([])}, b"\0" * 8), r"t: expected a dtype of .*; got \[\]."),  # type: ignore[arg-type]
    "shape negative": (raw({"t": entry(shape=[-2])}, b"\0" * 8), r"t: expected a shape .*; got \[-2\]."),
    "shape a fraction": (raw({"t": entry(shape=[2.0])}, b"\0" * 8), r"t: expected a shape .*; got \[2.0\]."),
    "shape true": (raw({"t": entry(shape=[True])}, b"\0" * 8), "t: expected a shape"),
    "shape too large": (
        raw({"t": entry(shape=[2**62, 2**62])}, b"\0" * 8),
        "t: expected a shape that fits into memory; got",
    ),
    "empty but too large": (
        raw({"t": entry(shape=[2**40, 0, 2**40], offsets=[0, 0])}),
        "t: expected a shape that fits into memory; got",
    ),
    "shape of other size": (raw({"t": entry(shape=[3])}, b"\0" * 8), "F32 expected 12 bytes; its data_offsets got 8"),
    "offsets backwards": (raw({"t": entry(offsets=[8, 0])}, b"\0" * 8), "its data_offsets got -8"),
    "three offsets": (raw({"t": entry(offsets=[0, 8, 9])}, b"\0" * 8), "t: expected data_offsets of two"),
    "past the end": (raw({"t": entry()}, b"\0" * 7), "t: its bytes end at 8, but only 7 follow"),
    "rest left over": (raw({"t": entry()}, b"\0" * 9), "The tensors end at byte 8, but 9 bytes follow"),
    "overlap": (
        raw({"t": entry(), "u": entry(offsets=[4, 12])}, b"\0" * 12),
        "u: expected its bytes to begin at 8, where the tensor before ends; got 4.",
    ),
    "same place twice": (raw({"t": entry(), "u": entry()}, b"\0" * 8), "u: expected its bytes to begin at 8"),
    "gap": (raw({"t": entry(offsets=[4, 12])}, b"\0" * 12), "t: expected its bytes to begin at 0.*; got 4."),
}


@pytest.mark.parametrize("case", BAD)
def test_broken_files(tmp_path: Path, case: str) -> None:
    content, message = BAD[case]
    (tmp_path / "x").write_bytes(content)
    with pytest.raises(ValueError, match=message):
        read_safetensors(tmp_path / "x")


def test_a_lying_header_allocates_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*args: Any, **kwargs: Any) -> None:
        raise AssertionError("read a tensor before the whole header was checked")

    monkeypatch.setattr(np, "zeros", never)
    (tmp_path / "x").write_bytes(raw({"t": entry(), "u": entry(shape=[2**40], offsets=[8, 8 + 2**42])}, b"\0" * 8))
    with pytest.raises(ValueError, match="u: its bytes end at 4398046511112, but only 8 follow"):
        read_safetensors(tmp_path / "x")


GOOD = raw({"__metadata__": {"a": "b"}, "t": entry(), "u": entry("F16", [2, 2], [8, 16])}, bytes(range(16)))
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


READ_AS = {"F16": "<f2", "F32": "<f4", "F64": "<f8"}


def attempt(path: Path, content: bytes) -> bool:
    """Whether a file was read; the sentence of a refusal is ours, and the library reads what is read here alike."""
    # A new file: to write over one makes ext4 wait for the disk.
    path.unlink(missing_ok=True)
    path.write_bytes(content)
    problem = None
    try:
        entries = read_header(path)[1]
        tensors = read_safetensors(path, [name for name, known in entries.items() if known.dtype in (*READ_AS, "BF16")])
    except ValueError as error:
        problem = error
    if problem is not None:
        assert type(problem) is ValueError, problem
        assert 10 < len(str(problem)) < 1000, problem
        return False
    theirs = dict(safetensors.deserialize(content))  # type: ignore[no-untyped-call]
    assert set(theirs) == set(entries)
    for name, array in tensors.items():
        assert array.nbytes <= 2 * len(content)
        dtype, raw = entries[name].dtype, bytes(theirs[name]["data"])
        if dtype == "BF16":
            numbers = (np.frombuffer(raw, "<u2").astype("<u4") << 16).view("<f4")
        else:
            numbers = np.frombuffer(raw, READ_AS[dtype])
        np.testing.assert_array_equal(array, numbers.reshape(theirs[name]["shape"]))
    return True


def test_ten_thousand_damaged_files(tmp_path: Path) -> None:
    rng = random.Random(0)
    good = raw(HEADER, DATA)
    begun, read = time.process_time(), 0
    for n in range(10_000):
        if n % 2:
            content = damage(good, rng)
        else:
            header = dumps(disturb(HEADER, rng))
            content = raw(header, DATA, rng.choice([None, None, None, len(header) + 1, 2**63, 0]))
        read += attempt(tmp_path / "x", content)
    # Both ways are met; about 4 s on the machine this was written on.
    assert 500 < read < 9000
    assert time.process_time() - begun < 60


def test_damaged_files_need_little_memory(tmp_path: Path) -> None:
    rng = random.Random(1)
    tracemalloc.start()
    try:
        for _ in range(300):
            attempt(tmp_path / "x", raw(dumps(disturb(HEADER, rng)), DATA))
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()


@settings(max_examples=500, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(GOOD) - 1), st.integers(0, 255)), min_size=1, max_size=6), st.booleans())
def test_a_mutated_file_is_read_or_refused_in_words(
    tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[int, int]], cut: bool
) -> None:
    content = bytearray(GOOD)
    for at, value in changes:
        content[at] = value
    attempt(tmp_path_factory.getbasetemp() / "mutated", bytes(content[: changes[0][0]] if cut else content))
