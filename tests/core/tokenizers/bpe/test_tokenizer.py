"""The stored vocabulary in GPT-2's pipeline; ``test_library`` and ``test_any_text`` know more pipelines."""

import json
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from circuit_explainer.core import TextError
from circuit_explainer.core.tokenizers.bpe import BPETokenizer, read_json, read_pair
from tests.core.tokenizers.bpe.texts import HARD

FIXTURES = Path(__file__).with_name("fixtures")
# What the library makes of each hard text.
TOKENS: list[list[int]] = json.loads((FIXTURES / "hard.json").read_text(encoding="utf-8"))


def pair_of_files() -> BPETokenizer:
    vocab, merges = ((FIXTURES / name).read_text(encoding="utf-8") for name in ("vocab.json", "merges.txt"))
    return BPETokenizer(read_pair(vocab, merges), 900, 10_000)


@pytest.mark.parametrize("n", range(len(HARD)))
def test_hard_texts(n: int) -> None:
    mine = pair_of_files()
    assert mine.encode(HARD[n]) == TOKENS[n]
    assert mine.decode(TOKENS[n]) == HARD[n]


def test_an_added_token_of_no_signs() -> None:
    empty = {"id": 1, "content": "", "special": True}
    spec = read_json(json.dumps({"added_tokens": [empty], "model": {"vocab": {"a": 0}, "merges": []}}))
    mine = BPETokenizer(spec, 2, 9)
    assert mine.encode("aa") == [0, 0]
    assert mine.decode([0, 1, 0]) == "aa"
    assert mine.labels() == ["a", ""]


def test_str_tokens_and_labels() -> None:
    mine = pair_of_files()
    shown = mine.to_str_tokens("Hello, world! é😀")
    assert shown[0] == "<|endoftext|>"
    assert "".join(shown[1:]).startswith("Hello, world! é")
    labels = mine.labels()
    assert len(labels) == 900
    assert [labels[token] for token in mine.to_tokens("Hello, world! é😀")[0]] == shown
    # A part of a character shows as U+FFFD.
    assert "\ufffd" in shown


def test_unfit_texts() -> None:
    mine = BPETokenizer(pair_of_files().spec, 900, 4)
    with pytest.raises(TextError, match=r"^Type at least one character\.$"):
        mine.to_tokens("")
    with pytest.raises(TextError, match=r"reads at most 4 tokens; your text makes 6: shorten it\.$"):
        mine.to_tokens("0 1 2")
    with pytest.raises(TextError, match=r"^Half of a character \(U\+D83D\) stands alone"):
        mine.to_tokens("x\ud83d")
    wrong: Any
    for wrong in ([-1], [900], [1.0]):
        with pytest.raises(ValueError, match="Tokens must be numbers of the vocabulary; got"):
            mine.decode(wrong)
    assert mine.decode(np.array([[1, 2]])) == '!"'


def test_a_vocabulary_without_a_byte_says_so() -> None:
    cutter = '{"type": "ByteLevel", "add_prefix_space": false}'
    poor = read_json(f'{{"model": {{"vocab": {{"a": 0}}, "merges": []}}, "pre_tokenizer": {cutter}}}')
    with pytest.raises(TextError, match=r"no token for a part of “ab”: write it otherwise\.$"):
        BPETokenizer(poor, 1, 9).to_tokens("ab")


@pytest.mark.parametrize("text", ["a" * 50_000, "ab" * 25_000, " " * 50_000, "é😀" * 15_000, "'" * 50_000])
def test_long_words_take_no_long_time(text: str) -> None:
    begun = time.process_time()
    tokens = pair_of_files().encode(text)
    # A quarter of a second on an idle machine; a quadratic way would take minutes.
    assert time.process_time() - begun < 20
    assert pair_of_files().decode(tokens) == text
