"""The site's bill of materials as CycloneDX 1.6: every part, what lies inside it, and the hash of each of its files."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from circuit_explainer.build.shipped.part import Part
from circuit_explainer.build.shipped.parts import owners

FILE = "sbom.cdx.json"
SPACE = uuid.uuid5(uuid.NAMESPACE_DNS, "circuit-explainer")
# Written text rather than software, some of it with the day of the build, and what holds the hash of this: left out.
UNHASHED = ("*.html", "sitemap.xml*", "search/*", "objects.inv", FILE, "sw.js")


def write(site: Path, known: Sequence[Part]) -> None:
    """Describe the built site in a file at its root; the same site gives the same bytes.

    Raises:
        ValueError: a file belongs to no part, or to several.
    """
    paths = sorted(path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file())
    hashes: dict[str, dict[str, str]] = {part.purl: {} for part in known}
    for path in paths:
        found = owners(path, known)
        if len(found) != 1 and path != FILE:
            names = ", ".join(part.name for part in found) or "no part"
            raise ValueError(f"{path} belongs to {names}; it has to be one. Correct `files` in build/shipped/parts.py.")
        if path.endswith("opened.html") or not any(fnmatchcase(path, pattern) for pattern in UNHASHED):
            hashes[found[0].purl][path] = hashlib.sha256((site / path).read_bytes()).hexdigest()
    (site / FILE).write_text(bill(known, hashes), encoding="utf-8")


def bill(known: Sequence[Part], hashes: Mapping[str, Mapping[str, str]]) -> str:
    """Return the bill of these parts, the first of which holds the others; `hashes` are by purl and path."""
    whole, *others = (_component(part, hashes[part.purl]) for part in known)
    said: dict[str, Any] = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"lifecycles": [{"phase": "build"}], "component": whole},
        "components": others,
        "dependencies": [{"ref": whole["bom-ref"], "dependsOn": [part["bom-ref"] for part in others]}],
    }
    content = json.dumps(said, sort_keys=True)
    said["serialNumber"] = f"urn:uuid:{uuid.uuid5(SPACE, content)}"
    return json.dumps(said, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def _component(part: Part, hashes: Mapping[str, str], within: str = "") -> dict[str, Any]:
    reference = f"{within}#{part.purl}" if within else part.purl
    single = " " not in part.licence
    licence: dict[str, Any] = {"license": {"id": part.licence}} if single else {"expression": part.licence}
    made: dict[str, Any] = {"type": part.kind, "bom-ref": reference, "name": part.name, "purl": part.purl}
    made |= {"licenses": [licence]} | ({"version": part.version} if part.version else {})
    made |= {"description": part.use} if part.use else {}
    files = [
        {"type": "file", "name": path, "hashes": [{"alg": "SHA-256", "content": content}]}
        for path, content in hashes.items()
    ]
    nested = [_component(each, {}, reference) for each in part.inside] + files
    return made | ({"components": nested} if nested else {})
