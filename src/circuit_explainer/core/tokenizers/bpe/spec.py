"""What a tokenizer of this family is made of, as plain data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

# A stage of the pipeline: its kind as ``tokenizer.json`` names it, then its arguments.
Stage = tuple[Any, ...]


@dataclass(frozen=True)
class Added:
    """A token that is found in the text as it stands, before anything else is done."""

    id: int
    content: str
    special: bool = True
    # Looked for in the text after its normalization rather than before.
    normalized: bool = False
    # White space to its left or right belongs to it.
    lstrip: bool = False
    rstrip: bool = False


@dataclass(frozen=True)
class Spec:
    """Vocabulary, merges and stages.

    Args:
        vocab: token -> id; in a byte-level vocabulary each character of a token stands for a byte.
        merges: the pairs, the earliest-learned first.
        added: tokens found in the text as they stand.
        normalizer: ("NFC",), ("Prepend", text), ("Replace", old, new) and the like, in order.
        cutter: ("ByteLevel", space in front, by GPT-2's pattern), ("Digits", one by one), ("Split", pattern).
        decoder: ("Replace", old, new), ("Strip", text); nothing in a byte-level vocabulary.
        byte_level: the characters of words become bytes before they are merged.
        byte_fallback: characters without a token become tokens ``<0x00>`` … ``<0xFF>``.
        unk: the token for what has no token, if there is one; with ``fuse_unk`` one for several in a row.
        ignore_merges: a word that is itself a token is not merged.
        bos: id of the token of the beginning, if there is one.
    """

    vocab: dict[str, int]
    merges: tuple[tuple[str, str], ...]
    added: tuple[Added, ...] = ()
    normalizer: tuple[Stage, ...] = ()
    cutter: tuple[Stage, ...] = (("ByteLevel", False, True),)
    decoder: tuple[Stage, ...] = ()
    byte_level: bool = True
    byte_fallback: bool = False
    unk: str | None = None
    fuse_unk: bool = False
    ignore_merges: bool = False
    bos: int | None = None
