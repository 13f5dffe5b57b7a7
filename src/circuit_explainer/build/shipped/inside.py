"""What lies inside parts that do not say so themselves, with its licence; of these nobody tells the version.

The texts of these licences lie in `notices/`, but those of CodeMirror: PyScript's folder has them.
"""

from __future__ import annotations

import re
from pathlib import Path

# Linked into pyodide.asm.wasm: a test finds each of them there.
PYODIDE = {
    "Emscripten": "MIT OR NCSA",
    "musl": "MIT",
    "LLVM runtimes": "Apache-2.0 WITH LLVM-exception",
    "zlib": "Zlib",
    "bzip2": "bzip2-1.0.6",
    "liblzma": "0BSD",
    "Zstandard": "BSD-3-Clause",
    "SQLite": "blessing",
    "libffi": "MIT",
    "Expat": "MIT",
    "libmpdec": "BSD-2-Clause",
}
# Of Material: its source maps name them, and a test compares.
THEME = {
    "clipboard": "MIT",
    "escape-html": "MIT",
    "focus-visible": "W3C-20150513",
    "lunr": "MIT",
    "material-design-color": "MIT",
    "rxjs": "Apache-2.0",
    "tslib": "0BSD",
}
CODEMIRROR = "LICENSE-codemirror-MIT.txt"


def codemirror(notice: Path) -> dict[str, str]:
    """Return the packages that the notice of PyScript's editor names, each group in a line above its licence."""
    named = re.findall(r"(?:\A|\n\n\n)(\S.*)\n\n", notice.read_text(encoding="utf-8"))
    names = sorted(name for line in named for name in line.split(", "))
    return {name: "MIT" for name in names if name != "codemirror"}
