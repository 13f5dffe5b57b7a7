"""The type of every array in the project; its shape stands in a comment or docstring, in letters of ``core.table``."""

from typing import Any

import numpy.typing as npt

Array = npt.NDArray[Any]
