"""Against the ``tokenizers`` library, pipeline by pipeline."""

import functools
import json
import time
import unicodedata

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer

from circuit_explainer.core import TextError
from circuit_explainer.core.tokenizers.bpe import BPETokenizer, read_json, read_pair
from tests.core.tokenizers.bpe.make import FIXTURES
from tests.core.tokenizers.bpe.texts import HARD
from tests.core.tokenizers.bpe.variants import VARIANTS

BYTE_LEVEL = [name for name in VARIANTS if name != "llama2"]


@functools.cache
def both(name: str) -> tuple[Tokenizer, BPETokenizer]:
    theirs = VARIANTS[name]()
    return theirs, BPETokenizer(read_json(theirs.to_str()), theirs.get_vocab_size(), 10_000)


def pair_of_files() -> BPETokenizer:
    vocab, merges = ((FIXTURES / name).read_text(encoding="utf-8") for name in ("vocab.json", "merges.txt"))
    return BPETokenizer(read_pair(vocab, merges), 900, 10_000)


# Characters that came after this Python's Unicode tables are of no kind here and of some kind in the library.
TEXT = st.text(
    st.characters(blacklist_categories=["Cs", "Cn"]) | st.sampled_from(" \n\t'aéſ0¼²!▁Ġ\u0301\u00a0\x85\x1c")
)


@pytest.mark.parametrize("name", VARIANTS)
@pytest.mark.parametrize("text", [*HARD, "\n".join(HARD)], ids=range(len(HARD) + 1))
def test_hard_texts(name: str, text: str) -> None:
    theirs, mine = both(name)
    expected = theirs.encode(text, add_special_tokens=False).ids
    assert mine.encode(text) == expected
    assert mine.decode(expected) == theirs.decode(expected, skip_special_tokens=False)


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(sorted(VARIANTS)), TEXT | st.lists(st.sampled_from(HARD) | TEXT, max_size=3).map("".join))
def test_any_text(name: str, text: str) -> None:
    theirs, mine = both(name)
    expected = theirs.encode(text, add_special_tokens=False).ids
    assert mine.encode(text) == expected
    assert mine.decode(expected) == theirs.decode(expected, skip_special_tokens=False)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(["gpt2", "smollm", "llama3"]), st.text(st.characters(blacklist_categories=["Cs"])))
def test_any_text_comes_back(name: str, text: str) -> None:
    assert both(name)[1].decode(both(name)[1].encode(text)) == text


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(sorted(VARIANTS)), st.data())
def test_any_tokens_decode_as_in_the_library(name: str, data: st.DataObject) -> None:
    theirs, mine = both(name)
    tokens = data.draw(st.lists(st.integers(0, theirs.get_vocab_size() - 1), max_size=20))
    assert mine.decode(tokens) == theirs.decode(tokens, skip_special_tokens=False)


def test_an_added_token_decodes_to_itself() -> None:
    theirs = VARIANTS["gpt2"]()
    theirs.add_tokens(["café"])
    mine = BPETokenizer(read_json(theirs.to_str()), theirs.get_vocab_size(), 99)
    assert mine.decode(mine.encode("a café")) == "a café"
    # The library takes the letters of an added token for bytes where it can, and loses it.
    assert theirs.decode(mine.encode("a café"), skip_special_tokens=False) == "a caf\ufffd"


def test_an_added_token_of_no_signs() -> None:
    empty = {"id": 1, "content": "", "special": True}
    spec = read_json(json.dumps({"added_tokens": [empty], "model": {"vocab": {"a": 0}, "merges": []}}))
    mine = BPETokenizer(spec, 2, 9)
    assert mine.encode("aa") == [0, 0]
    assert mine.decode([0, 1, 0]) == "aa"
    assert mine.labels() == ["a", ""]


def test_the_two_files_are_the_same_tokenizer() -> None:
    theirs, mine = both("gpt2")
    assert pair_of_files().encode("\n".join(HARD)) == mine.encode("\n".join(HARD))
    assert pair_of_files().spec.vocab == mine.spec.vocab
    assert pair_of_files().spec.bos == mine.spec.bos == theirs.token_to_id("<|endoftext|>")


@pytest.mark.parametrize("name", VARIANTS)
def test_a_saved_tokenizer_is_the_same_here_and_in_the_library(name: str) -> None:
    mine = both(name)[1]
    assert read_json(mine.saved()) == mine.spec
    again = Tokenizer.from_str(mine.saved())
    for text in HARD:
        assert again.encode(text, add_special_tokens=False).ids == mine.encode(text)
        assert [number for number in [mine.spec.bos] if number is not None] + mine.encode(text) == again.encode(
            text
        ).ids
        assert again.decode(mine.encode(text), skip_special_tokens=False) == mine.decode(mine.encode(text))


def test_beginnings() -> None:
    names = {"gpt2": "<|endoftext|>", "llama3": "<|begin_of_text|>", "llama2": "<s>"}
    for name, content in names.items():
        theirs, mine = both(name)
        assert mine.spec.bos == theirs.token_to_id(content)
        assert mine.to_str_tokens("a")[0] == content
        assert mine.to_tokens("a").tolist() == [[mine.spec.bos, *mine.encode("a")]]


def test_str_tokens_and_labels() -> None:
    mine = pair_of_files()
    shown = mine.to_str_tokens("Hello, world! é😀")
    assert shown[0] == "<|endoftext|>"
    assert "".join(shown[1:]).startswith("Hello, world! é")
    labels = mine.labels()
    assert len(labels) == 900
    assert [labels[token] for token in mine.to_tokens("Hello, world! é😀")[0]] == shown
    # A part of a character shows as U+FFFD, and llama2's space in front of a word stays.
    assert "\ufffd" in shown
    assert both("llama2")[1].to_str_tokens("x")[1] == " x"


def test_unfit_texts() -> None:
    mine = BPETokenizer(pair_of_files().spec, 900, 4)
    with pytest.raises(TextError, match=r"^Type at least one character\.$"):
        mine.to_tokens("")
    with pytest.raises(TextError, match=r"reads at most 4 tokens; your text makes 6: shorten it\.$"):
        mine.to_tokens("0 1 2")
    with pytest.raises(TextError, match=r"^Half of a character \(U\+D83D\) stands alone"):
        mine.to_tokens("x\ud83d")
    for wrong in ([-1], [900], [1.0]):
        with pytest.raises(ValueError, match="Tokens must be numbers of the vocabulary; got"):
            mine.decode(wrong)  # type: ignore[arg-type]
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


def test_the_unicode_tables_are_there() -> None:
    assert unicodedata.category("𝟘") == "Nd"
