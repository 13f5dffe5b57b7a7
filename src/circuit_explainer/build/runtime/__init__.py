"""The browser runtime: pinned Pyodide, numpy, PyScript, Plotly and fonts, precompiled, trimmed and checked.

`assemble` makes the folder that a site ships; `compile_package` makes the zip with our own modules.
"""

from .assemble import assemble
from .names import BOOT_FILES, LOCK, NUMPY_PART, NUMPY_WHEEL, PLOTLY, PYODIDE_VERSION, STDLIB, sizes
from .node import find_tools
from .package import compile_package
from .places import cache_dir
from .problem import DiskFull, Problem

__all__ = [
    "BOOT_FILES",
    "LOCK",
    "NUMPY_PART",
    "NUMPY_WHEEL",
    "PLOTLY",
    "PYODIDE_VERSION",
    "STDLIB",
    "DiskFull",
    "Problem",
    "assemble",
    "cache_dir",
    "compile_package",
    "find_tools",
    "sizes",
]
