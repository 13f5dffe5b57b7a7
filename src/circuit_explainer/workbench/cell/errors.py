"""What went wrong in the reader's code: in words, with the line, and a traceback of nothing but the reader's code."""

from __future__ import annotations

import linecache
import traceback
from collections.abc import Callable
from dataclasses import asdict, dataclass
from itertools import zip_longest
from typing import Any

from circuit_explainer.workbench.cell.modules import missing

MOST = 4_000  # characters of a message or a traceback that somebody would still read
TOO_LARGE = "Python has no room for that here: use smaller arrays, or press Reset to let go of your variables."
READ_ONLY = "The playground's own arrays cannot be changed. Change a copy: x = x.copy()."


@dataclass(frozen=True)
class Failure:
    """What is told of an error.

    `message` is for everybody; `line` the last line of this run that the error passed through, or None; `details` the
    traceback, or for a syntax error its line with a caret below.
    """

    message: str
    line: int | None
    details: str

    def data(self) -> dict[str, Any]:
        """The same as JSON data."""
        return asdict(self)


def failure(error: BaseException, run: str, own: Callable[[str], bool]) -> Failure:
    """Tell an error of a run's code.

    `run` is the name under which that code was compiled; `own(filename)` says whether a file is the reader's.
    """
    told = traceback.TracebackException.from_exception(error)
    if isinstance(error, SyntaxError) and error.filename == run:
        return Failure(_syntax(error), error.lineno, _with_caret(error, run))
    line = next((frame.lineno for frame in reversed(told.stack) if frame.filename == run), None)
    last = _text(told.format_exception_only())
    where = f"Line {line} stopped the run." if line else "The run stopped."
    _cut(told, own)
    return Failure(_short(" ".join([where, *_words(error, last)])), line, _short(_text(told.format())))


def _syntax(error: SyntaxError) -> str:
    if error.lineno is None:
        return f"The code cannot be read as Python: {error.msg}."
    return f"Line {error.lineno} cannot be read as Python: {error.msg}."


def _with_caret(error: SyntaxError, run: str) -> str:
    """The line with a caret below; Python itself does not always have the text of code that is in no file."""
    last = f"{type(error).__name__}: {error.msg}"
    text = linecache.getline(run, error.lineno or 0).rstrip()
    if not text:
        return last
    start = min(max(error.offset or 1, 1), len(text) + 1)
    end = (error.end_offset or 0) if error.end_lineno == error.lineno else len(text) + 1
    caret = " " * (start - 1) + "^" * max(end - start, 1)
    # Tabs keep the caret below what it means.
    under = "".join(
        "\t" if (sign, other) == ("\t", " ") else other for sign, other in zip_longest(text, caret, fillvalue=" ")
    )
    return f'  File "{run}", line {error.lineno}\n    {text}\n    {under.rstrip()}\n{last}'


def _words(error: BaseException, last: str) -> list[str]:
    """What Python says, and what helps."""
    if isinstance(error, ImportError) and error.name and (sentence := missing(error.name)):
        return [sentence]
    if isinstance(error, ValueError) and "read-only" in str(error):
        return [last, READ_ONLY]
    if isinstance(error, MemoryError):
        return [last.rstrip(".") + ".", TOO_LARGE]
    return [last]


def _cut(told: traceback.TracebackException, own: Callable[[str], bool]) -> None:
    """Leave the reader's own lines, in what caused the error too."""
    told.stack = traceback.StackSummary.from_list([frame for frame in told.stack if own(frame.filename)])
    inner = [told.__cause__, told.__context__, *(told.exceptions or [])]
    for each in inner:
        if each is not None:
            _cut(each, own)


def _text(lines: Any) -> str:
    return "".join(lines).rstrip()


def _short(text: str) -> str:
    return text if len(text) <= MOST else f"{text[:MOST]} … and {len(text) - MOST:,} characters more."
