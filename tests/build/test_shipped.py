"""What the site ships: nothing is unlisted, each licence lies in the site, and the bill of materials is valid."""

import hashlib
import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from license_expression import get_spdx_licensing

from circuit_explainer.build import shipped
from circuit_explainer.build.runtime import cache_dir, manifest
from circuit_explainer.build.shipped import bill, inside, page

SITE = Path(__file__).parents[2] / "site"
RUNTIME = cache_dir() / "runtime"
FILES = sorted(path.relative_to(SITE).as_posix() for path in SITE.rglob("*") if path.is_file())
PARTS = shipped.parts(RUNTIME)
EVERY = [each for part in PARTS for each in (part, *part.inside)]


def said() -> Any:
    return json.loads((SITE / shipped.FILE).read_text(encoding="utf-8"))


def hashes() -> dict[str, str]:
    """The SHA-256 of each file that the bill names; a file that stands there twice is an error."""
    whole = said()
    parts = [whole["metadata"]["component"], *whole["components"]]
    files = [each for part in parts for each in part.get("components", []) if each["type"] == "file"]
    assert len({file["name"] for file in files}) == len(files)
    return {file["name"]: file["hashes"][0]["content"] for file in files}


def test_every_file_of_the_site_belongs_to_one_part() -> None:
    assert {path: len(shipped.owners(path, PARTS)) for path in FILES} == dict.fromkeys(FILES, 1)


def test_every_part_has_files() -> None:
    owned = {part.name for path in FILES for part in shipped.owners(path, PARTS)}
    assert [part.name for part in PARTS if part.name not in owned] == []


def test_a_file_of_nobody_ends_the_build(tmp_path: Path) -> None:
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / "strange.js").write_text("")
    with pytest.raises(ValueError, match=r"assets/strange\.js belongs to no part"):
        shipped.write(tmp_path, PARTS)


def test_the_bill_follows_the_schema() -> None:
    text = (SITE / shipped.FILE).read_text(encoding="utf-8")
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None


def test_licences_are_named_as_spdx_names_them() -> None:
    known = get_spdx_licensing()
    assert {part.name: known.validate(part.licence, strict=True).errors for part in EVERY} == {
        part.name: [] for part in EVERY
    }


def test_hashes_are_those_of_the_manifest_and_of_the_files() -> None:
    found = hashes()
    wanted = {
        re.sub(r"^assets/(runtime-[^/]+|(?=fonts))/?", "", path): content
        for path, content in found.items()
        if path.startswith(("assets/runtime-", "assets/fonts/"))
    }
    pinned = {
        name: entry["sha256"] for name, entry in manifest.read()["files"].items() if not name.startswith("tools/")
    }
    assert wanted == pinned
    for path, content in found.items():
        assert hashlib.sha256((SITE / path).read_bytes()).hexdigest() == content
    assert {path for path in FILES if path.startswith("assets/")} <= set(found)


def test_the_same_site_gives_the_same_bytes_and_another_another_number(tmp_path: Path) -> None:
    first = (SITE / shipped.FILE).read_text(encoding="utf-8")
    part = SITE / "assets" / "images"
    shutil.copytree(part, tmp_path / "assets" / "images")
    numbers = []
    for _ in range(2):
        shipped.write(tmp_path, PARTS)
        numbers.append((tmp_path / shipped.FILE).read_bytes())
    assert numbers[0] == numbers[1]
    assert json.loads(numbers[0])["serialNumber"] != json.loads(first)["serialNumber"]
    none: dict[str, dict[str, str]] = {part.purl: {} for part in PARTS}
    assert "timestamp" not in bill.bill(PARTS, none)


def test_each_licence_is_on_the_page_and_its_text_in_the_site() -> None:
    html = (SITE / "reference" / "licences" / "index.html").read_text(encoding="utf-8")
    links = re.findall(r'<a href="([^"/]+\.txt)" aria-label="([^,]+), ([^"]+)"', html)
    assert [(licence, name) for _, licence, name in links] == [
        (part.licence, part.name) for part in (*PARTS, *(each for part in PARTS for each in part.inside))
    ]
    for link, _, name in links:
        text = (SITE / shipped.FOLDER / link).read_text(encoding="utf-8")
        assert len(text) > 500, link
        if link.endswith("-inside.txt"):
            assert name in text, f"{link} lacks {name}"
    for part in EVERY:
        assert part.version is None or f"<td>{part.version}</td>" in html


def test_the_page_names_what_is_not_shipped() -> None:
    html = (SITE / "reference" / "licences" / "index.html").read_text(encoding="utf-8")
    for name in ("mkdocs 1", "esbuild 0", "pytest 9", "axe-core 4"):
        assert name in html


def test_what_lies_in_materials_bundles_is_what_their_source_maps_name() -> None:
    import material

    maps = (Path(material.__file__).parent / "templates" / "assets").rglob("*.map")
    sources = [source for path in maps for source in json.loads(path.read_text(encoding="utf-8"))["sources"]]
    found = {match[1] for source in sources if (match := re.search(r"node_modules/((?:@[^/]+/)?[^/]+)", source))}
    assert found == set(inside.THEME)


def test_what_is_linked_into_pyodide_is_found_there() -> None:
    binary = (RUNTIME / "pyodide" / "pyodide.asm.wasm").read_bytes()
    signs = {
        "Emscripten": b"emscripten_",
        "musl": b"getaddrinfo",
        "LLVM runtimes": b"__cxa_",
        "zlib": b"inflateInit2_",
        "bzip2": b"BZ2_bz",
        "liblzma": b"lzma_",
        "Zstandard": b"ZSTD_",
        "SQLite": b"sqlite3_open",
        "libffi": b"ffi_call",
        "Expat": b"XML_ParserCreate",
        "libmpdec": b"mpd_",
    }
    assert set(signs) == set(inside.PYODIDE)
    assert [name for name, sign in signs.items() if sign not in binary] == []


def test_a_table_that_there_is_not_is_refused() -> None:
    with pytest.raises(ValueError, match="Nothing is told of 'KaTeX'"):
        page.fill(page.block("KaTeX"), PARTS)
