"""Checkpoints of Hugging Face, against what ``transformers`` and TransformerLens make of them.

``tests/parity/checkpoints.py`` wrote them.
"""

import json
import pickle
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from circuit_explainer.core import Transformer, load
from circuit_explainer.core.folding import processed
from tests.core.files.plain import load_file, save_file

FIXTURES = Path(__file__).parents[2] / "parity" / "fixtures" / "checkpoints"
NAMES = ["gpt2", "gpt2-bare", "gpt2-half", "gpt2-untied", "llama", "llama-biased", "mistral", "qwen2"]
# float32 on both sides; logits reach 10, where the last place is 1e-6, after two layers of sums in other orders.
# "llama-biased" is in float64, but transformers computes norms and rotary tables in float32.
TOLERANCE = {"llama-biased": 2e-6}


def expected(name: str) -> dict[str, Any]:
    with np.load(FIXTURES / name / "expected.npz") as stored:
        return dict(stored)


def test_the_fixtures_are_there() -> None:
    assert sorted(path.name for path in FIXTURES.iterdir()) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_logits_equal_those_of_transformers(name: str) -> None:
    stored = expected(name)
    model = load(FIXTURES / name)
    np.testing.assert_allclose(model(stored["tokens"]), stored["logits"], rtol=0, atol=TOLERANCE.get(name, 2e-5))
    assert model.cfg.n_ctx == {"gpt2": 11, "mistral": 7}.get(name.split("-")[0], 13)


@pytest.mark.parametrize("name", ["gpt2", "llama"])
def test_weights_equal_those_of_transformer_lens(name: str) -> None:
    stored, model = expected(name), load(FIXTURES / name)
    raw = {key[4:]: array for key, array in stored.items() if key.startswith("raw:")}
    # TransformerLens's GPT-2 lacks the unembedding's bias, which is zero.
    assert set(model.weights) - set(raw) <= {"unembed.b_U"}
    for key, array in raw.items():
        np.testing.assert_array_equal(model.weights[key], array, err_msg=key)


@pytest.mark.parametrize("name", ["gpt2", "llama"])
def test_processed_weights_equal_those_of_transformer_lens(name: str) -> None:
    stored, model = expected(name), processed(load(FIXTURES / name))
    theirs = {key[10:]: array for key, array in stored.items() if key.startswith("processed:")}
    assert set(model.weights) == set(theirs)
    for key, array in theirs.items():
        # Sums of a dozen float32 products of size 1.
        np.testing.assert_allclose(model.weights[key], array, rtol=0, atol=2e-6, err_msg=key)


def test_tied_embeddings_are_held_once() -> None:
    model = load(FIXTURES / "gpt2")
    assert np.shares_memory(model.weights["unembed.W_U"], model.weights["embed.W_E"])
    untied = load(FIXTURES / "gpt2-untied").weights
    assert not np.shares_memory(untied["unembed.W_U"], untied["embed.W_E"])


def test_every_way_to_the_same_checkpoint(tmp_path: Path) -> None:
    folder = FIXTURES / "gpt2"
    model, tokens = load(folder), np.array([[1, 2, 3]])
    fields = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    shutil.copy(folder / "model.safetensors", tmp_path / "renamed.safetensors")
    alone = tmp_path / "renamed.safetensors"
    for again in (
        load(folder / "model.safetensors"),
        load(alone, fields),
        load(alone, model.cfg),
        load(str(alone), model.cfg.to_dict()),
        load(tmp_path, fields),
    ):
        np.testing.assert_array_equal(again(tokens), model(tokens))
    # Saved here, it has TransformerLens's names, and an unembedding of its own: no longer the embedding turned, so
    # that products may add up in another order; logits reach 3, where the last place is 2.4e-7.
    model.save(tmp_path / "saved.safetensors")
    again = load(tmp_path / "saved.safetensors")
    for name, array in model.weights.items():
        np.testing.assert_array_equal(again.weights[name], array, err_msg=name)
    np.testing.assert_allclose(again(tokens), model(tokens), rtol=0, atol=2e-6)
    with pytest.raises(
        ValueError, match=r"expected a folder with model.safetensors in it; its .safetensors are renamed"
    ):
        load(tmp_path, fields)


def test_old_files_hold_the_mask_too_and_the_head(tmp_path: Path) -> None:
    folder = FIXTURES / "gpt2"
    tensors = load_file(folder / "model.safetensors")
    tensors |= {f"transformer.h.{n}.attn.bias": np.ones((1, 1, 11, 11), bool) for n in (0, 1)}
    tensors |= {"transformer.h.0.attn.masked_bias": np.array(-1e4, np.float32)}
    tensors |= {"lm_head.weight": tensors["transformer.wte.weight"].copy()}
    save_file(tensors, tmp_path / "model.safetensors")
    shutil.copy(folder / "config.json", tmp_path)
    stored = expected("gpt2")
    np.testing.assert_allclose(load(tmp_path)(stored["tokens"]), stored["logits"], rtol=0, atol=2e-5)


