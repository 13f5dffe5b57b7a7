"""How deep JSON goes, counted before it is parsed: the parser calls itself for each list within a list."""

from __future__ import annotations

import re

# Files that mean well need four. In the browser a few thousand end the interpreter, and no exception tells of it.
DEEPEST = 100
# Whole strings, also one without an end, and all else but brackets; possessive, so that nothing is read twice.
_NO_BRACKETS = re.compile(r'(?:[^][{}"]|"[^"\\]*+(?:\\.[^"\\]*+)*+"?)++', re.DOTALL)


def check_nesting(text: str, where: str) -> None:
    """Raise ValueError for JSON of more than ``DEEPEST`` lists and objects inside each other; ``where`` names it."""
    depth = 0
    for sign in _NO_BRACKETS.sub("", text):
        # Up to the first mistake of a text, where the parser stops, this is the parser's own depth.
        depth += 1 if sign in "[{" else -1
        if depth > DEEPEST:
            raise ValueError(f"{where}: expected at most {DEEPEST} lists and objects inside each other; got more.")
