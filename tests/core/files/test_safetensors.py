import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from circuit_explainer.core.files import safetensors as ours
from circuit_explainer.core.files.header import parse_header, read_header
from circuit_explainer.core.files.safetensors import filling, read_safetensors, write_safetensors
from tests.core.files.plain import entry, load_file, raw

TENSORS: dict[str, Any] = {
    "b": np.arange(6, dtype=np.float32).reshape(2, 3),
    "a": np.array([1.5, -2.0], dtype=np.float64),
    "c": np.array([[0.5]], dtype=np.float16),
    "empty": np.zeros((0, 4), dtype=np.float32),
    "scalar": np.array(7.0, dtype=np.float32),
}


def test_what_is_written_is_stored_as_it_is_and_read_as_floats(tmp_path: Path) -> None:
    write_safetensors(tmp_path / "x", TENSORS, {"about": "mine ✓"})
    stored, read = load_file(tmp_path / "x"), read_safetensors(tmp_path / "x")
    assert set(stored) == set(read) == set(TENSORS)
    for name, array in TENSORS.items():
        assert stored[name].dtype == array.dtype
        assert read[name].dtype == (np.float64 if name == "a" else np.float32)
        np.testing.assert_array_equal(stored[name], array)
        np.testing.assert_array_equal(read[name], array)
    assert read_header(tmp_path / "x")[0] == {"about": "mine ✓"}


def test_only_the_named_tensors_are_read(tmp_path: Path) -> None:
    path = tmp_path / "x.safetensors"
    path.write_bytes(raw({"mask": entry("BOOL", [3], [0, 3]), "w": entry("F32", [1], [3, 7])}, b"\1\0\1\0\0\x80?"))
    assert read_safetensors(path, ["w"])["w"].tolist() == [1.0]
    with pytest.raises(ValueError, match=r"mask: expected one of the types F16, BF16, F32, F64; got BOOL."):
        read_safetensors(path)
    with pytest.raises(ValueError, match=r"x.safetensors has no tensor 'v'; it holds mask, w."):
        read_safetensors(path, ["v"])


def test_bfloat16(tmp_path: Path) -> None:
    numbers = np.array([1.0, -3.140625, 2.0**100, np.inf, 0.0], dtype=np.float32)
    (tmp_path / "x").write_bytes(
        raw({"t": entry("BF16", [5], [0, 10])}, (numbers.view("<u4") >> 16).astype("<u2").tobytes())
    )
    np.testing.assert_array_equal(read_safetensors(tmp_path / "x")["t"], numbers)


@pytest.mark.parametrize("piece", [1, 2, 7, 1000])
@pytest.mark.parametrize("dtype", ["F16", "BF16", "F32", "F64"])
def test_pieces_come_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, dtype: str, piece: int) -> None:
    monkeypatch.setattr(ours, "PIECE", piece)
    numbers = np.random.default_rng(0).standard_normal((5, 3, 2)).astype("<f4")
    numbers = (numbers.view("<u4") & 0xFFFF0000).view("<f4")  # what bfloat16 can hold
    stored = {"F16": "<f2", "F32": "<f4", "F64": "<f8"}
    if dtype == "BF16":
        data = (numbers.view("<u4") >> 16).astype("<u2").tobytes()
    else:
        data = numbers.astype(stored[dtype]).tobytes()
    content = raw({"x": entry("F32", [1], [0, 4]), "t": entry(dtype, [5, 6], [4, 4 + len(data)])}, b"\0\0\x80?" + data)
    (tmp_path / "x").write_bytes(content)
    expected = numbers.astype("<f2") if dtype == "F16" else numbers
    np.testing.assert_array_equal(read_safetensors(tmp_path / "x")["t"], expected.reshape(5, 6))
    # Two places side by side in each row: [5, 3] each, the second one turned.
    first, second = np.zeros((5, 3)), np.zeros((3, 5))
    with (tmp_path / "x").open("rb") as file:
        _, entries, begin = parse_header(file)
        told = list(filling(file, begin, "t", entries["t"], [first, second.T]))
    # It stops after each piece, whole rows of the tensor, and tells its bytes.
    assert len(told) == -(-5 // max(1, piece // 6))
    assert sum(told) == len(data)
    np.testing.assert_array_equal(first, expected.reshape(5, 6)[:, :3])
    np.testing.assert_array_equal(second.T, expected.reshape(5, 6)[:, 3:])


def test_a_file_that_shrinks_while_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "x"
    write_safetensors(path, {"c": np.zeros(100_000, np.float32)})
    with path.open("rb") as file:
        _, entries, begin = parse_header(file)
        os.truncate(path, path.stat().st_size - 4)
        with pytest.raises(ValueError, match="c: the file ended while it was read; it was changed meanwhile."):
            list(filling(file, begin, "c", entries["c"], [np.zeros(100_000)]))


def test_views_are_written_in_their_own_order(tmp_path: Path) -> None:
    matrix = np.arange(6, dtype=np.float32).reshape(2, 3)
    write_safetensors(tmp_path / "x", {"t": matrix.T, "r": matrix[:, ::-1]})
    stored = load_file(tmp_path / "x")
    np.testing.assert_array_equal(stored["t"], matrix.T)
    np.testing.assert_array_equal(stored["r"], matrix[:, ::-1])


def test_a_tensor_named_as_the_metadata(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="__metadata__ is no name for a tensor"):
        write_safetensors(tmp_path / "x", {"__metadata__": np.zeros(1)})


def test_integers_are_not_written(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"t: expected one of float16, float32, float64; got int64."):
        write_safetensors(tmp_path / "x", {"t": np.arange(3, dtype=np.int64)})
