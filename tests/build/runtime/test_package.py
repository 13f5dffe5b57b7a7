from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from circuit_explainer.build.runtime.fetch import Sources
from circuit_explainer.build.runtime.node import run_node
from circuit_explainer.build.runtime.package import KEPT, compile_package
from circuit_explainer.build.runtime.problem import Problem

Files = dict[str, Path]


@pytest.fixture
def files(tmp_path: Path) -> Files:
    """A package with a module that fails, and a data file."""
    texts = {"__init__.py": "", "deep.py": "def fail():\n    raise RuntimeError('as meant')\n", "data.json": "[1]"}
    for name, text in texts.items():
        (tmp_path / name).write_text(text)
    return {f"little/{name}": tmp_path / name for name in texts}


def test_sources_become_bytecode_and_data_stays(files: Files, runtime: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(compile_package(files, runtime, tmp_path / "cache")) as archive:
        assert archive.namelist() == ["little/__init__.pyc", "little/data.json", "little/deep.pyc"]
        assert archive.read("little/data.json") == b"[1]"
        flags = int.from_bytes(archive.read("little/deep.pyc")[4:8], "little")
        assert flags == 0b01, "hash-based and unchecked (PEP 552)"


def test_byte_identical(files: Files, runtime: Path, tmp_path: Path) -> None:
    first, second = (compile_package(files, runtime, tmp_path / name) for name in ("one", "two"))
    assert first != second
    assert first.read_bytes() == second.read_bytes()


def test_only_made_when_a_source_changed(files: Files, runtime: Path, tmp_path: Path) -> None:
    first = compile_package(files, runtime, tmp_path / "cache")
    made = first.stat().st_ino
    assert compile_package(files, runtime, tmp_path / "cache") == first
    assert first.stat().st_ino == made
    files["little/deep.py"].write_text("x = 1\n")
    assert compile_package(files, runtime, tmp_path / "cache") != first


def test_tracebacks_name_the_module(files: Files, runtime: Path, tmp_path: Path, sources: Sources) -> None:
    archive = compile_package(files, runtime, tmp_path / "cache")
    script = Path(__file__).with_name("raise_inside.mjs")
    arguments = [str(script), str(runtime / "pyodide"), str(archive)]
    message = json.loads(run_node(sources.tools, arguments, "raising", tmp_path))
    assert 'File "little/deep.py", line 2, in fail' in message
    assert message.rstrip().endswith("RuntimeError: as meant")


def test_a_syntax_error_is_told(files: Files, runtime: Path, tmp_path: Path) -> None:
    files["little/deep.py"].write_text("x = 1\ny = (\n")
    with pytest.raises(Problem, match=r"little/deep\.py line 2: '\(' was never closed; correct that"):
        compile_package(files, runtime, tmp_path / "cache")
    assert list((tmp_path / "cache" / "packages").iterdir()) == []


def test_without_a_runtime(files: Files, tmp_path: Path) -> None:
    with pytest.raises(Problem, match=r"no browser runtime in .*: run `.* assemble` first"):
        compile_package(files, tmp_path / "nothing", tmp_path / "cache")


def test_old_zips_go(files: Files, runtime: Path, tmp_path: Path) -> None:
    folder = tmp_path / "cache" / "packages"
    folder.mkdir(parents=True)
    for number in range(KEPT + 2):
        (folder / f"{number}.zip").touch()
    kept = compile_package(files, runtime, tmp_path / "cache")
    assert kept in folder.iterdir()
    assert len(list(folder.iterdir())) == KEPT
