"""`sw.js` of the built site: every file is in its list or left out by name, and the same files give the same script."""

import base64
import hashlib
import json
import re
import shutil
from fnmatch import fnmatchcase
from pathlib import Path

from circuit_explainer.build import keep

SITE = Path(__file__).parents[2] / "site"


def listed() -> dict[str, list[object]]:
    text = (SITE / keep.FILE).read_text(encoding="utf-8")
    found = re.search(r"^const FILES = (.*);$", text, re.M)
    assert found
    said: dict[str, list[object]] = json.loads(found[1])
    return said


def test_every_file_is_listed_or_left_out_by_name() -> None:
    files = {path.relative_to(SITE).as_posix() for path in SITE.rglob("*") if path.is_file()}
    rest = files - set(listed())
    assert {name for name in rest if not any(fnmatchcase(name, pattern) for pattern in keep.LEFT_OUT)} == set()
    assert {pattern for pattern in keep.LEFT_OUT if not any(fnmatchcase(name, pattern) for name in rest)} <= {"*.map"}
    assert set(listed()) <= files


def test_sizes_and_hashes_are_those_of_the_files() -> None:
    for name, (size, hashed) in listed().items():
        data = (SITE / name).read_bytes()
        assert (size, hashed) == (len(data), base64.b64encode(hashlib.sha256(data).digest()).decode()), name


def test_pages_say_the_size() -> None:
    size = sum(int(str(size)) for size, _ in listed().values())
    for page in ("index.html", "reference/on-this-device/index.html"):
        found = re.findall(r'data-megabytes="(.*?)"', (SITE / page).read_text(encoding="utf-8"))
        assert set(found) == {str(round(size / 1e6))}


def test_the_same_files_give_the_same_script_and_others_another_version(tmp_path: Path) -> None:
    shutil.copytree(SITE / "lessons", tmp_path / "lessons")
    version = keep.write(tmp_path)
    script = (tmp_path / keep.FILE).read_bytes()
    assert (keep.write(tmp_path), (tmp_path / keep.FILE).read_bytes()) == (version, script)
    (tmp_path / "lessons" / "index.html").write_text("another")
    assert keep.write(tmp_path) != version


def test_nothing_that_is_listed_holds_the_day_of_the_build() -> None:
    assert "lastmod" not in (SITE / "sitemap.xml").read_text(encoding="utf-8")
