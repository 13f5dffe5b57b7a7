from __future__ import annotations

import json
import random
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from circuit_explainer.build.runtime import manifest as manifests
from circuit_explainer.build.runtime.fetch import Sources
from circuit_explainer.build.runtime.lean import lean, on_disk, read_data
from circuit_explainer.build.runtime.names import BOOT_FILES, LOCK, NUMPY_PART, NUMPY_WHEEL, STDLIB
from circuit_explainer.build.runtime.places import files_below, sha256


@pytest.fixture(scope="module")
def folder(sources: Sources, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("lean") / "first"
    lean(sources.tools, sources.pyodide, sources.wheel, out)
    return out


def test_byte_identical_from_run_to_run(folder: Path, sources: Sources, tmp_path: Path) -> None:
    lean(sources.tools, sources.pyodide, sources.wheel, tmp_path)
    assert files_below(folder) == files_below(tmp_path)
    assert [
        name for name in files_below(folder) if (folder / name).read_bytes() != (tmp_path / name).read_bytes()
    ] == []


def test_as_the_manifest_says(folder: Path) -> None:
    listed = {name: entry["sha256"] for name, entry in manifests.read()["files"].items() if "pyodide/" in name}
    assert {f"pyodide/{name}": sha256(folder / name) for name in files_below(folder)} == listed


def test_every_hot_module_is_there_as_bytecode_alone(folder: Path) -> None:
    for kind, archive in (("stdlib", STDLIB), ("numpy", NUMPY_WHEEL)):
        with zipfile.ZipFile(folder / archive) as opened:
            names = set(opened.namelist())
        hot = set(read_data("hot_modules.json")[kind])
        assert hot
        assert {name + "c" for name in hot} <= names
        assert not hot & names


def test_every_module_that_stays_can_be_read(folder: Path) -> None:
    for name in (STDLIB, NUMPY_WHEEL, NUMPY_PART):
        with zipfile.ZipFile(folder / name) as archive:
            assert archive.testzip() is None
            names = archive.namelist()
            assert names == sorted(set(names))
            assert {info.date_time for info in archive.infolist()} == {(2026, 1, 1, 0, 0, 0)}
            both = [entry for entry in names if entry.endswith(".py") and entry + "c" in names]
            assert both == [], "a module must not be there twice"


def test_what_nobody_imports_is_gone(folder: Path) -> None:
    with zipfile.ZipFile(folder / NUMPY_WHEEL) as archive:
        assert [name for name in archive.namelist() if "/tests/" in name or name.endswith((".h", ".a", ".pyi"))] == []
    with zipfile.ZipFile(folder / STDLIB) as archive:
        assert [name for name in archive.namelist() if name.startswith(("unittest/", "pdb."))] == []


def test_what_numpy_starts_without_is_in_its_part(folder: Path, sources: Sources) -> None:
    later = re.compile(f"^numpy/({'|'.join(read_data('drop.json')['later'])})/")
    stock, wheel, part = (
        set(zipfile.ZipFile(path).namelist()) for path in (sources.wheel, folder / NUMPY_WHEEL, folder / NUMPY_PART)
    )
    assert not any(map(later.search, wheel))
    assert all(map(later.search, part))
    assert {name for name in stock if later.search(name) and name.endswith(".so")} == {
        name for name in part if name.endswith(".so")
    }
    assert {"numpy/random/__init__.pyc", "numpy/fft/__init__.pyc", "numpy/ma/core.pyc"} <= part


def test_the_lock_holds_numpy_alone(folder: Path, sources: Sources) -> None:
    lock = json.loads((folder / LOCK).read_text())
    stock = json.loads((sources.pyodide / LOCK).read_text())
    assert lock["info"] == stock["info"]
    assert list(lock["packages"]) == ["numpy"]
    assert lock["packages"]["numpy"] == stock["packages"]["numpy"] | {"sha256": sha256(folder / NUMPY_WHEEL)}


def test_smaller_than_stock(folder: Path, sources: Sources) -> None:
    assert (folder / STDLIB).stat().st_size < (sources.pyodide / STDLIB).stat().st_size
    assert (folder / NUMPY_WHEEL).stat().st_size < sources.wheel.stat().st_size
    assert all((folder / name).is_file() for name in BOOT_FILES)


def test_licences_lie_beside(folder: Path) -> None:
    texts = {path.name: path.read_text() for path in folder.glob("LICENSE-*")}
    assert "Mozilla Public License" in texts["LICENSE-pyodide-MPL-2.0.txt"]
    assert "PYTHON SOFTWARE FOUNDATION LICENSE" in texts["LICENSE-python-PSF-2.0.txt"]
    assert "NumPy Developers" in texts["LICENSE-numpy.txt"]


def test_disk_full(sources: Sources, tmp_path: Path) -> None:
    (tmp_path / "noise").write_bytes(random.Random(0).randbytes(500_000))
    job = {"task": "pack", "files": [["noise", on_disk(tmp_path / "noise")]], "target": on_disk(tmp_path / "a.zip")}
    script = (
        "import resource; from pathlib import Path\n"
        "from circuit_explainer.build.runtime.lean import inside_pyodide\n"
        "from circuit_explainer.build.runtime.node import Tools\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))\n"
        f"inside_pyodide(Tools(*{tuple(sources.tools)!r}), Path({str(sources.pyodide)!r}), [{job!r}])\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert f"DiskFull: disk full while running 'pack' in Pyodide: free some space in {tmp_path}," in done.stderr
