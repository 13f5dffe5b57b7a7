from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from circuit_explainer.build.runtime import manifest as manifests
from circuit_explainer.build.runtime.__main__ import main
from circuit_explainer.build.runtime.assemble import assemble, is_current
from circuit_explainer.build.runtime.places import MANIFEST, ROOT, cache_dir
from circuit_explainer.build.runtime.problem import Problem


@pytest.fixture
def made(runtime: Path, tmp_path: Path) -> Path:
    """A copy of the assembled runtime with its stamp, free to be damaged."""
    shutil.copytree(runtime, tmp_path / "out")
    shutil.copyfile(runtime.with_name("runtime.stamp"), tmp_path / "out.stamp")
    return tmp_path / "out"


def test_everything_is_there_and_nothing_else(runtime: Path) -> None:
    shipped = ["fonts", "katex", "plotly", "pyodide", "pyscript"]
    assert sorted(path.name for path in runtime.iterdir()) == [*shipped, "tools"]
    manifests.check(runtime, manifests.read())
    assert list(runtime.rglob("*.map")) == []
    for name in shipped:
        assert list((runtime / name).glob("*LICENSE*")), f"{name} needs its licence"


def test_pyscript_is_complete(runtime: Path) -> None:
    entry = (runtime / "pyscript" / "core.js").read_text()
    (core,) = (runtime / "pyscript").glob("core-*.js")
    assert f'"./{core.name}"' in entry
    assert f'"./{next((runtime / "pyscript").glob("error-*.js")).name}"' in core.read_text()


def test_the_editor_is_complete(runtime: Path) -> None:
    """Each chunk of CodeMirror that `core.js` fetches, but for the ready-made setup, and each that a chunk imports."""
    folder = runtime / "pyscript"
    (core,) = folder.glob("core-*.js")
    wanted = re.findall(r"codemirror_[\w-]+\.js", core.read_text())
    assert len(set(wanted)) == 5
    for name in set(wanted):
        text = (folder / name).read_text()
        for needed in re.findall(r'"\./([\w-]+\.js)"', text):
            assert (folder / needed).is_file(), f"{name} imports {needed}"
    assert "@codemirror/view" in (folder / "LICENSE-codemirror-MIT.txt").read_text()


def test_a_second_run_does_nothing(made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = made.stat().st_ino
    assert assemble(made) == made
    assert capsys.readouterr().out == f"runtime: up to date in {made}\n"
    assert made.stat().st_ino == before


@pytest.mark.parametrize("damage", ["changed", "deleted", "added", "other inputs", "killed before the end"])
def test_damage_is_noticed(damage: str, made: Path) -> None:
    stamp = made.with_name("out.stamp")
    assert is_current(made, manifests.read())
    if damage == "changed":
        (made / "pyodide" / "pyodide.mjs").write_text("half")
    elif damage == "deleted":
        (made / "plotly" / "LICENSE").unlink()
    elif damage == "added":
        (made / "plotly" / "extra.js").touch()
    elif damage == "other inputs":
        stamp.write_text("made from something else")
    else:
        stamp.unlink()
    assert not is_current(made, manifests.read())


def test_a_damaged_runtime_is_made_anew(made: Path) -> None:
    (made / "pyodide" / "pyodide.asm.wasm").write_bytes(b"half")
    made.with_name("out.part").mkdir()
    (made.with_name("out.part") / "left over from a killed run").touch()
    assemble(made)
    manifests.check(made, manifests.read())
    assert sorted(path.name for path in made.parent.iterdir()) == ["out", "out.stamp"]


def test_a_mismatch_names_the_file_and_leaves_the_runtime(made: Path, tmp_path: Path) -> None:
    wrong = manifests.read()
    wrong["files"]["plotly/plotly.js"]["sha256"] = "0" * 64
    (tmp_path / "wrong.json").write_text(json.dumps(wrong))
    before = made.stat().st_ino
    with pytest.raises(Problem, match=r"plotly/plotly\.js differs from manifest\.json: expected sha256 0"):
        assemble(made, manifest=tmp_path / "wrong.json")
    assert made.stat().st_ino == before
    assert not made.with_name("out.part").exists()


def test_a_folder_of_someone_else_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years of work")
    assert main(["assemble", str(tmp_path / "mine")]) == 1
    said = capsys.readouterr().err
    assert said.startswith(f"runtime: error: {tmp_path}/mine holds files that this command did not make")
    assert said.count("\n") == 1
    assert (tmp_path / "mine" / "thesis.txt").read_text() == "years of work"


def test_the_cache_can_be_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CIRCUIT_EXPLAINER_CACHE", str(tmp_path / "elsewhere"))
    assert cache_dir() == tmp_path / "elsewhere"
    monkeypatch.delenv("CIRCUIT_EXPLAINER_CACHE")
    assert cache_dir() == ROOT / ".cache"


def test_the_manifest_lies_beside_the_code() -> None:
    assert MANIFEST.parent == ROOT / "src" / "circuit_explainer" / "build" / "runtime"
