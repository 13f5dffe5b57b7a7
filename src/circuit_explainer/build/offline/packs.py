"""Packs: what a page of the offline copy would fetch, as scripts that hold it zipped and written as text."""

from __future__ import annotations

import base64
import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

# What the copy has in packs alone. Plotly is a classic script, and is loaded as it lies.
PACKED = ("*.mjs", "*.wasm", "*.whl", "*.zip", "*.safetensors", "pyscript/*.js")
TOKENS = "page/tokens.css"
# What a page reads to save a chart.
TEXTS = (
    TOKENS,
    "page/exhibit.css",
    "page/diagram.css",
    "page/save/opened.html",
    "page/save/opened.js",
    "page/exhibit/look.js",
    "page/exhibit/dress.js",
)
PLOTLY_TEXTS = ("LICENSE", "LICENSES-bundled.txt")


def write_packs(assets: Path, core: Path, out: Path) -> None:
    """Write the packs of a built site's `assets` into the folder `out`; `core` is PyScript as one module."""
    files = files_of(assets)
    contents: dict[str, Path] = {name: assets / name for name in files["hashes"]}
    contents |= {str(files["core"]): core, **dict(_texts(assets, files))}
    for name, path in contents.items():
        data = with_fonts(path.read_bytes(), path.parent) if name == TOKENS else path.read_bytes()
        target = out / f"{name}.js"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(pack(name, data), encoding="utf-8")


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


def files_of(assets: Path) -> dict[str, Any]:
    """Return what the site's files.js exports."""
    text = (page_folder(assets) / "files.js").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text.removeprefix("export default ").removesuffix(";\n"))
    return found


def page_folder(assets: Path) -> Path:
    """Return the folder of the site's scripts and styles."""
    (found,) = assets.glob("page-*")
    return found


def boot_files(files: dict[str, Any]) -> list[str]:
    """Return the names of what Python needs to start."""
    return [name for name in files["hashes"] if name.rpartition("/")[2] in files["sizes"]]


def _texts(assets: Path, files: dict[str, Any]) -> Iterator[tuple[str, Path]]:
    for name in TEXTS:
        yield name, page_folder(assets) / name.removeprefix("page/")
    for text in PLOTLY_TEXTS:
        name = f"{files['runtime']}plotly/{text}"
        yield name, assets / name
