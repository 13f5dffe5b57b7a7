"""The direction of imports, which the folder tree promises."""

import ast
import re
import sys
from pathlib import Path

import pytest

import circuit_explainer

PACKAGE = Path(circuit_explainer.__file__).parent
CORE, NUMPY = "circuit_explainer.core", "numpy"
# What the modules of each folder may import, beside the standard library and their own folder.
ALLOWED = {
    "core": {NUMPY},
    "circuits": {NUMPY, CORE},
    "training": {NUMPY, CORE, "circuit_explainer.circuits"},
    "zoo": {NUMPY, CORE, "circuit_explainer.circuits", "circuit_explainer.training"},
    "charts": {NUMPY, "plotly", "circuit_explainer.diagrams"},
    "diagrams": set(),
    "exhibits": set(),
    "workbench": {
        NUMPY,
        CORE,
        *(f"circuit_explainer.{name}" for name in ["circuits", "training", "zoo", "charts", "diagrams", "exhibits"]),
    },
    "web": {NUMPY, CORE, "circuit_explainer.zoo", "circuit_explainer.exhibits", "circuit_explainer.workbench"},
    "build": {NUMPY, "circuit_explainer.zoo", "circuit_explainer.exhibits", "mkdocs", "pygments", "yaml"},
}
BROWSER_ONLY = {"js", "pyodide", "pyodide_js", "pyscript"}
# Single modules that may import more.
BEYOND = {
    "build/card.py": {"playwright"},
    "web/worker.py": {"circuit_explainer"} | BROWSER_ONLY,
    "zoo/making/text/with_torch.py": {"torch"},
}


def imported(path: Path) -> set[str]:
    """Return the packages that a file imports: ours by folder, others by top name, no standard library."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            whole = node.module == "circuit_explainer"
            names |= {f"{node.module}.{alias.name}" for alias in node.names} if whole else {node.module}
    parts = (name.split(".") for name in names)
    tops = {".".join(part[:2]) if part[0] == "circuit_explainer" else part[0] for part in parts}
    return tops - set(sys.stdlib_module_names)


@pytest.mark.parametrize("folder", sorted(ALLOWED))
def test_imports_go_one_way(folder: str) -> None:
    allowed = ALLOWED[folder] | {f"circuit_explainer.{folder}"}
    for path in sorted((PACKAGE / folder).rglob("*.py")):
        extra = BEYOND.get(path.relative_to(PACKAGE).as_posix(), set())
        # Runs inside Pyodide while the runtime is assembled.
        extra = extra | ({"pyodide", "pyodide_js"} if "runtime" in path.parts else set())
        assert imported(path) <= allowed | extra, path


def test_every_folder_has_its_line_in_the_table() -> None:
    folders = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert folders == set(ALLOWED)


def test_only_making_models_reaches_torch() -> None:
    """No module imports the one that imports torch, but inside a function."""
    for path in sorted(PACKAGE.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        at_once = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
        named = {alias.name for node in at_once for alias in node.names}
        named |= {node.module or "" for node in at_once if isinstance(node, ast.ImportFrom)}
        assert not any(name.rpartition(".")[2] == "with_torch" for name in named), path


def test_the_browser_needs_nothing_of_how_models_are_made() -> None:
    """`zoo/making` stays out of the package that pages load."""
    for path in sorted(PACKAGE.rglob("*.py")):
        if "making" not in path.parts:
            assert not re.search(r"(?m)^\s*(from|import) \S*zoo\.making", path.read_text(encoding="utf-8")), path
