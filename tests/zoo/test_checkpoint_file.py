import dataclasses
import json
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from circuit_explainer import zoo
from circuit_explainer.core import Config, SymbolTokenizer
from circuit_explainer.core.arrays import Array
from circuit_explainer.core.shapes import weight_shapes
from circuit_explainer.zoo import checkpoint_file
from circuit_explainer.zoo.making.write_checkpoints import write

CFG = Config(
    n_layers=2, d_model=5, n_ctx=7, d_head=3, n_heads=2, d_vocab=11, attn_only=True, normalization_type=None,
    n_key_value_heads=1,
)  # fmt: skip


def weights(seed: int) -> dict[str, Array]:
    rng = np.random.default_rng(seed)
    return {
        name: (rng.standard_normal(shape) if "W_" in name else np.zeros(shape)).astype(np.float32)
        for name, shape in weight_shapes(CFG).items()
    }


def test_a_run_comes_back_step_by_step_within_half_a_step_of_rounding(tmp_path: Path) -> None:
    exact = {step: weights(step) for step in (0, 20, 500)}
    # A column of zeros, and one too small for float16, come back as zeros.
    exact[20]["embed.W_E"][:, 2] = 0
    exact[20]["embed.W_E"][:, 3] *= 1e-9
    path = tmp_path / "run.safetensors"
    write(path, CFG, exact)
    run = checkpoint_file.read(path)
    assert list(run) == [0, 20, 500]
    assert len(run) == 3
    assert repr(run) == "Checkpoints(3 from step 0 to 500)"
    for step, model in run.items():
        assert model.cfg == CFG
        assert model.tokenizer == SymbolTokenizer(11, 7)
        assert run[step] is model
        for name, array in exact[step].items():
            if array.ndim == 1:
                assert not model.weights[name].any()
                continue
            # Half of one of 127 steps, and float16's own rounding of the factor.
            limit = np.abs(array).max(axis=-2, keepdims=True) * (0.5 / 127 + 2**-11)
            assert (np.abs(model.weights[name] - array) <= limit + 1e-8).all(), name


def test_the_same_weights_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write(tmp_path / name, CFG, {0: weights(3)})
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_a_bias_is_refused(tmp_path: Path) -> None:
    given = weights(0)
    given["unembed.b_U"][3] = 1
    with pytest.raises(ValueError, match="unembed.b_U: only matrices are kept"):
        write(tmp_path / "a", CFG, {0: given})


def test_an_unknown_step_names_the_others(tmp_path: Path) -> None:
    write(tmp_path / "a", CFG, {0: weights(0), 20: weights(1)})
    with pytest.raises(KeyError, match=r"There is no checkpoint of step 30; the steps are 0, 20\."):
        checkpoint_file.read(tmp_path / "a")[30]


def test_a_matrix_of_zeros_is_kept(tmp_path: Path) -> None:
    given = weights(0)
    given["blocks.1.attn.W_O"][...] = 0
    write(tmp_path / "a", CFG, {0: given})
    assert not checkpoint_file.read(tmp_path / "a")[0].weights["blocks.1.attn.W_O"].any()


def test_another_kind_of_file_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^induction-2l.safetensors holds no checkpoints: .* open a model with load"):
        checkpoint_file.read(zoo.directory() / "induction-2l.safetensors")


@pytest.mark.parametrize(
    ("steps", "told"),
    [("3", "must be a list"), ("[]", r"got \[\]"), ("[2, 1]", r"got \[2, 1\]"), ("[1, 1]", "got"), ("[-1]", "got"),
     ("[true]", "got"), ("[1", "is not JSON"), ("[0, 1]", r"expected \(2, .* of .*; got \(1, ")],
)  # fmt: skip
def test_steps_that_are_none(steps: str, told: str, tmp_path: Path) -> None:
    path = tmp_path / "a"
    write(path, CFG, {7: weights(0)})
    rewrite(path, lambda header: header["__metadata__"].update(steps=steps))
    with pytest.raises(ValueError, match=f"^a: .*{told}"):
        checkpoint_file.read(path)


def test_tensors_that_are_not_those_of_the_config(tmp_path: Path) -> None:
    path = tmp_path / "a"

    def config(**fields: object) -> None:
        write(path, CFG, {7: weights(0)})
        rewrite(path, lambda header: header["__metadata__"].update(model=json.dumps({"config": fields})))

    known = CFG.to_dict()
    for changed in ({"n_layers": 10**9}, {"n_layers": 1}, {"positional_embedding_type": "rotary", "rotary_dim": 2}):
        config(**{**known, **changed})
        with pytest.raises(ValueError, match="^a holds no checkpoints of its config: expected each matrix"):
            checkpoint_file.read(path)
    config(**{**known, "d_vocab": 12})
    with pytest.raises(ValueError, match=r"embed.W_E: expected \(1, 12, 5\) of I8; got \(1, 11, 5\) of I8"):
        checkpoint_file.read(path)
    config()
    with pytest.raises(ValueError, match="Config needs n_layers"):
        checkpoint_file.read(path)


def test_a_file_is_held_once(tmp_path: Path) -> None:
    cfg = dataclasses.replace(CFG, d_vocab=4000)
    drawn = np.random.default_rng(0).standard_normal((4000, 5)).astype(np.float32)
    given = {name: np.zeros(shape, np.float32) for name, shape in weight_shapes(cfg).items()}
    path = tmp_path / "a"
    write(path, cfg, {step: {**given, "embed.W_E": drawn} for step in range(50)})
    tracemalloc.start()
    try:
        checkpoint_file.read(path)
        assert tracemalloc.get_traced_memory()[1] < 1.2 * path.stat().st_size
    finally:
        tracemalloc.stop()


def rewrite(path: Path, change: Callable[[dict[str, Any]], None]) -> None:
    """Change the header of a file."""
    content = path.read_bytes()
    length = int.from_bytes(content[:8], "little")
    header = json.loads(content[8 : 8 + length])
    change(header)
    text = json.dumps(header).encode()
    path.write_bytes(len(text).to_bytes(8, "little") + text + content[8 + length :])
