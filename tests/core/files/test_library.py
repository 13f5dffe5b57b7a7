"""Files of tensors against the ``safetensors`` library, which does not run in the browser."""

from pathlib import Path

import numpy as np
import safetensors.numpy

from circuit_explainer.core.files.safetensors import read_safetensors, write_safetensors
from tests.core.files.plain import load_file, save_file
from tests.core.files.test_safetensors import TENSORS


def test_the_library_reads_what_is_written_here(tmp_path: Path) -> None:
    write_safetensors(tmp_path / "x.safetensors", TENSORS, {"about": "mine ✓"})
    theirs = safetensors.numpy.load_file(tmp_path / "x.safetensors")
    assert set(theirs) == set(TENSORS)
    for name, array in TENSORS.items():
        assert theirs[name].dtype == array.dtype
        np.testing.assert_array_equal(theirs[name], array)
    with safetensors.safe_open(tmp_path / "x.safetensors", "numpy") as file:
        assert file.metadata() == {"about": "mine ✓"}


def test_the_bytes_are_those_of_the_library(tmp_path: Path) -> None:
    write_safetensors(tmp_path / "x.safetensors", dict(reversed(TENSORS.items())), {"k": "v"})
    assert (tmp_path / "x.safetensors").read_bytes() == safetensors.numpy.save(TENSORS, {"k": "v"})


def test_what_the_library_writes_is_read_here(tmp_path: Path) -> None:
    safetensors.numpy.save_file(TENSORS, tmp_path / "x.safetensors")
    mine = read_safetensors(tmp_path / "x.safetensors")
    for name, array in TENSORS.items():
        assert mine[name].dtype == (np.float64 if name == "a" else np.float32)
        np.testing.assert_array_equal(mine[name], array)


def test_the_plain_files_of_the_tests_are_those_of_the_library(tmp_path: Path) -> None:
    tensors = {**TENSORS, "mask": np.array([True, False]), "whole": np.arange(3), "short": np.arange(2, dtype=np.int32)}
    save_file(tensors, tmp_path / "x", {"k": "v"})
    safetensors.numpy.save_file(tensors, tmp_path / "y")
    for read in (safetensors.numpy.load_file(tmp_path / "x"), load_file(tmp_path / "y")):
        assert set(read) == set(tensors)
        for name, array in tensors.items():
            assert read[name].dtype == array.dtype
            np.testing.assert_array_equal(read[name], array)
