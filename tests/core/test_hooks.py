import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from circuit_explainer import circuits, core
from circuit_explainer.core import Transformer, activation_shapes, get_act_name, weight_shapes
from circuit_explainer.core.hooks import ACTIVATIONS, LETTERS, WEIGHTS

VARIANTS = [
    {"normalization_type": None},
    {"normalization_type": None, "use_attn_result": True},
    {"normalization_type": "LN", "use_attn_result": True},
    {"normalization_type": "LNPre", "positional_embedding_type": "shortformer"},
]


@pytest.mark.parametrize("variant", VARIANTS, ids=str)
def test_a_run_has_the_names_order_and_shapes_of_the_table(
    make_model: Callable[..., Transformer], variant: dict[str, object]
) -> None:
    model = make_model(**variant)
    tokens = np.arange(12).reshape(4, 3)[:, [0, 1, 2, 0, 1, 2, 0, 1]]
    logits, cache = model.run_with_cache(tokens)
    shapes = {name: array.shape for name, array in cache.items()}
    assert shapes == activation_shapes(model.cfg, batch=4, pos=8)
    assert list(cache) == list(activation_shapes(model.cfg, 4, 8))
    assert logits.shape == (4, 8, 13)


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


@pytest.mark.parametrize(
    ("key", "name"),
    [
        (("k", 6, "a"), "blocks.6.attn.hook_k"),
        (("pre", 2), "blocks.2.mlp.hook_pre"),
        (("embed",), "hook_embed"),
        (("normalized", 27, "ln2"), "blocks.27.ln2.hook_normalized"),
        (("k6",), "blocks.6.attn.hook_k"),
        (("scale4ln1",), "blocks.4.ln1.hook_scale"),
        (("pre5",), "blocks.5.mlp.hook_pre"),
        (("attn", 0), "blocks.0.attn.hook_pattern"),
        (("resid_pre", 1), "blocks.1.hook_resid_pre"),
        (("scale",), "ln_final.hook_scale"),
        (("query", 3), "blocks.3.attn.hook_q"),
        (("resid_post", 1, "block"), "blocks.1.hook_resid_post"),
        (("blocks.0.attn.hook_z",), "blocks.0.attn.hook_z"),
    ],
)
def test_shorthands(key: tuple[str], name: str) -> None:
    assert get_act_name(*key) == name


def test_every_letter_of_the_tables_is_defined() -> None:
    assert {axis for row in (*ACTIVATIONS, *WEIGHTS) for axis in row.axes.split()} <= set(LETTERS)


def test_every_einsum_uses_only_the_defined_letters() -> None:
    folders = [Path(str(package.__file__)).parent for package in (core, circuits)]
    found = [
        formula
        for folder in folders
        for file in folder.glob("*.py")
        for formula in re.findall(r'einsum\(\s*"([^"]+)"', file.read_text(encoding="utf-8"))
    ]
    assert len(found) >= 3
    assert {letter for formula in found for letter in formula if letter.isalpha()} <= set(LETTERS)
