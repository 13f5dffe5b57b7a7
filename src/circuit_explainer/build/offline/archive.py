"""A folder as a zip that depends on its content only, with a list of hashes inside."""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path

MANIFEST = "MANIFEST.sha256"
DATE = (2026, 1, 1, 0, 0, 0)


def manifest(folder: Path) -> None:
    """Write the SHA-256 of every file into the folder, as `sha256sum --check` reads them."""
    lines = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder).as_posix()}\n"
        for path in _files(folder)
        if path.name != MANIFEST
    ]
    (folder / MANIFEST).write_text("".join(lines), encoding="utf-8")


def zipped(folder: Path, target: Path) -> Path:
    """Write the zip of a folder, which stands in it under its own name; return its path."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as made:
        for path in _files(folder):
            info = zipfile.ZipInfo(f"{folder.name}/{path.relative_to(folder).as_posix()}", DATE)
            info.external_attr = 0o644 << 16
            made.writestr(info, path.read_bytes(), zipfile.ZIP_DEFLATED, 9)
    return target


def _files(folder: Path) -> list[Path]:
    return sorted((path for path in folder.rglob("*") if path.is_file()), key=lambda path: path.as_posix())
