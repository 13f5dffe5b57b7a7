"""Packs: what a page of the offline copy would fetch, as scripts that hold it zipped and written as text."""

from __future__ import annotations

import base64
import gzip
import json
import re
from collections.abc import Mapping
from pathlib import Path


def pack(name: str, data: bytes) -> str:
    """Return the script that hands the file to the page; the same for the same file."""
    text = base64.b64encode(gzip.compress(data, 9, mtime=0)).decode()
    return f"offline.take({json.dumps(name)},{json.dumps(text)});\n"


def with_fonts(css: bytes, folder: Path) -> bytes:
    """Return a style sheet that holds its typefaces itself; `folder` is where it lies."""

    def held(found: re.Match[str]) -> str:
        font = (folder / found[1]).resolve()
        return f'url("data:font/woff2;base64,{base64.b64encode(font.read_bytes()).decode()}")'

    return re.sub(r'url\("([^"]+\.woff2)"\)', held, css.decode()).encode()


def files_of(module: Path) -> Mapping[str, str | Mapping[str, str]]:
    """Return what the site's files.js exports."""
    found: dict[str, str | Mapping[str, str]] = json.loads(
        module.read_text(encoding="utf-8").removeprefix("export default ").removesuffix(";\n")
    )
    return found
