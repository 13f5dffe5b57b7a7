"""What a reader or a link gave, as a sentence may quote it."""

from __future__ import annotations

import unicodedata


def quoted(text: str, most: int = 40) -> str:
    """Return the text in quotation marks, cut after `most` characters.

    Signs that cannot be seen or would turn the line stand as their escapes; a word from right to left is isolated.
    """
    shown = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text[:most])
    turned = any(unicodedata.bidirectional(c) in ("R", "AL", "AN") for c in shown)
    more = "…" * (len(text) > most)
    return f"“\u2068{shown}\u2069{more}”" if turned else f"“{shown}{more}”"
