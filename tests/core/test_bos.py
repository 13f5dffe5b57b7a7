"""Which token a model's texts begin with: its tokenizer says it, else its checkpoint's config, else it is 0."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from circuit_explainer.core import SymbolTokenizer, Transformer, load
from circuit_explainer.core.folding import processed
from circuit_explainer.core.tokenizers.bpe import BPETokenizer
from circuit_explainer.core.tokenizers.bpe.spec import Spec
from tests.core.conftest import random_model

GPT2 = Path(__file__).parents[1] / "parity" / "fixtures" / "checkpoints" / "gpt2"


def with_fields(folder: Path, **fields: object) -> Path:
    """GPT-2's fixture, whose bos_token_id is 16, with other fields in its config."""
    shutil.copytree(GPT2, folder)
    known = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    (folder / "config.json").write_text(json.dumps({**known, **fields}), encoding="utf-8")
    return folder


def test_a_checkpoint_without_a_tokenizer_has_that_of_its_config(tmp_path: Path) -> None:
    assert load(GPT2).tokenizer is None
    assert load(GPT2).bos == 16
    assert load(with_fields(tmp_path / "null", bos_token_id=None)).bos == 0
    # Small test models keep GPT-2's 50256 though they have no such token.
    assert load(with_fields(tmp_path / "far", bos_token_id=50256)).bos == 0


def test_a_tokenizer_beside_it_says_it(tmp_path: Path) -> None:
    folder = with_fields(tmp_path / "m", bos_token_id=None)
    (folder / "vocab.json").write_text('{"a": 0, "<|endoftext|>": 5}', encoding="utf-8")
    (folder / "merges.txt").write_text("", encoding="utf-8")
    assert load(folder).bos == 5
    assert load(folder, tokenizer=False).bos == 0
    assert load(folder, tokenizer=SymbolTokenizer(17, 11)).bos == 0


def test_a_tokenizer_that_puts_nothing_in_front_leaves_it_to_the_config(tmp_path: Path) -> None:
    folder = with_fields(tmp_path / "m")
    nothing = {"type": "TemplateProcessing", "single": [{"Sequence": {"id": "A", "type_id": 0}}]}
    told = {"model": {"vocab": {"a": 0}, "merges": []}, "post_processor": nothing}
    (folder / "tokenizer.json").write_text(json.dumps(told), encoding="utf-8")
    model = load(folder)
    assert model.to_tokens("a").tolist() == [[0]]
    assert model.bos == 16


def test_it_stays_with_the_model(tmp_path: Path) -> None:
    model = load(GPT2)
    model.save(tmp_path / "m.safetensors")
    assert load(tmp_path / "m.safetensors").bos == 16
    assert model.replace(use_attn_result=True).bos == 16
    spec = Spec({"a": 0, "b": 7}, (), bos=7)
    Transformer(model.cfg, model.weights, BPETokenizer(spec, 17, 11)).save(tmp_path / "m.safetensors")
    assert load(tmp_path / "m.safetensors").bos == 7
    assert load(tmp_path / "m.safetensors", tokenizer=False).bos == 7
    assert processed(model).bos == 16


def test_without_a_tokenizer_it_is_0_or_what_is_given() -> None:
    model = random_model()
    assert model.bos == 0
    assert Transformer(model.cfg, model.weights, bos=3).bos == 3
    spec = Spec({"a": 0, "b": 7}, (), bos=7)
    assert Transformer(model.cfg, model.weights, BPETokenizer(spec, 13, 11)).bos == 7
    assert Transformer(model.cfg, model.weights, BPETokenizer(spec, 13, 11), bos=3).bos == 3


@pytest.mark.parametrize("bos", [-1, 13, 1.0, True, "0"])
def test_what_is_no_token(bos: Any) -> None:
    model = random_model()
    with pytest.raises(ValueError, match=r"^bos must be a token between 0 and d_vocab - 1 = 12; got bos="):
        Transformer(model.cfg, model.weights, bos=bos)


@pytest.mark.parametrize("bos", ['"16"', "-1", "13", "true"])
def test_a_saved_file_that_lies(bos: str, tmp_path: Path) -> None:
    model = random_model()
    path = tmp_path / "m.safetensors"
    Transformer(model.cfg, model.weights, bos=3).save(path)
    content = path.read_bytes()
    told = content.replace(b'\\"bos\\": 3', b'\\"bos\\": ' + bos.replace('"', '\\"').encode())
    assert told != content
    length = int.from_bytes(content[:8], "little") + len(told) - len(content)
    path.write_bytes(length.to_bytes(8, "little") + told[8:])
    with pytest.raises(ValueError, match="bos"):
        load(path)
