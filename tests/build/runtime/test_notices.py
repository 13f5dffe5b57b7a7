from __future__ import annotations

import json
from pathlib import Path

import pytest

from circuit_explainer.build.runtime.notices import INSIDE, needed_by, note_inside, notices


@pytest.fixture
def modules(tmp_path: Path) -> Path:
    """Packages a -> b -> @c/d -> b, and one that nobody needs."""
    for name, needs in {"a": ["b"], "b": ["@c/d"], "@c/d": ["b", "not-installed"], "alone": []}.items():
        (tmp_path / name).mkdir(parents=True)
        described: dict[str, object] = {"name": name, "version": "1.0", "license": "MIT", "author": {"name": "Ada"}}
        described["dependencies"] = dict.fromkeys(needs, "1")
        (tmp_path / name / "package.json").write_text(json.dumps(described))
    (tmp_path / "b" / "license.md").write_text("Do what you like.\n")
    (tmp_path / "@c/d" / "LICENCE").write_text("Do it twice.\n")
    return tmp_path


def test_all_that_a_package_needs(modules: Path) -> None:
    assert needed_by(modules, "a") == {"b", "@c/d"}
    assert needed_by(modules, "alone") == set()


def test_licences_stand_under_their_packages(modules: Path) -> None:
    assert notices(modules, ["b", "@c/d"]) == "@c/d\n\nDo it twice.\n\n\nb\n\nDo what you like.\n"


def test_a_package_without_a_licence_file_is_told_all_the_same(modules: Path) -> None:
    words = "This package has no licence file. Its package.json names the licence: MIT, by Ada."
    assert notices(modules, ["a"]) == f"a\n\n{words}\n"


def test_what_lies_inside_is_noted_part_by_part(modules: Path, tmp_path: Path) -> None:
    note_inside(tmp_path / "out", "one", modules, {"b", "a"})
    note_inside(tmp_path / "out", "two", modules, ["alone"])
    noted = json.loads((tmp_path / "out" / INSIDE).read_text())
    assert [package["name"] for package in noted["one"]] == ["a", "b"]
    assert noted["two"] == [{"name": "alone", "version": "1.0", "license": "MIT"}]
