r"""Cutting a text into the words inside which byte pairs are merged.

The published patterns use ``\p{L}`` and ``\p{N}``, which ``re`` lacks. So each character is first mapped to one that
stands for its kind (``a`` a letter, ``0`` a number, ``!`` another sign, a tab for most white space; the few that a
pattern names stand for themselves), and a pattern over these kinds does the cutting. A pattern that a file brings is
looked up here, never run.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator

# The characters with the property White_Space; ``str.isspace`` counts four control characters more.
WHITE_SPACE = (
    "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)
# Letters of 's, 't, 're, 've, 'm, 'll, 'd in either case; the long s is an s to patterns that ignore case.
_NAMED = "stmdrevlSTMDREVLſ' \r\n"
_LETTER = "a-zA-Zſ"


class _Kinds(dict[int, str]):
    """Code point -> kind, found out when first asked for; ``str.translate`` takes it as a table."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        category = unicodedata.category(char)[0]
        if char in _NAMED:
            kind = char
        elif char in WHITE_SPACE:
            kind = "\t"
        else:
            kind = {"L": "a", "N": "0"}.get(category, "!")
        if len(self) < 10_000:
            self[code] = kind
        return kind


_KINDS = _Kinds()

GPT2 = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
_HEIR = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+"
    r"|\s+(?!\S)|\s+"
)
# GPT-2's; those of Llama 3 (and GPT-4) and of Qwen 2.
PATTERNS = (GPT2, _HEIR, _HEIR.replace(r"\p{N}{1,3}", r"\p{N}"))


def _over_kinds(pattern: str) -> re.Pattern[str]:
    s = "[sSſ]|[tT]|[rR][eE]|[vV][eE]|[mM]|[lL][lL]|[dD]"
    pattern = pattern.replace("(?i:'s|'t|'re|'ve|'m|'ll|'d)", f"'(?:{s})")
    pattern = re.sub(r"(\[\^[^\]]*)\\p\{L\}\\p\{N\}\]", rf"\1{_LETTER}0]", pattern)
    return re.compile(pattern.replace(r"\p{L}", f"[{_LETTER}]").replace(r"\p{N}", "0"))


_COMPILED = {pattern: _over_kinds(pattern) for pattern in PATTERNS}
_DIGITS = {True: re.compile("0|[^0]+"), False: re.compile("0+|[^0]+")}


def by_pattern(pattern: str) -> Callable[[str], Iterator[str]]:
    """A function that cuts a text by one of ``PATTERNS``; the pieces make up the text."""
    return lambda text: _cut(_COMPILED[pattern], text)


def at_digits(individual: bool) -> Callable[[str], Iterator[str]]:
    """A function that cuts numbers, or each of their digits, from what surrounds them."""
    return lambda text: _cut(_DIGITS[individual], text)


def _cut(pattern: re.Pattern[str], text: str) -> Iterator[str]:
    for found in pattern.finditer(text.translate(_KINDS)):
        yield text[found.start() : found.end()]
