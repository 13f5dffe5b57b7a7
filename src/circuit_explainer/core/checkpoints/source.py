"""Where the tensors of a checkpoint lie: in one ``.safetensors`` file, or in several with an index."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from circuit_explainer.core.files.fields import mapping, read_object
from circuit_explainer.core.files.header import Entry, parse_header

INDEX = ".safetensors.index.json"
_PICKLED = (".bin", ".pt", ".pth", ".ckpt", ".pkl")


@dataclass(frozen=True)
class Stored:
    """One tensor: its file, where that file's tensors begin, and what its header says."""

    path: Path
    begin: int
    entry: Entry


@dataclass(frozen=True)
class Source:
    """The tensors of a checkpoint by name; ``metadata`` only of a single file."""

    path: Path
    metadata: dict[str, str]
    tensors: dict[str, Stored]


def find(path: Path) -> Source:
    """The checkpoint at a path: a ``.safetensors`` file, an index of several, or a folder with one of these.

    Nothing is read but the headers, each checked against its file's size.

    Raises:
        ValueError: a header or the index is broken, a folder holds no checkpoint, or the file is a pickle.
        OSError: a file cannot be opened.
    """
    if path.is_dir():
        path = _inside(path)
    if path.suffix in _PICKLED:
        raise ValueError(
            f"{path.name}: files of this kind can run code when they are opened, so they are not; "
            "convert it with safetensors.torch.save_file."
        )
    if path.name.endswith(INDEX):
        return _sharded(path)
    metadata, tensors = _one(path)
    return Source(path, metadata, tensors)


def _inside(folder: Path) -> Path:
    for name in ("model.safetensors", f"model{INDEX}"):
        if (folder / name).is_file():
            return folder / name
    found = sorted(folder.glob("*.safetensors"))
    if len(found) != 1:
        held = ", ".join(path.name for path in found[:5]) or "none"
        raise ValueError(f"{folder.name}: expected a folder with model.safetensors in it; its .safetensors are {held}.")
    return found[0]


def _one(path: Path) -> tuple[dict[str, str], dict[str, Stored]]:
    with path.open("rb") as file:
        metadata, entries, begin = parse_header(file)
    return metadata, {name: Stored(path, begin, entry) for name, entry in entries.items()}


def _sharded(path: Path) -> Source:
    files = mapping(read_object(path).get("weight_map"), f"{path.name}: weight_map")
    read: dict[str, dict[str, Stored]] = {}
    tensors: dict[str, Stored] = {}
    for name, file in files.items():
        # A plain name, so that an index cannot lead out of its folder.
        if not isinstance(file, str) or Path(file).name != file or not file.endswith(".safetensors"):
            raise ValueError(f"{path.name}: expected the name of a .safetensors file beside it; got {file!r:.100}.")
        if file not in read:
            if not path.with_name(file).is_file():
                raise ValueError(f"{path.name} names the file {file}, which is not beside it: put all parts there.")
            read[file] = _one(path.with_name(file))[1]
        if name not in read[file]:
            raise ValueError(f"{path.name} promises the tensor {name:.100} in {file}, which does not hold it.")
        tensors[name] = read[file][name]
    return Source(path, {}, tensors)
