from pathlib import Path

import numpy as np
import pytest

from circuit_explainer.zoo.making.text import english
from circuit_explainer.zoo.making.text.batches import numbers, windows
from circuit_explainer.zoo.making.text.corpus import Problem

UNSEEN = windows(np.random.default_rng(0).integers(1, 97, 60_000), 128)


def test_the_sample_is_checked_and_never_written_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "held_out.txt"
    monkeypatch.setattr(english, "SAMPLE", path)
    english.check_sample(UNSEEN)
    first = path.read_bytes()
    assert first == english.sample(UNSEEN)
    english.check_sample(UNSEEN)
    assert path.read_bytes() == first
    path.write_bytes(first[1:])
    with pytest.raises(Problem, match=r"^held_out.txt is not the sample .*: delete .*held_out.txt and run again"):
        english.check_sample(UNSEEN)
    assert path.read_bytes() == first[1:]


def test_the_sample_is_of_windows_taken_evenly() -> None:
    text = english.sample(UNSEEN)
    again = windows(numbers(text), 128)
    assert len(again) == english.WINDOWS
    every = len(UNSEEN) // english.WINDOWS
    np.testing.assert_array_equal(again, UNSEEN[::every][: english.WINDOWS])
