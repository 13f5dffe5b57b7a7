"""The stages of a tokenizer, as functions on text: normalizing, cutting into words, putting decoded text right."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence

from circuit_explainer.core.tokenizers.bpe.spec import Stage
from circuit_explainer.core.tokenizers.bpe.words import GPT2, at_digits, by_pattern
from circuit_explainer.core.tokenizers.symbols import TextError

# What stands for each byte in the tokens of a byte-level vocabulary (Radford et al., 2019): printable Latin-1
# characters stand for themselves, the other bytes, in order, for the characters from 256 on.
_PLAIN = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
BYTES = {byte: chr(byte) for byte in _PLAIN}
BYTES |= {byte: chr(256 + n) for n, byte in enumerate(byte for byte in range(256) if byte not in BYTES)}
TO_BYTE = {char: byte for byte, char in BYTES.items()}
_BYTE_TOKEN = re.compile("<0x([0-9A-Fa-f]{2})>")
NORMAL_FORMS = ("NFC", "NFD", "NFKC", "NFKD")


def normalize(stages: Sequence[Stage], text: str) -> str:
    """The text after the normalizing stages.

    Raises:
        TextError: they make it many times longer, which only a file does that means harm.
    """
    most = 100 * len(text) + 100
    for kind, *arguments in stages:
        if len(text) > most:
            raise TextError("The tokenizer of this model makes a text a hundred times longer: it cannot be used.")
        if kind == "Prepend":
            text = f"{arguments[0]}{text}" if text else ""
        elif kind == "Replace":
            text = text.replace(*arguments)
        else:
            text = unicodedata.normalize(kind, text)
    return text


def words(stages: Sequence[Stage], text: str) -> list[str]:
    """The words of a text after the cutting stages; spaces that a stage puts in front are there."""
    pieces = [text]
    for kind, *arguments in stages:
        if kind == "ByteLevel":
            in_front, by_gpt2 = arguments
            pieces = [f" {piece}" if in_front and not piece.startswith(" ") else piece for piece in pieces]
            pieces = _each(by_pattern(GPT2), pieces) if by_gpt2 else pieces
        elif kind == "Digits":
            pieces = _each(at_digits(*arguments), pieces)
        else:
            pieces = _each(by_pattern(*arguments), pieces)
    return pieces


def text_of(stages: Sequence[Stage], parts: list[str], whole: bool = True) -> str:
    """The text of decoded tokens that are no bytes, after the decoding stages; one token alone is not stripped."""
    for kind, *arguments in stages:
        if kind == "Replace":
            parts = [part.replace(*arguments) for part in parts]
    text = _bytes_joined(parts)
    for kind, *arguments in stages:
        if kind == "Strip" and whole:
            text = text.removeprefix(arguments[0])
    return text


def spelt_bytes(token: str) -> bytes:
    """The bytes that a token of a byte-level vocabulary stands for; one with other signs stands for itself."""
    numbers = [TO_BYTE.get(sign) for sign in token]
    return token.encode() if None in numbers else bytes(number for number in numbers if number is not None)


def as_byte(token: str) -> int | None:
    """The byte that a token such as ``<0x0A>`` stands for."""
    found = _BYTE_TOKEN.fullmatch(token)
    return int(found[1], 16) if found else None


def _each(cut: Callable[[str], Iterator[str]], pieces: list[str]) -> list[str]:
    return [word for piece in pieces for word in cut(piece)]


def _bytes_joined(parts: list[str]) -> str:
    text, run = [], bytearray()
    for part in [*parts, ""]:
        byte = as_byte(part)
        if byte is not None:
            run.append(byte)
            continue
        text += [_decoded(bytes(run)), part]
        run.clear()
    return "".join(text)


def _decoded(run: bytes) -> str:
    # A run that is no UTF-8 becomes one replacement character for each byte, as in the library.
    try:
        return run.decode()
    except UnicodeDecodeError:
        return "\ufffd" * len(run)
