"""Characters as tokens: what an English keyboard writes, each sign one token; 0 is BOS, the mark of the beginning.

Signs that word processors put in place of plain ones (curly quotes, long dashes, fixed spaces) are read as the plain
ones; ``replaced`` tells which. Every other sign is refused, none is dropped in silence but invisible ones.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from circuit_explainer.core.arrays import Array
from circuit_explainer.core.tokenizers.symbols import BOS, TextError

# What the tokens 1, 2, 3 … stand for: the line end, then ASCII from the space to the tilde.
CHARACTERS = "\n" + "".join(map(chr, range(32, 127)))

_PLAIN = {
    "'": "\u2018\u2019\u201a\u201b\u2032\u00b4\u02bc",
    '"': "\u201c\u201d\u201e\u201f\u2033",
    "-": "\u2010\u2011\u2012\u2013\u2014\u2015\u2212",
    "...": "\u2026",
    " ": "\t\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000",
    "\n": "\r\v\f\u0085\u2028\u2029",
    # Invisible: soft hyphen, zero-width spaces and joiners, byte-order mark.
    "": "\u00ad\u200b\u200c\u200d\u2060\ufeff",
}
_REPLACED = {sign: plain for plain, signs in _PLAIN.items() for sign in signs}
_NUMBERS = {char: n for n, char in enumerate(CHARACTERS, start=1)}


@dataclass(frozen=True)
class CharTokenizer:
    """Gives each character its number: 1 is the line end, 2 the space, then ASCII in its order.

    Args:
        n_ctx: tokens the model can read, BOS among them.
    """

    n_ctx: int
    name = "characters"
    bos = 0
    d_vocab = len(CHARACTERS) + 1

    def plain(self, text: str) -> str:
        """The text as the model reads it, checked to fit.

        Raises:
            TextError: there is nothing to read, or too much, or a sign that the model does not know.
        """
        plain = "".join(_REPLACED.get(char, char) for char in _accents_joined(text))
        unknown = next((char for char in plain if char not in _NUMBERS), None)
        if unknown is not None:
            raise TextError(_refusal(unknown, text))
        if not plain:
            raise TextError("Type at least one character.")
        if len(plain) > self.n_ctx - 1:
            raise TextError(
                f"This model reads at most {self.n_ctx - 1} characters; yours are {len(plain)}: shorten the text."
            )
        return plain

    def replaced(self, text: str) -> dict[str, str]:
        """Those signs of a text that are read as others, each with what it is read as (nothing for invisible ones)."""
        return {char: _REPLACED[char] for char in _accents_joined(text) if char in _REPLACED}

    def to_tokens(self, text: str) -> Array:
        """BOS and the numbers of the characters: integers ``[1, p]``.

        Raises:
            TextError: as ``plain``.
        """
        return np.array([[0, *(_NUMBERS[char] for char in self.plain(text))]])

    def to_str_tokens(self, text: str) -> list[str]:
        """What stands at each position: ``<BOS>``, then the characters.

        Raises:
            TextError: as ``plain``.
        """
        return [BOS, *self.plain(text)]

    def labels(self, text: str = "") -> list[str]:
        """What each of the ``d_vocab`` tokens stands for, whatever the text."""
        return [BOS, *CHARACTERS]

    def decode(self, tokens: Sequence[int] | Array) -> str:
        """The text of tokens ``[p]`` or ``[1, p]``, without BOS.

        Raises:
            ValueError: a token lies outside the vocabulary.
        """
        numbers: list[Any] = np.asarray(tokens).reshape(-1).tolist()
        for number in numbers:
            if not isinstance(number, int) or not 0 <= number < self.d_vocab:
                raise ValueError(f"Tokens must be whole numbers between 0 and {self.d_vocab - 1}; got {number}.")
        return "".join(CHARACTERS[number - 1] for number in numbers if number)

    def saved(self) -> None:
        """Nothing: kind and config say all."""


def _accents_joined(text: str) -> str:
    # So that a letter and its accent are refused as the one sign that a reader sees; line ends of Windows are one.
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n"))


def _refusal(char: str, text: str) -> str:
    joined = _accents_joined(text)
    at = joined.index(char)
    # A sign that cannot be seen, or would change the line around it, is named by its number.
    visible = char.isprintable() and not unicodedata.combining(char)
    shown = _quoted(char) if visible else f"the sign U+{ord(char):04X}"
    before, after = re.split(r"\s", joined[:at])[-1], re.split(r"\s", joined[at:])[0]
    word = (before + after)[:30]
    where = f"character {at + 1}"
    if visible and word != char and word.isprintable():
        where += f", in {_quoted(word)}"
    return f"This model reads plain English letters, digits and signs only, not {shown} ({where}): write it otherwise."


def _quoted(word: str) -> str:
    # Words from right to left are isolated, so that the sentence around them keeps its order.
    turned = any(unicodedata.bidirectional(char) in ("R", "AL") for char in word)
    return f"“\u2068{word}\u2069”" if turned else f"“{word}”"
