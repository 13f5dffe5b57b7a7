from pathlib import Path

import numpy as np
import pytest

from circuit_explainer.core import Config, SymbolTokenizer
from circuit_explainer.core.arrays import Array
from circuit_explainer.core.shapes import weight_shapes
from circuit_explainer.zoo import checkpoint_file

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
    checkpoint_file.write(path, CFG, exact)
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
        checkpoint_file.write(tmp_path / name, CFG, {0: weights(3)})
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_a_bias_is_refused(tmp_path: Path) -> None:
    given = weights(0)
    given["unembed.b_U"][3] = 1
    with pytest.raises(ValueError, match="unembed.b_U: only matrices are kept"):
        checkpoint_file.write(tmp_path / "a", CFG, {0: given})


def test_an_unknown_step_names_the_others(tmp_path: Path) -> None:
    checkpoint_file.write(tmp_path / "a", CFG, {0: weights(0), 20: weights(1)})
    with pytest.raises(KeyError, match=r"There is no checkpoint of step 30; the steps are 0, 20\."):
        checkpoint_file.read(tmp_path / "a")[30]