def changed(tmp_path: Path, name: str, tensors: dict[str, Any], without: tuple[str, ...] = (), **fields: Any) -> Path:
    folder = FIXTURES / name
    all_tensors = load_file(folder / "model.safetensors")
    kept = {key: array for key, array in {**all_tensors, **tensors}.items() if key not in without}
    save_file(kept, tmp_path / "model.safetensors")
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    (tmp_path / "config.json").write_text(json.dumps({**config, **fields}), encoding="utf-8")
    return tmp_path


ZEROS = np.zeros((12, 12), np.float32)


@pytest.mark.parametrize(
    ("tensors", "without", "fields", "message"),
    [
        (
            {"transformer.h.1.attn.c_attn.weight": ZEROS}, (), {},
            r"transformer.h.1.attn.c_attn.weight \(blocks.1.attn.W_Q and blocks.1.attn.W_K and blocks.1.attn.W_V\): "
            r"expected shape \(12, 36\) by the config; got \(12, 12\)\.",
        ),
        (
            {"transformer.h.0.ln_1.weight": np.zeros(12, np.int32)}, (), {},
            "transformer.h.0.ln_1.weight: expected one of the types F16, BF16, F32, F64; got I32.",
        ),
        (
            {}, ("transformer.h.0.mlp.c_fc.bias", "transformer.h.1.ln_1.bias"), {},
            r"expected the tensor transformer.h.1.ln_1.bias \(12,\) and 1 more by the config; check that the config is",
        ),
        (
            {"transformer.h.1.attn.q_norm.weight": ZEROS}, (), {},
            "expected no other tensors than the config asks for; got transformer.h.1.attn.q_norm.weight.",
        ),
        ({}, (), {"n_layer": 1}, "expected no other tensors .*; got transformer.h.1.attn.c_attn.bias, .* and 7 more."),
        ({}, (), {"n_layer": 3}, r"expected the tensor transformer.h.2.ln_1.weight \(12,\) and 11 more by the config"),
        ({}, (), {"n_layer": 2**30}, "has 28 tensors, too few for the config's n_layers=1073741824."),
        ({}, (), {"tie_word_embeddings": False}, r"expected the tensor lm_head.weight \(17, 12\) by the config"),
        ({}, (), {"n_embd": 2**31}, r"config.json: n_embd must be a whole number below 2\*\*31; got 2147483648."),
        ({}, (), {"n_embd": "12"}, r"config.json: n_embd must be a whole number below 2\*\*31; got '12'."),
        ({}, (), {"n_head": 5}, "config.json: n_head must divide n_embd; got n_head=5, n_embd=12."),
        ({}, (), {"n_head": 0}, "config.json: n_head must divide n_embd; got n_head=0, n_embd=12."),
        ({}, (), {"activation_function": "mish"}, "activation_function must be one of gelu_new, .*; got 'mish'."),
        ({}, (), {"scale_attn_by_inverse_layer_idx": True}, "computed with scale_attn_by_inverse_layer_idx false only"),
        ({}, (), {"scale_attn_weights": False}, "computed with scale_attn_weights true only; got False."),
        ({}, (), {"quantization_config": {"bits": 4}}, "computed with quantization_config nothing only"),
        ({}, (), {"layer_norm_epsilon": "1e-5"}, "config.json: layer_norm_epsilon must be a number; got '1e-5'."),
        ({}, (), {"model_type": "bert"}, "expected a model_type of gpt2, llama, mistral, qwen2; got 'bert'."),
        ({}, (), {"model_type": ["gpt2"]}, r"expected a model_type of gpt2, .*; got \['gpt2'\]."),
        ({}, ("transformer.wte.weight",), {}, r"expected a checkpoint with the tensor embed.W_E \(TransformerLens\), "),
    ],
)  # fmt: skip
def test_what_does_not_fit_gpt2(
    tmp_path: Path, tensors: dict[str, Any], without: tuple[str, ...], fields: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        load(changed(tmp_path, "gpt2", tensors, without, **fields))


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"mlp_bias": True}, "computed with mlp_bias false only; got True."),
        ({"rope_parameters": {"rope_type": "llama3"}}, "for rope_type 'default' only; got 'llama3'."),
        ({"rope_scaling": {"type": "linear", "factor": 2}}, "for rope_type 'default' only; got 'linear'."),
        ({"rope_parameters": 5}, "rope_parameters must be a JSON object; got int."),
        ({"partial_rotary_factor": 0.5}, "computed with partial_rotary_factor 1 only; got 0.5."),
        ({"num_attention_heads": 0}, "num_attention_heads must divide hidden_size"),
        ({"num_attention_heads": 5, "head_dim": None}, "num_attention_heads must divide hidden_size"),
        ({"num_key_value_heads": 3}, "n_key_value_heads must divide n_heads"),
        ({"num_key_value_heads": 0}, "n_key_value_heads must be a whole number of at least 1"),
        ({"head_dim": 7}, "rotary_dim must be an even number of at most d_head"),
        ({"hidden_act": None}, "hidden_act must be one of gelu_new, .*; got None."),
        ({"sliding_window": 0}, "n_ctx must be a whole number of at least 1"),
    ],
)
def test_what_is_not_computed_of_llama(tmp_path: Path, fields: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        load(changed(tmp_path, "mistral", {}, (), **fields))


def test_biases_are_in_every_layer_or_in_none(tmp_path: Path) -> None:
    none = tuple(f"model.layers.{layer}.self_attn.o_proj.bias" for layer in (0, 1))
    whole, without = load(FIXTURES / "llama-biased"), load(changed(tmp_path, "llama-biased", {}, none))
    assert whole.weights["blocks.0.attn.b_O"].any()
    assert not without.weights["blocks.0.attn.b_O"].any()
    with pytest.raises(ValueError, match=r"expected the tensor model.layers.1.self_attn.o_proj.bias \(24,\) by the"):
        load(changed(tmp_path, "llama-biased", {}, none[1:]))


def test_the_context_has_a_limit_and_a_window(tmp_path: Path) -> None:
    def context(**fields: Any) -> int:
        return load(changed(tmp_path, "mistral", {}, (), **fields)).cfg.n_ctx

    assert context(max_position_embeddings=131072, sliding_window=None) == 2048
    assert context(max_position_embeddings=131072, sliding_window=4096) == 2048
    assert context(sliding_window=5) == 5
    assert context(sliding_window=5, use_sliding_window=False) == 13
    cfg = load(tmp_path).cfg.to_dict()
    with pytest.raises(ValueError, match="n_ctx=1099511627776 is more than rotary positions are computed for"):
        load(tmp_path, {**cfg, "n_ctx": 2**40})


def shards(tmp_path: Path) -> tuple[Path, dict[str, Any]]:
    shutil.copytree(FIXTURES / "qwen2", tmp_path / "q")
    index = tmp_path / "q" / "model.safetensors.index.json"
    return index, json.loads(index.read_text(encoding="utf-8"))


def test_several_files_with_an_index(tmp_path: Path) -> None:
    index, content = shards(tmp_path)
    stored = expected("qwen2")
    for path in (index, index.parent):
        np.testing.assert_allclose(load(path)(stored["tokens"]), stored["logits"], rtol=0, atol=2e-5)
    part, last = (sorted(index.parent.glob("*.safetensors"))[n] for n in (0, -1))
    with pytest.raises(ValueError, match="this file is one part of several: open the folder or the .index.json"):
        load(part)
    some = next(name for name, file in content["weight_map"].items() if file != last.name)
    for wrong, message in (
        (
            "../q/model-00001-of-00004.safetensors",
            "expected the name of a .safetensors file beside it; got '../q/model",
        ),
        ("config.json", "expected the name of a .safetensors file beside it; got 'config.json'"),
        (3, "expected the name of a .safetensors file beside it; got 3"),
        ("other.safetensors", "names the file other.safetensors, which is not beside it: put all parts there."),
        (last.name, f"promises the tensor {some} in {last.name}"),
    ):
        changed_map = {**content["weight_map"], some: wrong}
        index.write_text(json.dumps({"weight_map": changed_map}), encoding="utf-8")
        with pytest.raises(ValueError, match=message):
            load(index)
    index.write_text('{"weight_map": []}', encoding="utf-8")
    with pytest.raises(ValueError, match="weight_map must be a JSON object; got list."):
        load(index)


def test_pickles_are_not_opened(tmp_path: Path) -> None:
    class Harm:
        def __reduce__(self) -> Any:
            return Path.touch, (tmp_path / "run",)

    for name in ("pytorch_model.bin", "final.pth", "model.safetensors"):
        (tmp_path / name).write_bytes(pickle.dumps(Harm()))
        with pytest.raises(ValueError, match=r"so they are not; convert it with|not a \.safetensors file\."):
            load(tmp_path / name)
    assert not (tmp_path / "run").exists()


def test_a_bare_llama(tmp_path: Path) -> None:
    tensors = load_file(FIXTURES / "mistral" / "model.safetensors")
    bare = {name.removeprefix("model."): array for name, array in tensors.items()}
    bare |= {"layers.0.self_attn.rotary_emb.inv_freq": np.zeros(3, np.float32)}
    save_file(bare, tmp_path / "model.safetensors")
    model = load(tmp_path, load(FIXTURES / "mistral").cfg)
    assert isinstance(model, Transformer)
    stored = expected("mistral")
    np.testing.assert_allclose(model(stored["tokens"]), stored["logits"], rtol=0, atol=2e-5)
