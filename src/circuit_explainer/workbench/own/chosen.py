"""Which of the files that a reader chose is the checkpoint; what is missing or wrong is told in a sentence."""

from __future__ import annotations

import re
from pathlib import Path

from circuit_explainer.core.checkpoints.source import INDEX
from circuit_explainer.core.files.fields import read_object
from circuit_explainer.workbench.tools import ToolError

PICKLED = (".bin", ".pt", ".pth", ".ckpt", ".pkl")
_OTHERS = {
    ".gguf": "a GGUF file, whose numbers are packed for another program",
    ".onnx": "an ONNX file",
    ".h5": "a TensorFlow file",
    ".msgpack": "a Flax file",
    ".npz": "an archive of arrays",
    ".zip": "an archive; unpack it first",
}
_PART = re.compile(r"-(\d+)-of-(\d+)\.safetensors$")
# The reader's own files that have a use.
KNOWN = ("config.json", "tokenizer.json", "vocab.json", "merges.txt")


def checkpoint(folder: Path) -> Path:
    """The index or the one ``.safetensors`` among the files of a folder.

    Raises:
        ToolError: there is none, there are several, or parts of one are missing.
    """
    files = {path.name: path for path in sorted(folder.iterdir())}
    indices = [name for name in files if name.endswith(INDEX)]
    weights = [name for name in files if name.endswith(".safetensors")]
    if len(indices) > 1:
        raise ToolError(f"Expected one checkpoint; got {len(indices)} indices: {_some(indices)}. Choose one.")
    if indices:
        return _whole(files[indices[0]], weights)
    if not weights:
        raise ToolError(_no_weights(list(files)))
    part = _PART.search(weights[0])
    if part:
        raise ToolError(
            f"{weights[0]} is one of {int(part[2])} parts of a checkpoint, of which {len(weights)} "
            f"{'was' if len(weights) == 1 else 'were'} chosen. Choose all {int(part[2])} together with their index, "
            f"model{INDEX}."
        )
    if len(weights) > 1:
        raise ToolError(f"Expected one .safetensors file; got {len(weights)}: {_some(weights)}. Choose one.")
    return files[weights[0]]


def _whole(index: Path, weights: list[str]) -> Path:
    try:
        named = read_object(index).get("weight_map")
    except ValueError as error:
        raise ToolError(f"{error} Copy or download it again.") from error
    parts = {file for file in named.values() if isinstance(file, str)} if isinstance(named, dict) else set()
    missing = sorted(parts - set(weights))
    if missing:
        are = "is" if len(missing) == 1 else "are"
        raise ToolError(
            f"{index.name} names {len(parts)} files, of which {len(missing)} {are} missing: {_some(missing)}. "
            "Choose all of them together."
        )
    return index


def _no_weights(names: list[str]) -> str:
    for name in names:
        end = Path(name).suffix.lower()
        if end in PICKLED:
            return (
                f"{name} is a pickle. Such a file can run any code when it is opened, so it is not. Convert it to "
                ".safetensors in Python, as this page shows under “Export a checkpoint”."
            )
        if end in _OTHERS:
            return f"{name} is {_OTHERS[end]}. Expected a .safetensors file."
    return f"Expected a .safetensors file and its config.json; got {_some(names) or 'no file'}."


def without_config(folder: Path, name: str) -> str:
    """The sentence for a checkpoint whose config is missing."""
    others = [
        path.name for path in sorted(folder.glob("*.json")) if path.name not in KNOWN and not path.name.endswith(INDEX)
    ]
    renamed = f" If {others[0]} is that file, rename it." if others else ""
    return f"{name} does not say its sizes. Choose the config.json of the same model together with it.{renamed}"


def _some(names: list[str]) -> str:
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
