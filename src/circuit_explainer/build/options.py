"""What may stand behind ```pyscript: the options of a block."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

CODE = ("folded", "shown", "hidden")
RUN = ("everywhere", "build")
HEIGHTS = range(160, 1201)


@dataclass(frozen=True)
class Options:
    """What may stand behind the fence's name.

    `height` is that of a figure, in CSS pixels, by default 420; a picture takes what it needs, and has none.

    `run="build"` is for what the page's prose needs and its exhibits do not: the block runs once, when the site is
    built, and is neither shown nor sent.
    """

    title: str = ""
    height: int | None = None
    code: str = "folded"
    run: str = "everywhere"


def parse(inputs: Mapping[str, str]) -> Options:
    """Return the fence's options. Raises ValueError that names the option and what it accepts."""
    unknown = inputs.keys() - Options.__dataclass_fields__.keys()
    if unknown:
        raise ValueError(
            f"A pyscript fence has no option {', '.join(sorted(unknown))}. "
            f"It takes {', '.join(Options.__dataclass_fields__)}."
        )
    height = inputs.get("height")
    if height is not None and (not height.isdecimal() or int(height) not in HEIGHTS):
        raise ValueError(
            f"height must be a whole number of pixels from {HEIGHTS.start} to {HEIGHTS.stop - 1}. Got {height!r}."
        )
    code = inputs.get("code", Options.code)
    if code not in CODE:
        raise ValueError(f"code must be one of {', '.join(CODE)}. Got {code!r}.")
    run = inputs.get("run", Options.run)
    if run not in RUN:
        raise ValueError(f"run must be one of {', '.join(RUN)}. Got {run!r}.")
    return Options(inputs.get("title", ""), int(height) if height else None, code, run)
