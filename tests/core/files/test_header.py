import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from circuit_explainer.core.files.safetensors import read_safetensors
from tests.core.files.damaged import a_damaged_file, attempt
from tests.core.files.plain import entry, raw

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
    "type a list": (raw({"t": entry([])}, b"\0" * 8), r"t: expected a dtype of .*; got \[\]."),
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


def test_damaged_files_are_read_or_refused_in_words(tmp_path: Path) -> None:
    # Ten thousand of them: test_any_file, not in the browser.
    rng = random.Random(1)
    read = [attempt(tmp_path / "x", a_damaged_file(n, rng)) is not None for n in range(300)]
    assert 5 < sum(read) < 295
