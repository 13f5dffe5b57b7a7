from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest

from circuit_explainer.build.runtime import manifest as manifests
from circuit_explainer.build.runtime import names
from circuit_explainer.build.runtime.npm_packages import versions
from circuit_explainer.build.runtime.problem import Problem


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "made" / "sub").mkdir(parents=True)
    (tmp_path / "made" / "sub" / "a.js").write_text("let a = 1;\n" * 100)
    (tmp_path / "made" / "b.txt").write_text("b")
    return tmp_path / "made"


@pytest.fixture
def manifest(folder: Path) -> dict[str, Any]:
    return manifests.describe(folder, {"npm": {}})


def test_what_is_recorded(manifest: dict[str, Any]) -> None:
    assert list(manifest["files"]) == ["b.txt", "sub/a.js"]
    entry = manifest["files"]["sub/a.js"]
    assert entry["size"] == 1100
    assert entry["gzipped"] < 100
    assert entry["sha256"] == hashlib.sha256(b"let a = 1;\n" * 100).hexdigest()
    assert manifest["total"]["size"] == 1101


def test_written_and_read(manifest: dict[str, Any], folder: Path, tmp_path: Path) -> None:
    manifests.write(manifest, tmp_path / "manifest.json")
    assert manifests.read(tmp_path / "manifest.json") == manifest
    manifests.check(folder, manifest)


def test_a_changed_file(folder: Path, manifest: dict[str, Any]) -> None:
    (folder / "b.txt").write_text("c")
    got = hashlib.sha256(b"c").hexdigest()
    expected = manifest["files"]["b.txt"]["sha256"]
    with pytest.raises(Problem) as caught:
        manifests.check(folder, manifest)
    assert str(caught.value) == (
        f"b.txt differs from manifest.json: expected sha256 {expected} (1 bytes), got {got} (1 bytes); if the change "
        "is meant, run `python -m circuit_explainer.build.runtime manifest` and commit manifest.json"
    )


def test_a_missing_file(folder: Path, manifest: dict[str, Any]) -> None:
    (folder / "sub" / "a.js").unlink()
    with pytest.raises(Problem, match=r"sub/a\.js is missing: expected by manifest\.json"):
        manifests.check(folder, manifest)


def test_a_file_too_many(folder: Path, manifest: dict[str, Any]) -> None:
    (folder / "c.txt").touch()
    with pytest.raises(Problem, match=r"c\.txt is not in manifest\.json"):
        manifests.check(folder, manifest)


@pytest.mark.parametrize("text", [None, "{"])
def test_an_unreadable_manifest(text: str | None, tmp_path: Path) -> None:
    if text:
        (tmp_path / "manifest.json").write_text(text)
    with pytest.raises(Problem, match="cannot be read .*restore it with git, or run"):
        manifests.read(tmp_path / "manifest.json")


def test_committed_names_and_versions_agree() -> None:
    committed = manifests.read()
    assert committed["sources"] == {"npm": versions(), "numpy": names.NUMPY_WHEEL}
    assert versions()["pyodide"] == names.PYODIDE_VERSION
    for name in (*names.BOOT_FILES, names.LOCK):
        assert f"pyodide/{name}" in committed["files"]
    assert f"plotly/{names.PLOTLY}" in committed["files"]


def test_the_first_visit_stays_small() -> None:
    files = manifests.read()["files"]
    boot = sum(files[f"pyodide/{name}"]["gzipped"] for name in names.BOOT_FILES)
    assert boot + files[f"plotly/{names.PLOTLY}"]["gzipped"] < 9_100_000, "9.4 MB is the limit, pages included"


def test_sizes(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"a" * 1000)
    assert names.sizes(tmp_path / "a")["size"] == 1000
    assert names.sizes(tmp_path / "a")["wire"] < 50
