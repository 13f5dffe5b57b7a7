"""One part of what the site ships, and where its version and licence are found: pinned, installed or in the runtime."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, replace
from email import message_from_bytes
from importlib.metadata import metadata
from pathlib import Path
from typing import Any
from urllib.parse import quote

from circuit_explainer.build import runtime

OURS = "circuit-explainer"
LOCK = Path(__file__).parents[4] / "package-lock.json"


@dataclass(frozen=True)
class Part:
    """One thing that the site ships. `text` names the file with its licence, `files` are patterns of its own files.

    Parts `inside` it have no files of their own; `version` is None where nobody says it.
    """

    name: str
    version: str | None
    licence: str
    purl: str
    use: str = ""
    text: str = ""
    files: tuple[str, ...] = ()
    inside: tuple[Part, ...] = ()
    kind: str = "library"


def ours(what: str, use: str, files: tuple[str, ...], kind: str) -> Part:
    """Return a part that is our own work."""
    version = metadata(OURS)["Version"]
    purl = f"pkg:generic/{OURS}{'-models' if what else ''}@{version}"
    return Part(f"{what}Circuit Explainer", version, _licence(OURS), purl, use, OURS, files, kind=kind)


def locked(package: str) -> dict[str, Any]:
    """Return what package-lock.json says of an npm package."""
    entry: dict[str, Any] = json.loads(LOCK.read_text(encoding="utf-8"))["packages"][f"node_modules/{package}"]
    return entry | {"name": package}


def at(folder: str, *names: str) -> tuple[str, ...]:
    """Return patterns of files in a folder of the runtime."""
    return tuple(f"assets/runtime-*/{folder}/{name}" for name in names)


def from_npm(
    package: str, name: str, use: str, place: str, files: tuple[str, ...], inside: tuple[Part, ...] = ()
) -> Part:
    """Return a package that package-lock.json pins, with its files in the runtime's folder `place`."""
    [found] = bundled([locked(package)])
    return replace(found, name=name, use=use, text=place, files=at(place, *files), inside=inside)


def font(face: str, use: str) -> Part:
    """Return one of the two faces."""
    name = f"atkinson-hyperlegible-{face}"
    found = from_npm(f"@fontsource-variable/{name}", f"Atkinson Hyperlegible {face.title()}", use, name, ())
    return replace(found, files=(f"assets/fonts/{name}-*",))


def numpy(folder: Path) -> Part:
    """Return numpy, as its wheel in the runtime describes it."""
    with zipfile.ZipFile(folder / "pyodide" / runtime.NUMPY_WHEEL) as wheel:
        about = next(name for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
        said = message_from_bytes(wheel.read(about))
    files = at("pyodide", "numpy-*.whl", runtime.NUMPY_PART, "LICENSE-numpy.txt")
    purl = f"pkg:pypi/numpy@{said['Version']}"
    return Part("NumPy", said["Version"], said["License-Expression"], purl, "All arithmetic.", "numpy", files)


def installed(
    package: str, name: str, use: str, text: str, files: tuple[str, ...], inside: tuple[Part, ...] = ()
) -> Part:
    """Return a Python package that is installed here."""
    version = metadata(package)["Version"]
    return Part(name, version, _licence(package), f"pkg:pypi/{package}@{version}", use, text, files, inside)


def bundled(packages: Iterable[dict[str, Any]]) -> tuple[Part, ...]:
    """Return npm packages, given as in their package.json."""
    return tuple(
        Part(
            package["name"],
            package["version"],
            package["license"].replace("APACHE", "Apache"),  # as SPDX writes it
            f"pkg:npm/{quote(package['name'])}@{package['version']}",
        )
        for package in packages
    )


def named(kind: str, licences: dict[str, str]) -> tuple[Part, ...]:
    """Return parts of which only name and licence are known."""
    purls = {name: f"pkg:{kind}/{quote(name.lower().replace(' ', '-'))}" for name in licences}
    return tuple(Part(name, None, licence, purls[name]) for name, licence in licences.items())


def _licence(package: str) -> str:
    return str(metadata(package)["License-Expression"])
