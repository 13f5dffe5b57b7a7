"""What the browser's Python imports of ours, by the file that it travels in."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).parents[1]
WORKBENCH = "workbench.zip"  # as web/session.py asks for it
# The first at its start, the other on pages that need it. `build` stays at home, and so does the making of the models.
BROWSER_PACKAGES = {
    "package.zip": ("core", "circuits", "zoo", "charts", "diagrams", "exhibits", "web"),
    WORKBENCH: ("training", "workbench"),
}
AT_HOME = (PACKAGE / "web" / "worker.py", PACKAGE / "zoo" / "making")


def browser_modules() -> dict[str, dict[str, Path]]:
    """Return for each file the modules in it, by their names there."""
    return {name: _modules(name) for name in BROWSER_PACKAGES}


def _modules(package: str) -> dict[str, Path]:
    sources = [PACKAGE / "__init__.py"] if package != WORKBENCH else []
    sources += [path for name in BROWSER_PACKAGES[package] for path in sorted((PACKAGE / name).rglob("*"))]
    wanted = (path for path in sources if path.suffix in (".py", ".json") and not _at_home(path))
    return {path.relative_to(PACKAGE.parent).as_posix(): path for path in wanted}


def _at_home(path: Path) -> bool:
    return any(path == kept or kept in path.parents for kept in AT_HOME)
