"""The kinds of characters against the library's ``\\p{L}``, ``\\p{N}`` and ``\\s``."""

import unicodedata

import pytest
from tokenizers import Regex, pre_tokenizers

from circuit_explainer.core.tokenizers.bpe import words

# Every character up to U+2FFF, and each thirty-seventh beyond.
SOME = [c for c in [*range(0x3000), *range(0x3000, 0x110000, 37)] if unicodedata.category(chr(c)) not in ("Cn", "Cs")]


def around(codes: list[int]) -> str:
    return "".join(f"x{c}1{c}!{c}{c}x '{c} '{c}d" for c in map(chr, codes))


@pytest.mark.parametrize("pattern", words.PATTERNS, ids=["gpt2", "llama3", "qwen2"])
def test_every_character_is_of_the_same_kind(pattern: str) -> None:
    theirs = pre_tokenizers.Split(Regex(pattern), "isolated", False)
    expected = [piece for piece, _ in theirs.pre_tokenize_str(around(SOME))]
    assert list(words.by_pattern(pattern)(around(SOME))) == expected


@pytest.mark.parametrize("individual", [True, False])
def test_digits(individual: bool) -> None:
    theirs = pre_tokenizers.Digits(individual_digits=individual)
    expected = [piece for piece, _ in theirs.pre_tokenize_str(around(SOME))]
    assert list(words.at_digits(individual)(around(SOME))) == expected


def test_contractions() -> None:
    gpt2 = words.by_pattern(words.GPT2)
    assert list(gpt2("I'll we'Ve 'S 's'm")) == ["I", "'ll", " we", "'", "Ve", " '", "S", " '", "s", "'m"]
    llama3 = words.by_pattern(words.PATTERNS[1])
    assert list(llama3("we'Ve don'ſo 12345")) == ["we", "'Ve", " don", "'ſ", "o", " ", "123", "45"]


def test_unassigned_characters_are_signs() -> None:
    assert list(words.by_pattern(words.GPT2)("a\u0378b")) == ["a", "\u0378", "b"]
