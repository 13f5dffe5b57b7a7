"""Ten thousand damaged files and any others, against the ``safetensors`` library; neither runs in the browser."""

import random
from pathlib import Path

import numpy as np
import pytest
import safetensors
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.alarm import at_most, within
from tests.core.files.damaged import a_damaged_file, attempt
from tests.core.files.plain import entry, raw

GOOD = raw({"__metadata__": {"a": "b"}, "t": entry(), "u": entry("F16", [2, 2], [8, 16])}, bytes(range(16)))
READ_AS = {"F16": "<f2", "F32": "<f4", "F64": "<f8"}


def attempt_as_the_library(path: Path, content: bytes) -> bool:
    """Whether a file was read; the library reads what is read here alike."""
    with at_most(seconds=5):
        read = attempt(path, content)
    if read is None:
        return False
    entries, tensors = read
    theirs = dict(safetensors.deserialize(content))
    assert set(theirs) == set(entries)
    for name, array in tensors.items():
        dtype, stored = entries[name].dtype, bytes(theirs[name]["data"])
        if dtype == "BF16":
            numbers = (np.frombuffer(stored, "<u2").astype("<u4") << 16).view("<f4")
        else:
            numbers = np.frombuffer(stored, READ_AS[dtype])
        np.testing.assert_array_equal(array, numbers.reshape(theirs[name]["shape"]))
    return True


def test_ten_thousand_damaged_files(tmp_path: Path) -> None:
    rng = random.Random(0)
    # A file has 600 bytes; no header makes that much.
    with within(5_000_000):
        read = sum(attempt_as_the_library(tmp_path / "x", a_damaged_file(n, rng)) for n in range(10_000))
    # Both ways are met.
    assert 500 < read < 9000


@settings(max_examples=500, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(GOOD) - 1), st.integers(0, 255)), min_size=1, max_size=6), st.booleans())
def test_a_mutated_file_is_read_or_refused_in_words(
    tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[int, int]], cut: bool
) -> None:
    content = bytearray(GOOD)
    for at, value in changes:
        content[at] = value
    attempt_as_the_library(
        tmp_path_factory.getbasetemp() / "mutated", bytes(content[: changes[0][0]] if cut else content)
    )
