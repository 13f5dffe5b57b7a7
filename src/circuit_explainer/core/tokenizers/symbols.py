"""Words of a reader's text as symbols of a model that has never read any language.

The models trained on random symbols treat all of them alike, so each distinct word of a text can be given the next
free symbol; 0 is BOS, the mark of the beginning.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

import numpy as np

from circuit_explainer.core.arrays import Array

BOS = "<BOS>"
_JOINERS = "\u200c\u200d"
# Control, format and lone surrogate characters: invisible, and able to turn the direction of a line.
_DROPPED = {"Cc", "Cf", "Cs"}


class TextError(ValueError):
    """A reader's text cannot be used: a ValueError whose message is one sentence for that reader."""


@dataclass(frozen=True)
class SymbolTokenizer:
    """Gives a text's distinct words the symbols 1, 2, 3 … in the order in which they appear.

    Args:
        d_vocab: symbols of the model, BOS among them.
        n_ctx: tokens the model can read, BOS among them.
    """

    d_vocab: int
    n_ctx: int
    name = "symbols"
    bos = 0

    def words(self, text: str) -> list[str]:
        """The words and marks of a text, checked to fit the model.

        Raises:
            TextError: there is no word, or too many, or too many different ones.
        """
        words = split(text)
        distinct = len(set(words))
        if not words:
            raise TextError("Type at least one word.")
        if len(words) > self.n_ctx - 1:
            raise TextError(f"This model reads at most {self.n_ctx - 1} words; yours has {len(words)}: shorten it.")
        if distinct > self.d_vocab - 1:
            raise TextError(
                f"This model has symbols for at most {self.d_vocab - 1} different words; yours has {distinct}: "
                "repeat some or shorten it."
            )
        return words

    def to_tokens(self, text: str) -> Array:
        """BOS and the symbols of the words: integers ``[1, p]``.

        Raises:
            TextError: as ``words``.
        """
        words = self.words(text)
        symbol = {word: n for n, word in enumerate(dict.fromkeys(words), start=1)}
        return np.array([[0, *(symbol[word] for word in words)]])

    def to_str_tokens(self, text: str) -> list[str]:
        """What stands at each position: ``<BOS>``, then the words.

        Raises:
            TextError: as ``words``.
        """
        return [BOS, *self.words(text)]

    def labels(self, text: str) -> list[str]:
        """What each of the ``d_vocab`` symbols stands for in this text; the empty string for a free one.

        Raises:
            TextError: as ``words``.
        """
        named = [BOS, *dict.fromkeys(self.words(text))]
        return named + [""] * (self.d_vocab - len(named))

    def saved(self) -> None:
        """Nothing: kind and config say all."""


def split(text: str) -> list[str]:
    """Words and marks of a text: NFC, cut at white space, punctuation at a word's ends taken off mark by mark.

    Apostrophes and hyphens inside a word stay, as do combining marks and joined emoji; upper and lower case differ.
    Control and format characters go (direction marks, zero-width spaces), but for the joiners inside a word.
    """
    kept = "".join(c for c in text if c.isspace() or c in _JOINERS or unicodedata.category(c) not in _DROPPED)
    return [part for piece in unicodedata.normalize("NFC", kept).split() for part in _peel(piece)]


def _peel(piece: str) -> list[str]:
    piece = piece.strip(_JOINERS)
    first, last = 0, len(piece)
    # A mark that carries combining marks is a sign of its own, such as a keycap emoji.
    while first < last and _category(piece[first]) == "P" and _category(piece[first + 1 : first + 2]) != "M":
        first += 1
    while last > first and _category(piece[last - 1]) == "P":
        last -= 1
    word = piece[first:last].strip(_JOINERS)
    return [*piece[:first], *([word] if word else []), *piece[last:]]


def _category(char: str) -> str:
    return unicodedata.category(char)[0] if char else ""
