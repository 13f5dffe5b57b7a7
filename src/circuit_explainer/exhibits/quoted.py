"""What a reader, a link or a file gave, as a sentence may hold it."""

from __future__ import annotations

import unicodedata

JOINER = "\u200d"  # makes one emoji of several
ISOLATES = "\u2068\u2069"  # our sentences set words from right to left between these


def readable(text: str, keep: str = JOINER + ISOLATES + "\n") -> str:
    """Return the text with signs that cannot be seen, or would turn the line, as their escapes, but for those kept."""
    return "".join(c if c.isprintable() or c in keep else c.encode("unicode_escape").decode() for c in text)


def quoted(text: str, most: int = 40) -> str:
    """Return the text in quotation marks, readable, and cut after `most` characters; right to left is isolated."""
    signs = [readable(c, JOINER) for c in text[:most]]
    while sum(map(len, signs)) > most:  # an escape takes the room of ten
        signs.pop()
    shown = "".join(signs)
    turned = any(unicodedata.bidirectional(c) in ("R", "AL", "AN") for c in shown)
    more = "…" * (len(text) > len(signs))
    return f"“\u2068{shown}\u2069{more}”" if turned else f"“{shown}{more}”"
