"""Which files make a checkpoint; a sentence for each way in which they do not."""

import json
import shutil
from pathlib import Path

import pytest

from circuit_explainer.workbench.own.chosen import checkpoint, without_config
from circuit_explainer.workbench.tools import ToolError
from tests.workbench.own.files import FIXTURES

PARTS = [f"model-0000{n}-of-00005.safetensors" for n in range(1, 6)]
INDEX = "model.safetensors.index.json"


def folder(tmp_path: Path, *names: str) -> Path:
    for name in names:
        (tmp_path / name).write_bytes(b"")
    return tmp_path


def test_the_one_file_or_the_index(tmp_path: Path) -> None:
    assert checkpoint(folder(tmp_path, "a.safetensors", "config.json", "README.md")).name == "a.safetensors"
    assert checkpoint(FIXTURES / "qwen2").name == INDEX


@pytest.mark.parametrize(
    ("names", "told"),
    [
        (["config.json"], "Expected a .safetensors file and its config.json; got config.json."),
        ([], "Expected a .safetensors file and its config.json; got no file."),
        (["config.json", "pytorch_model.bin"], "pytorch_model.bin is a pickle. Such a file can run any code"),
        (["final.pth"], "final.pth is a pickle."),
        (["tiny.Q4.gguf"], "tiny.Q4.gguf is a GGUF file, whose numbers are packed for another program. Exp"),
        (["a.zip"], "a.zip is an archive; unpack it first. Expected a .safetensors file."),
        (["a.safetensors", "b.safetensors"], "Expected one .safetensors file; got 2: a.safetensors, b.safetensors."),
        (PARTS[:1], f"{PARTS[0]} is one of 5 parts of a checkpoint, of which 1 was chosen. Choose all 5 together with"),
        (PARTS, f"of which 5 were chosen. Choose all 5 together with their index, {INDEX}."),
        (["a.safetensors.index.json", INDEX], "Expected one checkpoint; got 2 indices: a.safetensors.index.json, "),
    ],
)  # fmt: skip
def test_no_checkpoint(tmp_path: Path, names: list[str], told: str) -> None:
    with pytest.raises(ToolError) as error:
        checkpoint(folder(tmp_path, *names))
    assert told in str(error.value)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"[]", f"{INDEX} must be a JSON object; got list."),
        (b"{", f"{INDEX} is not JSON: "),
        (b"\xff", f"{INDEX} is not text in UTF-8: "),
    ],
)
def test_an_index_that_cannot_be_read(tmp_path: Path, content: bytes, told: str) -> None:
    (tmp_path / INDEX).write_bytes(content)
    with pytest.raises(ToolError) as error:
        checkpoint(tmp_path)
    assert str(error.value).startswith(told)
    assert str(error.value).endswith(" Copy or download it again.")


@pytest.mark.parametrize(
    ("left", "told"),
    [
        (4, f"{INDEX} names 5 files, of which 1 is missing: {PARTS[4]}. Choose all of them together."),
        (1, f"names 5 files, of which 4 are missing: {', '.join(PARTS[1:4])} and 1 more. Choose"),
    ],
)
def test_half_of_several_files(tmp_path: Path, left: int, told: str) -> None:
    for name in [*PARTS[:left], INDEX, "config.json"]:
        shutil.copy(FIXTURES / "qwen2" / name, tmp_path)
    with pytest.raises(ToolError) as error:
        checkpoint(tmp_path)
    assert told in str(error.value)


def test_an_index_of_nothing(tmp_path: Path) -> None:
    (tmp_path / INDEX).write_text(json.dumps({"weight_map": []}), encoding="utf-8")
    # What is wrong with it is told when it is opened.
    assert checkpoint(tmp_path).name == INDEX


def test_a_config_under_another_name(tmp_path: Path) -> None:
    asked = "m.safetensors does not say its sizes. Choose the config.json of the same model together with it."
    assert without_config(folder(tmp_path, "tokenizer.json"), "m.safetensors") == asked
    assert without_config(folder(tmp_path, "config(1).json"), "m.safetensors") == (
        f"{asked} If config(1).json is that file, rename it."
    )
