from typing import Any

import numpy as np
import pytest

from circuit_explainer.core import CharTokenizer, TextError
from circuit_explainer.core.tokenizers.characters import CHARACTERS

MODEL = CharTokenizer(n_ctx=64)


def test_numbers_are_those_of_the_training_recipe() -> None:
    # As in prototypes/train-text.py: 0 = BOS, then the line end, then ASCII from 32 to 126.
    recipe = {char: n + 1 for n, char in enumerate(["\n"] + [chr(i) for i in range(32, 127)])}
    assert MODEL.d_vocab == len(recipe) + 1 == 97
    assert MODEL.to_tokens("Zo\n~ ").tolist() == [[0, recipe["Z"], recipe["o"], 1, 96, 2]]
    assert MODEL.to_tokens("a").dtype.kind == "i"


def test_labels_and_str_tokens() -> None:
    assert MODEL.to_str_tokens("a b\n") == ["<BOS>", "a", " ", "b", "\n"]
    labels = MODEL.labels("whatever")
    assert labels == ["<BOS>", *CHARACTERS]
    assert [labels[token] for token in MODEL.to_tokens("a b\n")[0]] == MODEL.to_str_tokens("a b\n")


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("“So” ‘it’s’ „x‟", '"So" \'it\'s\' "x"'),
        ("a–b—c―d−e‑f", "a-b-c-d-e-f"),
        ("wait…", "wait..."),
        ("a\u00a0b\u2009c\td\u3000e", "a b c d e"),
        ("a\r\nb\rc\u2028d\u0085e", "a\nb\nc\nd\ne"),
        ("\ufeffso\u00adft z\u200bero", "soft zero"),
    ],
)
def test_typographic_signs_become_plain(text: str, plain: str) -> None:
    assert MODEL.plain(text) == plain
    assert MODEL.decode(MODEL.to_tokens(text)) == plain
    assert set(MODEL.replaced(text)) <= set(text) - set(CHARACTERS)
    assert MODEL.replaced(plain) == {}


def test_replaced_tells_what_is_read_as_what() -> None:
    assert MODEL.replaced("“a” – b…\u200b") == {"“": '"', "”": '"', "–": "-", "…": "...", "\u200b": ""}


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("a café here", r"not “é” \(character 6, in “café”\)"),
        ("a cafe\u0301 here", r"not “é” \(character 6, in “café”\)"),
        ("x\n☃ y", r"not “☃” \(character 3\)"),
        ("ab\x00", r"not the sign U\+0000 \(character 3\)"),
        ("\u202eab", r"not the sign U\+202E \(character 1\)"),
        ("a\x1c", r"not the sign U\+001C \(character 2\)"),
        ("x אב", "not “\u2068א\u2069” \\(character 3, in “\u2068אב\u2069”\\)"),
        ("\ud800", r"not the sign U\+D800 \(character 1\)"),
        ("x \U0001f600!", r"not “\U0001f600” \(character 3, in “\U0001f600!”\)"),
    ],
)
def test_unknown_signs_are_named_with_their_place(text: str, named: str) -> None:
    with pytest.raises(TextError, match=rf"^This model reads plain English .*{named}: write it otherwise\.$"):
        MODEL.to_tokens(text)


def test_length() -> None:
    assert MODEL.to_tokens("a" * 63).shape == (1, 64)
    with pytest.raises(TextError, match=r"at most 63 characters; yours are 64: shorten the text\.$"):
        MODEL.to_tokens("a" * 64)
    for text in ("", "\u200b", "\ufeff"):
        with pytest.raises(TextError, match=r"^Type at least one character\.$"):
            MODEL.to_str_tokens(text)


def test_decode() -> None:
    assert MODEL.decode([0, 36, 0, 1]) == "B\n"
    assert MODEL.decode(np.array([[0, 2]])) == " "
    wrong: Any
    for wrong in ([97], [-1], [1.5]):
        with pytest.raises(ValueError, match=r"^Tokens must be whole numbers between 0 and 96; got"):
            MODEL.decode(wrong)
