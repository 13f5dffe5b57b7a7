import json
from pathlib import Path

import numpy as np
import pytest

from circuit_explainer.core.files.header import read_header
from circuit_explainer.core.files.safetensors import read_safetensors, write_safetensors
from circuit_explainer.training import resume
from circuit_explainer.workbench.lab import files
from circuit_explainer.workbench.lab.run import Run, begin
from circuit_explainer.workbench.lab.settings import Settings, recipe
from circuit_explainer.workbench.tools import ToolError

SHORT = recipe(Settings(steps=30, batch=2))


def after(steps: int) -> Run:
    run = begin(SHORT, "your run")
    for _ in range(steps):
        run.one_step()
    return run


def test_an_opened_run_goes_on_bit_for_bit_and_keeps_its_curves() -> None:
    run = after(12)
    opened = files.read(files.write(run))
    assert opened.step == 12
    for one, other in zip(run.moments, opened.moments, strict=True):
        assert (one.step, one.loss, one.asked) == (other.step, other.loss, other.asked)
        np.testing.assert_array_equal(one.previous, other.previous)
    # Only the last moment has a model: those before are not in the file.
    assert [moment.step for moment in opened.moments if moment.model] == [12]
    for each in (run, opened):
        while not each.over:
            each.one_step()
    np.testing.assert_array_equal(run.trainer.parameters.theta, opened.trainer.parameters.theta)
    assert [moment.loss for moment in run.moments] == [moment.loss for moment in opened.moments]


def test_the_file_is_one_that_training_resumes(tmp_path: Path) -> None:
    path = tmp_path / "run.safetensors"
    path.write_bytes(files.write(after(3)))
    assert resume(path).step == 3


@pytest.mark.parametrize("data", [b"", b"{}", b"\x02\x00\x00\x00\x00\x00\x00\x00{}", bytes(100)])
def test_what_is_no_run_is_told_in_a_sentence(data: bytes) -> None:
    with pytest.raises(ToolError, match=r"^This file cannot be opened as a run\..*Choose one that the lab saved\.$"):
        files.read(data)


@pytest.mark.parametrize(
    "note",
    [
        "",
        "[]",
        "nonsense",
        {"every": 0},
        {"every": "1"},
        {"spent": -1},
        {"spent": float("nan")},
        {"moments": [[1, 1.0, 1.0, [[0.0], [0.0]], [[0.0]]]]},
        {"moments": [[13, 1.0, 1.0, [[0.0], [0.0]], [[0.0], [0.0]]]]},
        {"moments": [[2, 1.0, 1.0, [[0.0], [0.0]], [[0.0], [0.0]]], [1, 1.0, 1.0, [[0.0], [0.0]], [[0.0], [0.0]]]]},
        {"moments": [[1, float("inf"), 1.0, [[0.0], [0.0]], [[0.0], [0.0]]]]},
        {"moments": [[True, 1.0, 1.0, [[0.0], [0.0]], [[0.0], [0.0]]]]},
        {"moments": 3},
        "[" * 100_000,
    ],
)
def test_a_note_that_the_lab_did_not_write_leaves_the_run_whole(note: object, tmp_path: Path) -> None:
    path = tmp_path / "run.safetensors"
    path.write_bytes(files.write(after(12)))
    metadata, _ = read_header(path)
    written = json.dumps({**json.loads(metadata["lab"]), **note}) if isinstance(note, dict) else str(note)
    write_safetensors(path, read_safetensors(path), {**metadata, "lab": written})
    opened = files.read(path.read_bytes())
    assert opened.step == 12
    assert [moment.step for moment in opened.moments] == [12]
