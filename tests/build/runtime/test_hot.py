from __future__ import annotations

import json
from pathlib import Path

import pytest

from circuit_explainer.build.runtime.hot import hot_names, paths_from_dump, write_hot
from circuit_explainer.build.runtime.lean import read_data
from circuit_explainer.build.runtime.problem import Problem

PATHS = [
    "/lib/python314.zip/json/__init__.pyc",
    "/lib/python314.zip/enum.py",
    "/lib/python3.14/site-packages/numpy/__init__.pyc",
    "/lib/python3.14/site-packages/numpy/fft/_pocketfft_umath.cpython-314-wasm32-emscripten.so",
    "/lib/python3.14/site-packages/circuit_explainer/core/model.pyc",
    "/home/pyodide/pyscript/__init__.py",
]
NAMES = {"stdlib": ["enum.py", "json/__init__.py"], "numpy": ["numpy/__init__.py"]}


def test_paths_are_sorted_into_the_archives() -> None:
    assert hot_names([*PATHS, PATHS[1]]) == NAMES


@pytest.mark.parametrize("data", [[*PATHS, None], {str(i): path for i, path in enumerate([*PATHS, None])}])
def test_dump_to_list(data: object, tmp_path: Path) -> None:
    (tmp_path / "dump.json").write_text(json.dumps(data))
    write_hot(paths_from_dump(tmp_path / "dump.json"), tmp_path / "hot.json")
    assert json.loads((tmp_path / "hot.json").read_text()) == NAMES


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "cannot be read as JSON"),
        ("[", "cannot be read as JSON"),
        ("3", "a list or an object of file paths, got int"),
    ],
)
def test_a_wrong_dump(text: str | None, said: str, tmp_path: Path) -> None:
    if text:
        (tmp_path / "dump.json").write_text(text)
    with pytest.raises(Problem, match=said):
        paths_from_dump(tmp_path / "dump.json")


def test_a_dump_without_numpy_does_not_empty_the_list(tmp_path: Path) -> None:
    with pytest.raises(Problem, match=r"no module of numpy among 2 paths: expected .* dump them after numpy"):
        write_hot(PATHS[:2], tmp_path / "hot.json")
    assert not (tmp_path / "hot.json").exists()


def test_the_committed_list_is_sorted_and_names_what_a_worker_needs() -> None:
    hot = read_data("hot_modules.json")
    assert all(names == sorted(set(names)) for names in hot.values())
    assert {"asyncio/__init__.py", "pyodide/webloop.py", "json/__init__.py"} <= set(hot["stdlib"])
    assert {"numpy/__init__.py", "numpy/linalg/_linalg.py"} <= set(hot["numpy"])
