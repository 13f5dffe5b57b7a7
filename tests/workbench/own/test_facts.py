"""What is told of a checkpoint before it is loaded, and what is told of one that cannot be."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from circuit_explainer import zoo
from circuit_explainer.workbench.own.facts import facts
from circuit_explainer.workbench.tools import ToolError
from tests.workbench.own.files import FIXTURES, LARGE, SMALL, empty_gpt2, random_gpt2

SPEED = 1e9


def test_gpt2_small_in_sentences(tmp_path: Path) -> None:
    found = facts(empty_gpt2(tmp_path, SMALL), SPEED)
    assert found.name == "random-gpt2"
    assert found.refused is None
    assert found.sentences == (
        "model.safetensors is a GPT-2 checkpoint with the names of Hugging Face: 12 layers of 12 heads, d_model 768, a "
        "vocabulary of 50,257 and a context of 1,024 tokens.",
        "It has 124.4 million parameters, 498 MB of float32.",
        "It will need about 741 MB of memory; the limit here is 2.0 GB.",
        "A run of 32 tokens takes about 4.0 seconds on this device, and the table of head scores about 32 "
        "seconds, once.",
        "No tokenizer was chosen with it, so it reads numbers of tokens instead of text. Choose tokenizer.json, or "
        "vocab.json and merges.txt, together with it for text.",
    )
    (tmp_path / "README.md").write_text("")
    assert facts(tmp_path, SPEED).sentences[-1] == "Not used: README.md."


def test_one_that_is_too_large(tmp_path: Path) -> None:
    found = facts(empty_gpt2(tmp_path, LARGE), SPEED)
    assert found.refused == (
        "It is too large for this page: it would need about 3.8 GB of memory, and the limit here is 2.0 GB. A file in "
        "float16 does not help, because its numbers are computed with as float32. Take a smaller model, of "
        "about 400 million parameters at most, or open this one with the Python library, which has no such limit."
    )
    assert found.sentences[1] == "It has 774.0 million parameters, 3.1 GB of float32."


@pytest.mark.parametrize(
    ("name", "what", "size"),
    [
        ("gpt2-half", "a GPT-2 checkpoint", "of float16; they are computed with as float32."),
        ("llama", "a checkpoint of the Llama family", "of bfloat16; they are computed with as float32."),
        ("llama-biased", "a checkpoint of the Llama family", "of float64."),
        ("qwen2", "a checkpoint of the Llama family", "parameters in 5 files, "),
    ],
)
def test_kinds_and_types(name: str, what: str, size: str) -> None:
    found = facts(FIXTURES / name, SPEED)
    assert found.refused is None
    assert what in found.sentences[0]
    assert size in found.sentences[1]


def test_one_of_ours_with_its_tokenizer(tmp_path: Path) -> None:
    shutil.copy(zoo.directory() / "induction-2l.safetensors", tmp_path)
    found = facts(tmp_path, SPEED)
    assert found.name == "induction-2l-yours"
    assert "induction-2l.safetensors is a model saved by this site: 2 layers of " in found.sentences[0]
    assert found.sentences[-1] == "It reads text with its own tokenizer."
    assert found.tokenizer == zoo.load("induction-2l").tokenizer


def test_names(tmp_path: Path) -> None:
    folder = random_gpt2(tmp_path)
    fields = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    for told, name in (("./", "your-model"), ("a b/c d", "c-d"), ("x" * 99, "x" * 40), (3, "your-model")):
        (folder / "config.json").write_text(json.dumps({**fields, "_name_or_path": told}), encoding="utf-8")
        assert facts(folder, SPEED).name == name
    (folder / "model.safetensors").rename(folder / "my model (1).safetensors")
    assert facts(folder, SPEED).name == "my-model-1"


def test_a_config_that_is_of_no_use_stops_nothing(tmp_path: Path) -> None:
    """A file of ours says its own config: what lies beside it is not read for it."""
    zoo.load("by-hand").save(tmp_path / "model.safetensors")
    (tmp_path / "config.json").write_bytes(b"\xff{")
    assert facts(tmp_path, SPEED).name == "your-model"


def test_a_tokenizer_that_cannot_be_used(tmp_path: Path) -> None:
    folder = random_gpt2(tmp_path)
    (folder / "tokenizer.json").write_text('{"model": {"type": "WordPiece"}}', encoding="utf-8")
    found = facts(folder, SPEED)
    assert found.tokenizer is None
    assert found.sentences[-1].startswith(
        "Its tokenizer cannot be used, so it reads numbers of tokens instead of text. "
    )
    assert "WordPiece" in found.sentences[-1]
    assert "tokenizer=False" not in found.sentences[-1]


def cut(folder: Path) -> None:
    path = folder / "model.safetensors"
    path.write_bytes(path.read_bytes()[:-100])


def of_another(folder: Path) -> None:
    fields = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    (folder / "config.json").write_text(json.dumps({**fields, "n_layer": 5}), encoding="utf-8")


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (cut, "model.safetensors: transformer.wte.weight: its bytes end at 123008, but only 122908 "),
        (lambda folder: (folder / "config.json").unlink(), "model.safetensors does not say its sizes. "),
        (lambda folder: (folder / "config.json").write_text("{"), "config.json is not JSON"),
        (lambda folder: (folder / "model.safetensors").write_bytes(b"no checkpoint, but some text"), "the file is t"),
        (lambda folder: (folder / "model.safetensors").write_bytes(b""), "this one has 0 bytes."),
        (of_another, "model.safetensors: expected the tensor transformer.h.2.ln_1.weight (32,) and 35 more by"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told(tmp_path: Path, damage: Callable[[Path], object], told: str) -> None:
    folder = random_gpt2(tmp_path)
    damage(folder)
    with pytest.raises(ToolError) as error:
        facts(folder, SPEED)
    assert told in str(error.value)
    assert "config=Config" not in str(error.value)


def test_one_that_transformer_lens_wrote() -> None:
    found = facts(FIXTURES.parent / "lens-checkpoint", SPEED)
    assert "model.safetensors is a checkpoint of TransformerLens: 2 layers of 4 heads, d_model 24" in found.sentences[0]
    assert found.sentences[-1] == "Not used: expected.npz."
