"""The licence of each part as a text file of the site, at an address that stays."""

from __future__ import annotations

from importlib.metadata import distribution
from pathlib import Path

from circuit_explainer.build.runtime.notices import BUNDLED
from circuit_explainer.build.shipped.inside import CODEMIRROR
from circuit_explainer.build.shipped.part import OURS

FOLDER = "reference/licences"  # beside the page that links to them
NOTICES = Path(__file__).with_name("notices")
IN_RUNTIME = {
    "pyodide": "pyodide/LICENSE-pyodide-MPL-2.0.txt",
    "python": "pyodide/LICENSE-python-PSF-2.0.txt",
    "numpy": "pyodide/LICENSE-numpy.txt",
    "pyscript": "pyscript/LICENSE",
    "pyscript-inside": f"pyscript/{BUNDLED}",
    "codemirror": f"pyscript/{CODEMIRROR}",
    "codemirror-inside": f"pyscript/{CODEMIRROR}",
    "plotly": "plotly/LICENSE",
    "plotly-inside": f"plotly/{BUNDLED}",
    "katex": "katex/LICENSE",
    "atkinson-hyperlegible-next": "fonts/atkinson-hyperlegible-next-LICENSE",
    "atkinson-hyperlegible-mono": "fonts/atkinson-hyperlegible-mono-LICENSE",
}
INSTALLED = {OURS: OURS, "material": "mkdocs-material", "mkdocstrings": "mkdocstrings-python"}


def texts(folder: Path) -> dict[str, str]:
    """Return the text of each licence by its name; `folder` is the assembled runtime."""
    found = {name: (folder / place).read_text(encoding="utf-8") for name, place in IN_RUNTIME.items()}
    found |= {name: _installed(package) for name, package in INSTALLED.items()}
    return found | {f"{path.stem}-inside": path.read_text(encoding="utf-8") for path in sorted(NOTICES.glob("*.txt"))}


def _installed(package: str) -> str:
    files = [file for file in distribution(package).files or [] if "licenses" in file.parts]
    if not files:
        raise FileNotFoundError(f"The package {package}, as it is installed here, has no licence file.")
    return "\n\n".join(file.read_text(encoding="utf-8").strip() for file in files) + "\n"
