"""The copy of the site that a browser keeps where its reader asked for it: the switch, and `sw.js`, which keeps it.

`sw.js` holds the list of the site's files with their hashes, and a version: the hash over that list and its own code.
"""

from __future__ import annotations

import hashlib
import json
from fnmatch import fnmatchcase
from pathlib import Path
from typing import NamedTuple

from circuit_explainer.build.files import sha256

FILE = "sw.js"
# One after the other, they are the script.
SOURCES = tuple(Path(__file__).parents[1] / "web" / "keep" / name for name in ("take.js", "answer.js", "worker.js"))
# What no page asks for: it is for crawlers, for chats and for other sites.
LEFT_OUT = (FILE, "*.map", "*.gz", "objects.inv", "images/card.png", "images/start.png")
UNFILLED = 'data-megabytes="?"'


class Listed(NamedTuple):
    """What a file must be: its size in bytes and its SHA-256 in base64."""

    size: int
    hash: str


def switch() -> str:
    """Return the switch; it shows when its script runs, and says the size when `fill` has written it there."""
    return (
        f'<fieldset class="keep" data-role="keep" {UNFILLED} hidden><legend>Without a network</legend>'
        '<label><input type="checkbox" role="switch"> Keep a copy on this device</label>'
        '<p data-role="keep-size"></p><p data-role="keep-told" role="status"></p></fieldset>'
    )


def files(site: Path) -> dict[str, Listed]:
    """Return the files of the built site that a copy of it has, by their path."""
    paths = sorted(path for path in site.rglob("*") if path.is_file())
    names = {path.relative_to(site).as_posix(): path for path in paths}
    kept = {name: path.read_bytes() for name, path in names.items() if not _left_out(name)}
    return {name: Listed(len(data), sha256(data)) for name, data in kept.items()}


def fill(site: Path) -> None:
    """Write into every page how large a copy of the site is, in whole megabytes."""
    size = sum(listed.size for listed in files(site).values())
    for path in site.rglob("*.html"):
        html = path.read_text(encoding="utf-8")
        if UNFILLED in html:
            path.write_text(html.replace(UNFILLED, f'data-megabytes="{round(size / 1e6)}"'), encoding="utf-8")


def write(site: Path) -> str:
    """Write `sw.js` of the built site, the last of its files; return the version."""
    listed = json.dumps(files(site), separators=(",", ":"), sort_keys=True)
    code = "\n".join(path.read_text(encoding="utf-8") for path in SOURCES)
    version = hashlib.sha256(f"{listed}\n{code}".encode()).hexdigest()[:16]
    script = f'"use strict";\nconst VERSION = "{version}";\nconst FILES = {listed};\n{code}'
    (site / FILE).write_text(script, encoding="utf-8")
    return version


def _left_out(name: str) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in LEFT_OUT)
