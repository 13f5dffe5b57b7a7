import itertools
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from circuit_explainer.core import Config
from circuit_explainer.core.files.header import read_header
from circuit_explainer.core.files.safetensors import read_safetensors, write_safetensors
from circuit_explainer.training import MarkovText, Recipe, Schedule, Trainer, resume, save

CFG = Config(
    n_layers=2, d_model=8, n_ctx=9, d_head=4, n_heads=4, n_key_value_heads=2, d_vocab=7, act_fn="silu",
    normalization_type="LN", positional_embedding_type="rotary", gated_mlp=True,
)  # fmt: skip
RECIPE = Recipe(
    config=CFG, seed=5, steps=20, batch=3, task=MarkovText(seed=2), lr=0.02, weight_decay=0.1, biases=True,
    schedule=Schedule(warmup=4, fall="cosine"),
)  # fmt: skip


def told(trainer: Trainer, steps: int | None = None) -> list[Any]:
    """What happens in the next steps, to the last bit."""
    return [
        (p.step, p.loss, p.loss_counted, {name: array.tobytes() for name, array in p.weights.items()})
        for p in itertools.islice(trainer.run(), steps)
    ]


@pytest.mark.parametrize("stop", [0, 1, 7, 19, 20])
def test_a_resumed_run_is_the_same_bit_for_bit(stop: int, tmp_path: Path) -> None:
    path = tmp_path / "run.safetensors"
    whole = told(Trainer(RECIPE))
    trainer = Trainer(RECIPE)
    first = told(trainer, stop)
    save(trainer, path)
    again = resume(path)
    assert again.recipe == RECIPE
    assert first + told(again) == whole
    # What was saved goes on too, and saving twice gives the same bytes.
    assert first + told(trainer) == whole
    second = tmp_path / "again.safetensors"
    save(resume(path), second)
    assert second.read_bytes() == path.read_bytes()


def test_a_run_that_rises_is_stopped_at_the_same_step_after_a_pause(tmp_path: Path) -> None:
    wild = Recipe(config=CFG, seed=0, steps=400, batch=2, task=MarkovText(), lr=20.0, schedule=Schedule(warmup=400))
    trainer = Trainer(wild)
    with pytest.raises(FloatingPointError) as straight:
        list(trainer.run())
    assert "rose" in str(straight.value)
    paused = Trainer(wild)
    told(paused, trainer.step - 3)
    save(paused, tmp_path / "run.safetensors")
    with pytest.raises(FloatingPointError) as after:
        list(resume(tmp_path / "run.safetensors").run())
    assert str(after.value) == str(straight.value)


@pytest.fixture
def saved(tmp_path: Path) -> tuple[Path, dict[str, Any], dict[str, Any]]:
    """A file, and its tensors and what it says, to be damaged."""
    path = tmp_path / "run.safetensors"
    save(Trainer(RECIPE), path)
    return path, dict(read_safetensors(path)), json.loads(read_header(path)[0]["training"])


@pytest.mark.parametrize("name", ["recipe", "step", "began", "smoothed", "rng"])
@pytest.mark.parametrize("value", [None, "x", [], {"state": 1}, ...])
def test_a_damaged_file_is_refused(saved: tuple[Path, dict[str, Any], dict[str, Any]], name: str, value: Any) -> None:
    path, tensors, about = saved
    about[name] = value
    if value is ...:
        del about[name]
    write_safetensors(path, tensors, {"training": json.dumps(about)})
    with pytest.raises(ValueError, match=r"^run.safetensors holds no training run that save wrote: "):
        resume(path)


def test_other_files_are_refused(saved: tuple[Path, dict[str, Any], dict[str, Any]]) -> None:
    path, tensors, about = saved
    write_safetensors(path, tensors)
    with pytest.raises(ValueError, match=r"holds no training run"):
        resume(path)
    not_those = "the tensors are not those of a run of its recipe"
    wide, double = np.zeros((7, 9), np.float32), np.zeros((7, 8))
    for damaged, told in (
        ({name: array for name, array in tensors.items() if name != "first.embed.W_E"}, not_those),
        ({**tensors, "x": np.zeros(1)}, not_those),
        ({**tensors, "first.embed.W_E": wide}, r"first.embed.W_E: expected \(7, 8\) of F32 .*; got \(7, 9\) of F32"),
        ({**tensors, "first.embed.W_E": double}, r"expected \(7, 8\) of F32 by the recipe; got \(7, 8\) of F64"),
    ):
        write_safetensors(path, damaged, {"training": json.dumps(about)})
        with pytest.raises(ValueError, match=f"^run.safetensors: .*{told}"):
            resume(path)


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("step", -5, "step must be a whole number of at least 0; got step=-5"),
        ("step", 21, "step must be at most steps=20; got step=21"),
        ("step", 2.0, "step must be a whole number"),
        ("began", float("nan"), "began must be a finite number"),
        ("smoothed", -1, "smoothed must be a finite number of at least 0; got smoothed=-1"),
        ("rng", 2**200, "OverflowError"),
    ],
)
def test_numbers_that_no_run_has(
    saved: tuple[Path, dict[str, Any], dict[str, Any]], name: str, value: Any, told: str
) -> None:
    path, tensors, about = saved
    if name == "rng":
        about["rng"]["has_uint32"] = value
    else:
        about[name] = value
    write_safetensors(path, tensors, {"training": json.dumps(about)})
    with pytest.raises(ValueError, match=f"^run.safetensors holds no training run that save wrote: .*{told}"):
        resume(path)


def test_random_numbers_that_would_stand_still(saved: tuple[Path, dict[str, Any], dict[str, Any]]) -> None:
    path, tensors, about = saved
    about["rng"]["state"] = {"state": 0, "inc": 0}
    write_safetensors(path, tensors, {"training": json.dumps(about)})
    with pytest.raises(ValueError, match="the step of the random numbers must be odd; got 0"):
        resume(path)


@pytest.mark.parametrize(("key", "number"), [("weights.embed.W_E", np.nan), ("second.unembed.W_U", -1.0)])
def test_weights_that_no_run_has(saved: tuple[Path, dict[str, Any], dict[str, Any]], key: str, number: float) -> None:
    path, tensors, about = saved
    tensors[key][0, 0] = number
    write_safetensors(path, tensors, {"training": json.dumps(about)})
    with pytest.raises(ValueError, match=f"^run.safetensors: {key} has numbers that no run has"):
        resume(path)


def test_notes_stand_in_the_metadata_and_do_not_touch_the_run(tmp_path: Path) -> None:
    path = tmp_path / "run.safetensors"
    save(Trainer(RECIPE), path, {"by": "a reader", "training": "mine"})
    assert read_header(path)[0]["by"] == "a reader"
    assert told(resume(path)) == told(Trainer(RECIPE))
