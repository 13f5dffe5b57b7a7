import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from circuit_explainer import circuits, core, training, zoo
from circuit_explainer.core import Transformer, activation_shapes, weight_shapes
from circuit_explainer.core.shapes import activation_names
from circuit_explainer.core.table import ACTIVATIONS, LETTERS, WEIGHTS
from tests.core.kinds import KINDS


@pytest.mark.parametrize("kind", KINDS)
def test_a_run_has_the_names_order_and_shapes_of_the_table(make_model: Callable[..., Transformer], kind: str) -> None:
    model = make_model(**KINDS[kind])
    tokens = np.arange(12).reshape(4, 3)[:, [0, 1, 2, 0, 1, 2, 0, 1]]
    logits, cache = model.run_with_cache(tokens)
    shapes = {name: array.shape for name, array in cache.items()}
    assert shapes == activation_shapes(model.cfg, batch=4, pos=8)
    assert tuple(cache) == activation_names(model.cfg)
    assert logits.shape == (4, 8, 13)
    for stop in range(-2, 3):
        stopped, cache = model.run_with_cache(tokens, stop_at_layer=stop)
        assert {name: array.shape for name, array in cache.items()} == activation_shapes(model.cfg, 4, 8, stop)
        assert stopped.shape == (4, 8, 7)


def test_every_row_of_the_tables_occurs_in_some_kind(make_model: Callable[..., Transformer]) -> None:
    models = [make_model(**fields) for fields in KINDS.values()]
    activations = {name.replace(".0.", ".{l}.") for model in models for name in activation_names(model.cfg)}
    weights = {name.replace(".0.", ".{l}.") for model in models for name in model.weights}
    assert {row.name for row in ACTIVATIONS} <= activations
    assert {row.name for row in WEIGHTS} <= weights


def test_the_table_spelled_out(make_model: Callable[..., Transformer]) -> None:
    # b=4, p=8, layers 2, heads 3, d_head 5, d_model 7, d_vocab 13: the same table written a second way.
    shapes = activation_shapes(make_model(use_attn_result=True, normalization_type="LNPre").cfg, 4, 8)
    stream, per_head, square = (4, 8, 7), (4, 8, 3, 5), (4, 3, 8, 8)
    assert shapes["hook_embed"] == shapes["hook_pos_embed"] == shapes["ln_final.hook_normalized"] == stream
    assert shapes["ln_final.hook_scale"] == shapes["blocks.1.ln1.hook_scale"] == (4, 8, 1)
    for name in ("q", "k", "v", "z"):
        assert shapes[f"blocks.0.attn.hook_{name}"] == per_head
    assert shapes["blocks.1.attn.hook_pattern"] == shapes["blocks.1.attn.hook_attn_scores"] == square
    assert shapes["blocks.0.attn.hook_result"] == (4, 8, 3, 7)
    for name in ("hook_resid_pre", "hook_attn_out", "hook_resid_post", "ln1.hook_normalized"):
        assert shapes[f"blocks.1.{name}"] == stream
    assert shapes["unembed.hook_out"] == (4, 8, 13)
    assert not any("resid_mid" in name for name in shapes)


def test_weights_spelled_out(make_model: Callable[..., Transformer]) -> None:
    shapes = weight_shapes(make_model(normalization_type="LN").cfg)
    assert shapes["embed.W_E"] == (13, 7)
    assert shapes["pos_embed.W_pos"] == (11, 7)
    assert shapes["unembed.W_U"] == (7, 13)
    for kind in "QKV":
        assert shapes[f"blocks.1.attn.W_{kind}"] == (3, 7, 5)
        assert shapes[f"blocks.1.attn.b_{kind}"] == (3, 5)
    assert shapes["blocks.0.attn.W_O"] == (3, 5, 7)
    assert shapes["blocks.0.attn.b_O"] == shapes["blocks.0.ln1.w"] == shapes["ln_final.b"] == (7,)
    assert len(shapes) == 2 * 10 + 6


def test_the_table_of_mlps_and_shared_keys_spelled_out(make_model: Callable[..., Transformer]) -> None:
    # b=4, p=8, heads 6, heads of keys and values 3, d_head 10, d_model 7, d_mlp 17.
    cfg = make_model(**KINDS["llama"], use_split_qkv_input=True, use_hook_mlp_in=True).cfg
    shapes = activation_shapes(cfg, 4, 8)
    assert "hook_pos_embed" not in shapes
    assert shapes["blocks.1.attn.hook_q"] == shapes["blocks.1.attn.hook_rot_q"] == (4, 8, 6, 10)
    assert shapes["blocks.1.attn.hook_k"] == shapes["blocks.1.attn.hook_rot_k"] == (4, 8, 3, 10)
    assert shapes["blocks.1.attn.hook_v"] == (4, 8, 3, 10)
    assert shapes["blocks.1.attn.hook_z"] == (4, 8, 6, 10)
    assert shapes["blocks.1.attn.hook_pattern"] == (4, 6, 8, 8)
    assert shapes["blocks.1.hook_q_input"] == (4, 8, 6, 7)
    assert shapes["blocks.1.hook_k_input"] == shapes["blocks.1.hook_v_input"] == (4, 8, 3, 7)
    assert shapes["blocks.1.ln1.hook_scale"] == (4, 8, 3, 1)
    assert shapes["blocks.1.ln2.hook_scale"] == (4, 8, 1)
    for name in ("hook_pre", "hook_pre_linear", "hook_post"):
        assert shapes[f"blocks.1.mlp.{name}"] == (4, 8, 17)
    for name in ("hook_resid_mid", "hook_mlp_in", "hook_mlp_out", "ln2.hook_normalized"):
        assert shapes[f"blocks.1.{name}"] == (4, 8, 7)
    weights = weight_shapes(cfg)
    assert weights["blocks.1.attn._W_K"] == weights["blocks.1.attn._W_V"] == (3, 7, 10)
    assert weights["blocks.1.attn._b_K"] == weights["blocks.1.attn._b_V"] == (3, 10)
    assert weights["blocks.1.mlp.W_in"] == weights["blocks.1.mlp.W_gate"] == (7, 17)
    assert weights["blocks.1.mlp.W_out"] == (17, 7)
    assert (weights["blocks.1.mlp.b_in"], weights["blocks.1.mlp.b_out"]) == ((17,), (7,))
    assert len(weights) == 2 * (8 + 2 + 5) + 4


def test_every_letter_of_the_tables_is_defined() -> None:
    assert {axis for row in (*ACTIVATIONS, *WEIGHTS) for axis in row.axes.split()} <= set(LETTERS)


def test_every_einsum_uses_only_the_defined_letters() -> None:
    folders = [Path(str(package.__file__)).parent for package in (core, circuits, training, zoo)]
    code = {file: file.read_text(encoding="utf-8") for folder in folders for file in folder.rglob("*.py")}
    found = {file: re.findall(r'einsum\(\s*"([^"]+)"', text) for file, text in code.items()}
    # None has its formula in another way.
    assert {file: text.count("einsum(") for file, text in code.items()} == {file: len(f) for file, f in found.items()}
    assert {file.parent.name for file in found if found[file]} >= {"core", "run", "circuits", "training"}
    formulas = "".join(formula for several in found.values() for formula in several)
    assert {letter for letter in formulas if letter.isalpha()} <= set(LETTERS)
