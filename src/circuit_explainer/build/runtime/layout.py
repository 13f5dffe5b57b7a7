"""Which file of which npm package goes where in the assembled runtime."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import NamedTuple

from .notices import BUNDLED, needed_by, note_inside, notices
from .places import HERE
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
    # Its editor, CodeMirror: a chunk for each of its parts, and the completion that the Python part asks for. `core.js`
    # exports `codemirror`, whose members fetch them; its ready-made setup is left out, as nobody asks for it.
    Take("pyscript", "@pyscript/core", "dist/codemirror_*.js", 5),
    Take("pyscript", "@pyscript/core", "dist/index-*.js"),
    Take("plotly", "plotly.js", "LICENSE"),
    Take("katex", "katex", "dist/katex.min.css"),
    Take("katex", "katex", "LICENSE"),
    Take("katex/fonts", "katex", "dist/fonts/*.woff2", 20),
    # Sets the formulas when the site is built; pages need only its styles.
    Take("tools", "katex", "dist/katex.mjs"),
    Take("fonts", FONT + "next", "files/*-latin-wght-*.woff2", 2),
    Take("fonts", FONT + "next", "files/*-latin-ext-wght-*.woff2", 2),
    Take("fonts", FONT + "mono", "files/*-latin-wght-*.woff2", 2),
    Take("fonts", FONT + "mono", "files/*-latin-ext-wght-*.woff2", 2),
    Take("fonts", FONT + "next", "LICENSE", prefix="atkinson-hyperlegible-next-"),
    Take("fonts", FONT + "mono", "LICENSE", prefix="atkinson-hyperlegible-mono-"),
)


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
    # PyScript's package has no licences of the packages that its editor is made of.
    for path in sorted((HERE / "licences" / "pyscript").glob("*.txt")):
        shutil.copyfile(path, out / "pyscript" / f"LICENSE-{path.name}")
    carried = needed_by(modules, "@pyscript/core")  # inside its core
    (out / "pyscript" / BUNDLED).write_text(notices(modules, carried), encoding="utf-8")
    note_inside(out, "pyscript", modules, carried)
