"""A reader's texts as tokens, for any model: with a tokenizer, or without one as the numbers themselves."""

from __future__ import annotations

import re

import numpy as np

from circuit_explainer.circuits.repeats import some_repeats
from circuit_explainer.core import SymbolTokenizer, TextError, Transformer, check
from circuit_explainer.core.arrays import Array
from circuit_explainer.exhibits import ReaderError, Text

WORDS = (
    "the cat sat on the mat . the cat", "k q x f m d k q x f m d", "A B C D A", "Mary met John . Then Mary",
    "x = f ( x ) ; y = f ( x",
)  # fmt: skip
CHARACTERS = (
    "Zorblax went to the market. Zo", "qxfkmd qxfkmd qx", "AB CD AB C", "Mary met John. Then Mary met J",
    "def add(a, b): return a",
)  # fmt: skip
# Signs of a text for each token that a model reads, at most: longer words are rare.
SIGNS = 16


def read(model: Transformer, text: str) -> tuple[Array, list[str]]:
    """The tokens [1, p] of a text and a label for each.

    Raises TextError when it does not fit the model.
    """
    if model.tokenizer is not None:
        return model.to_tokens(text), model.to_str_tokens(text)
    parts = text.split()
    wrong = next((part for part in parts if not re.fullmatch("[0-9]{1,9}", part)), None)
    if wrong is not None or not parts:
        raise TextError(
            f"This model has no tokenizer, so type tokens as numbers, as 0 5 7 5. Got {wrong or text!r:.40}."
        )
    try:
        tokens = check.tokens(model.cfg, np.array([[int(part) for part in parts]]))
    except ValueError as error:
        raise TextError(str(error)) from None
    return tokens, [str(int(part)) for part in parts]


def pair(model: Transformer, text: str, other: str) -> tuple[Array, Array]:
    """The tokens [1, p] of a text and of another prompt of the same length; a word is the same symbol in both.

    Raises TextError for the text, ReaderError for the other prompt.
    """
    first, _ = read(model, text)
    try:
        second, _ = read(model, other)
        if isinstance(model.tokenizer, SymbolTokenizer):
            second = _same_symbols(model.tokenizer, text, other)
    except TextError as error:
        raise ReaderError("other", str(error)) from None
    if first.shape != second.shape:
        raise ReaderError(
            "other",
            f"The other prompt must have as many tokens as the text, {first.shape[1]}; it has {second.shape[1]}. "
            "Make one of them longer or shorter.",
        )
    return first, second


def control(model: Transformer) -> Text:
    """The control of the text, with what fits the model as its examples, the first of them its default."""
    return _text(model, "Text", [text for text in offered(model) if _fits(model, text)])


def other_control(model: Transformer, text: str) -> Text:
    """The control of the other prompt; at first the words of the text from last to first, which is as long."""
    words = text.split(" ")
    if model.tokenizer is None and len(words) > 1:
        words = [words[0], *words[:0:-1]]  # the first token is the mark of the beginning
    else:
        words.reverse()
    turned = " ".join(words)
    return _text(model, "Other prompt", [turned if _fits(model, turned) else control(model).default])


def offered(model: Transformer) -> list[str]:
    """Texts to start from, the longest that a small model reads among them."""
    if model.tokenizer is not None:
        return [*(CHARACTERS if model.tokenizer.name == "characters" else WORDS), "a b a", "a"]
    repeats = some_repeats(model, 1).tokens[0].tolist() if model.cfg.n_ctx > 2 and model.cfg.d_vocab > 1 else []
    half = len(repeats) // 2
    some = min(half, 6)
    return [" ".join(map(str, [*repeats[: some + 1], *repeats[1 : some + 1]]))] * (some > 0) + [f"{model.bos}"]


def _text(model: Transformer, label: str, texts: list[str]) -> Text:
    limit = model.cfg.n_ctx * SIGNS
    examples = tuple(text for text in dict.fromkeys(texts) if len(text) > len("a b a")) if len(texts) > 1 else ()
    return Text(texts[0] if texts else "a", max_characters=max(limit, 100), examples=examples, label=label)


def _fits(model: Transformer, text: str) -> bool:
    try:
        read(model, text)
    except TextError:
        return False
    return True


def _same_symbols(tokenizer: SymbolTokenizer, text: str, other: str) -> Array:
    words = tokenizer.words(other)
    known = list(dict.fromkeys([*tokenizer.words(text), *words]))
    if len(known) > tokenizer.d_vocab - 1:
        raise TextError(
            f"This model has symbols for at most {tokenizer.d_vocab - 1} different words; both prompts together have "
            f"{len(known)}: use some words in both."
        )
    return np.array([[0, *(known.index(word) + 1 for word in words)]])
