"""Which file of which npm package goes where in the assembled runtime."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import NamedTuple

from .problem import Problem


class Take(NamedTuple):
    """Copy the files of `package` that match `pattern`, exactly `matches` of them, into `folder`."""

    folder: str
    package: str
    pattern: str
    matches: int = 1
    prefix: str = ""


FONT = "@fontsource-variable/atkinson-hyperlegible-"
# Of PyScript, what a page with <script type="py" worker> loads when it switches every plugin off: the core, and the
# plugin `error` all the same, which is told then to keep quiet. The page must switch the others off: they are not here.
TAKES = (
    Take("pyscript", "@pyscript/core", "dist/core.js"),
    Take("pyscript", "@pyscript/core", "dist/core-*.js"),
    Take("pyscript", "@pyscript/core", "dist/error-*.js"),
    Take("pyscript", "@pyscript/core", "LICENSE"),
    Take("plotly", "plotly.js-cartesian-dist-min", "plotly-cartesian.min.js"),
    Take("plotly", "plotly.js-cartesian-dist-min", "LICENSE"),
    Take("fonts", FONT + "next", "files/*-latin-wght-*.woff2", 2),
    Take("fonts", FONT + "next", "files/*-latin-ext-wght-*.woff2", 2),
    Take("fonts", FONT + "mono", "files/*-latin-wght-*.woff2", 2),
    Take("fonts", FONT + "mono", "files/*-latin-ext-wght-*.woff2", 2),
    Take("fonts", FONT + "next", "LICENSE", prefix="atkinson-hyperlegible-next-"),
    Take("fonts", FONT + "mono", "LICENSE", prefix="atkinson-hyperlegible-mono-"),
)
# Packages that PyScript's core carries inside itself; those of them without a licence file name it in package.json.
BUNDLED = "LICENSES-bundled.txt"


def copy_packages(modules: Path, out: Path) -> None:
    """Copy what the table names; a pattern that matches another number of files is an error."""
    for take in TAKES:
        found = sorted((modules / take.package).glob(take.pattern))
        if len(found) != take.matches:
            raise Problem(
                f"{take.package} has {len(found)} files {take.pattern}, expected {take.matches}; "
                "correct layout.py for this version of the package"
            )
        (out / take.folder).mkdir(parents=True, exist_ok=True)
        for path in found:
            shutil.copyfile(path, out / take.folder / (take.prefix + path.name))
    (out / "pyscript" / BUNDLED).write_text(_bundled_licences(modules), encoding="utf-8")


def _bundled_licences(modules: Path) -> str:
    """The licence texts of everything installed that is no package of the table: PyScript's dependencies."""
    own = {modules / take.package for take in TAKES} | {modules / "pyodide"}
    texts = []
    for path in sorted([*modules.glob("*/LICENSE*"), *modules.glob("@*/*/LICENSE*")]):
        if path.parent not in own:
            name = path.parent.relative_to(modules).as_posix()
            texts.append(f"{name}\n\n{path.read_text(encoding='utf-8').strip()}\n")
    return "\n\n".join(texts)
