"""Errors of the runtime's assembly: one line each, saying what is wrong and what to do."""

from __future__ import annotations

import errno
from pathlib import Path

# EFBIG is a file-size limit (ulimit -f): the same complaint, the same cure.
FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
FULL_WORDS = ("No space left on device", "Disk quota exceeded", "File too large", "ENOSPC", "EDQUOT", "EFBIG")


class Problem(Exception):
    """Something the person at the keyboard can put right; its text is one line."""

    def __init__(self, text: str) -> None:
        super().__init__(" ".join(text.split()))


class DiskFull(Problem):
    """No other source would help."""

    def __init__(self, doing: str, place: Path) -> None:
        super().__init__(
            f"disk full while {doing}: free some space in {place}, "
            "or set CIRCUIT_EXPLAINER_CACHE to a folder on another disk, and run again"
        )


def os_problem(error: OSError, doing: str, place: Path) -> Problem:
    """The problem that stands for an error of the file system."""
    if error.errno in FULL:
        return DiskFull(doing, place)
    return Problem(f"{doing} failed: {error}; check that {place} can be written, and run again")


def tool_problem(output: str, doing: str, place: Path, advice: str) -> Problem:
    """The problem that stands for a failed command, told by what it printed."""
    if any(word in output for word in FULL_WORDS):
        return DiskFull(doing, place)
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    telling = [line for line in lines if "error" in line.lower() and "A complete log" not in line]
    return Problem(f"{doing} failed: {(telling or lines or ['no output'])[-1][:300]}; {advice}")
