"""The parts of the site: what each is for, and which files of the site are its own.

Versions and licences come from what is pinned or installed; here stand only names, purposes and places.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from fnmatch import fnmatchcase
from pathlib import Path

from circuit_explainer.build import runtime
from circuit_explainer.build.runtime.notices import INSIDE
from circuit_explainer.build.shipped.inside import CODEMIRROR, PYODIDE, THEME, codemirror
from circuit_explainer.build.shipped.part import Part, at, bundled, font, from_npm, installed, named, numpy, ours

PAGES = (
    *("index.html", "*/index.html", "404.html", "sitemap.xml", "sitemap.xml.gz", "search/search_index.json"),
    *("objects.inv", "images/*", "reference/glossary.yml", "reference/licences/*.txt", "sbom.cdx.json", "sw.js"),
)
SCRIPTS = ("*.js", "*.css", "save/opened.html")
PYTHON = ("assets/python-*/package.zip", "assets/python-*/workbench.zip")


def parts(folder: Path) -> list[Part]:
    """Return every part of a site that is built with the assembled runtime in `folder`; our own is the first."""
    lock = json.loads((folder / "pyodide" / runtime.LOCK).read_text(encoding="utf-8"))
    noted = json.loads((folder / INSIDE).read_text(encoding="utf-8"))
    scripts = tuple(f"assets/page-*/{pattern}" for pattern in SCRIPTS)
    models = ("assets/models-*/*.safetensors",)
    return [
        ours("", "The pages, their scripts and the library.", PAGES + scripts + PYTHON, "application"),
        ours("Models of ", "The transformers that the pages run.", models, "machine-learning-model"),
        from_npm(
            "pyodide", "Pyodide", "Python for the browser.", "pyodide",
            ("pyodide.*", "pyodide-lock.json", "LICENSE-pyodide-*"), inside=named("generic", PYODIDE),
        ),
        Part(
            "Python", lock["info"]["python"], "PSF-2.0", f"pkg:generic/cpython@{lock['info']['python']}",
            "The standard library.", "python", at("pyodide", runtime.STDLIB, "LICENSE-python-*"),
        ),
        numpy(folder),
        from_npm(
            "@pyscript/core", "PyScript", "Starts Python beside the page.", "pyscript",
            ("core*.js", "error-*.js", "LICENSE", "LICENSES-bundled.txt"), inside=bundled(noted["pyscript"]),
        ),
        Part(
            "CodeMirror", None, "MIT", "pkg:npm/codemirror", "The editor for code in the playground.", "codemirror",
            at("pyscript", "codemirror_*.js", "index-*.js", CODEMIRROR),
            inside=named("npm", codemirror(folder / "pyscript" / CODEMIRROR)),
        ),
        from_npm("plotly.js", "Plotly", "Draws the charts.", "plotly", ("*",), inside=bundled(noted["plotly"])),
        from_npm("katex", "KaTeX", "Sets the formulas: its styles and fonts.", "katex", ("*",)),
        font("next", "The face of the text."),
        font("mono", "The face of code and tokens."),
        installed(
            "mkdocs-material", "Material for MkDocs", "Navigation and search.", "material",
            ("assets/javascripts/*", "assets/stylesheets/*", "assets/images/favicon.png"), named("npm", THEME),
        ),
        installed(
            "mkdocstrings-python", "mkdocstrings", "Styles of the pages about the library.", "mkdocstrings",
            ("assets/_mkdocstrings.css",),
        ),
    ]  # fmt: skip


def owners(path: str, known: Iterable[Part]) -> list[Part]:
    """Return the parts that a file of the site belongs to: one, unless something is wrong."""
    return [part for part in known if any(fnmatchcase(path, pattern) for pattern in part.files)]
