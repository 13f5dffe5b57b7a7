"""What the browser's Python imports beside its standard library and numpy, by the file that it travels in."""

from __future__ import annotations

from pathlib import Path

import numpy

from circuit_explainer.build import runtime

PACKAGE = Path(__file__).parents[1]
WORKBENCH, NUMPY = "workbench.zip", "numpy.zip"  # as web/session.py asks for them
# The first at its start, the other on pages that need it. `build` stays at home, and so does the making of the models.
BROWSER_PACKAGES = {
    "package.zip": ("core", "circuits", "zoo", "charts", "diagrams", "exhibits", "web"),
    WORKBENCH: ("training", "workbench"),
}
AT_HOME = (PACKAGE / "web" / "worker.py", PACKAGE / "zoo" / "making")
# What the lean numpy lacks and readers' code may want: pure Python, so it is that of the numpy installed here.
NUMPY_PARTS = ("ma", "polynomial")


def browser_modules() -> dict[str, dict[str, Path]]:
    """Return for each file the modules in it, by their names there."""
    return {name: _ours(name) for name in BROWSER_PACKAGES} | {NUMPY: _numpys()}


def _ours(package: str) -> dict[str, Path]:
    sources = [PACKAGE / "__init__.py"] if package != WORKBENCH else []
    sources += [path for name in BROWSER_PACKAGES[package] for path in sorted((PACKAGE / name).rglob("*"))]
    wanted = (path for path in sources if path.suffix in (".py", ".json") and not _at_home(path))
    return {path.relative_to(PACKAGE.parent).as_posix(): path for path in wanted}


def _numpys() -> dict[str, Path]:
    if not runtime.NUMPY_WHEEL.startswith(f"numpy-{numpy.__version__}-"):
        raise RuntimeError(
            f"The site is built with numpy {numpy.__version__}, and the browser runs {runtime.NUMPY_WHEEL}. "
            "Install what pyproject.toml names: `make build` does."
        )
    root = Path(numpy.__file__).parent
    sources = [path for part in NUMPY_PARTS for path in sorted((root / part).rglob("*.py"))]
    return {path.relative_to(root.parent).as_posix(): path for path in sources if "tests" not in path.parts}


def _at_home(path: Path) -> bool:
    return any(path == kept or kept in path.parents for kept in AT_HOME)
