"""The packages that were bundled into a file: what they are, and their licence texts."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

BUNDLED = "LICENSES-bundled.txt"
# By file of the runtime, the packages inside it; for the site's list of licences, and shipped by none.
INSIDE = "tools/bundled.json"


def notices(modules: Path, packages: Iterable[str]) -> str:
    """The licence files of these packages, one after another, each under the package's name."""
    texts = []
    for name in sorted(packages):
        found = _licence_files(modules / name)
        for path in found:
            texts.append(f"{name}\n\n{path.read_text(encoding='utf-8').strip()}\n")
        if not found:
            texts.append(f"{name}\n\n{_named_only(_described(modules, name))}\n")
    return "\n\n".join(texts)


def note_inside(out: Path, part: str, modules: Path, packages: Iterable[str]) -> None:
    """Note name, version and licence of the packages that lie inside `part` of the runtime `out`."""
    path = out / INSIDE
    noted = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    fields = ("name", "version", "license")
    described = [_described(modules, name) for name in sorted(packages)]
    noted[part] = [{field: package[field] for field in fields} for package in described]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(noted, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def needed_by(modules: Path, package: str) -> set[str]:
    """The packages that a package needs, and that these need."""
    found: set[str] = set()
    waiting = [package]
    while waiting:
        described = _described(modules, waiting.pop())
        new = {name for name in described.get("dependencies", {}) if (modules / name).is_dir()} - found
        found |= new
        waiting += new
    return found


def _described(modules: Path, name: str) -> dict[str, Any]:
    described: dict[str, Any] = json.loads((modules / name / "package.json").read_text(encoding="utf-8"))
    return described


def _licence_files(package: Path) -> list[Path]:
    return sorted(path for path in package.glob("*") if path.name.lower().startswith(("license", "licence")))


def _named_only(package: dict[str, Any]) -> str:
    author = package.get("author", "")
    who = author.get("name", "") if isinstance(author, dict) else author
    by = f", by {who}" if who else ""
    return f"This package has no licence file. Its package.json names the licence: {package['license']}{by}."
