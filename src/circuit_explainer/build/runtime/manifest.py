"""What the assembled runtime has to be, file by file: `manifest.json`, committed and checked."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

from .places import COMMAND, MANIFEST, files_below, sha256
from .problem import Problem

MEANT = f"if the change is meant, run `{COMMAND} manifest` and commit manifest.json"


def describe(folder: Path, sources: dict[str, Any]) -> dict[str, Any]:
    """The manifest of a folder; gzipped sizes are for information, as they depend on the machine's zlib."""
    files = {name: _describe_file(folder / name) for name in files_below(folder)}
    total = {key: sum(entry[key] for entry in files.values()) for key in ("size", "gzipped")}
    return {"sources": sources, "total": total, "files": files}


def write(manifest: dict[str, Any], path: Path = MANIFEST) -> None:
    """Write a manifest in the committed form."""
    path.write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")


def read(path: Path = MANIFEST) -> dict[str, Any]:
    """Read the committed manifest."""
    try:
        manifest: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise Problem(f"{path} cannot be read ({error}); restore it with git, or run `{COMMAND} manifest`") from error
    return manifest


def difference(folder: Path, manifest: dict[str, Any]) -> str | None:
    """One line on the first file that is not as the manifest says, or None."""
    files, present = manifest["files"], files_below(folder)
    if absent := sorted(set(files).difference(present)):
        return f"{absent[0]} is missing: expected by manifest.json, not found in {folder}"
    if extra := sorted(set(present).difference(files)):
        return f"{extra[0]} is not in manifest.json, but in {folder}"
    for name, entry in files.items():
        got = sha256(folder / name)
        if got != entry["sha256"]:
            size = (folder / name).stat().st_size
            return (
                f"{name} differs from manifest.json: expected sha256 {entry['sha256']} ({entry['size']} bytes), "
                f"got {got} ({size} bytes)"
            )
    return None


def check(folder: Path, manifest: dict[str, Any]) -> None:
    """Raise if any file is missing, extra or different."""
    if found := difference(folder, manifest):
        raise Problem(f"{found}; {MEANT}")


def _describe_file(path: Path) -> dict[str, Any]:
    packed = len(gzip.compress(path.read_bytes(), 9, mtime=0))
    return {"size": path.stat().st_size, "gzipped": packed, "sha256": sha256(path)}
