"""Tables that a page makes of what the code says, so that they cannot go stale; for `diagram` fences."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape

CODE = re.compile(r"`([^`]+)`")


def table(columns: Sequence[str], rows: Iterable[Sequence[str]], html: bool = False) -> str:
    """Return a table as HTML; what stands between backticks is code. With `html` the cells are HTML as they stand.

    Raises:
        ValueError: a row has not as many cells as there are columns.
    """
    head = "".join(f'<th scope="col">{escape(column)}</th>' for column in columns)
    body = []
    for row in rows:
        if len(row) != len(columns):
            raise ValueError(f"A row needs {len(columns)} cells, as {', '.join(columns)}. Got {row!r:.100}.")
        body.append("".join(f"<td>{text if html else _cell(text)}</td>" for text in row))
    lines = "".join(f"<tr>{cells}</tr>" for cells in body)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table>"


def _cell(text: str) -> str:
    return CODE.sub(r"<code>\1</code>", escape(text, quote=False))
