"""Against the ``tokenizers`` library, pipeline by pipeline; it does not run in the browser."""

import functools
import unicodedata
from pathlib import Path

import pytest
import safetensors
from tokenizers import Regex, Tokenizer, pre_tokenizers

from circuit_explainer.core import Transformer
from circuit_explainer.core.tokenizers.bpe import BPETokenizer, read_json, words
from tests.core.conftest import random_model
from tests.core.tokenizers.bpe.test_tokenizer import TOKENS, pair_of_files
from tests.core.tokenizers.bpe.texts import HARD
from tests.core.tokenizers.bpe.variants import VARIANTS

# Every character up to U+2FFF, and each thirty-seventh beyond.
SOME = [c for c in [*range(0x3000), *range(0x3000, 0x110000, 37)] if unicodedata.category(chr(c)) not in ("Cn", "Cs")]


@functools.cache
def both(name: str) -> tuple[Tokenizer, BPETokenizer]:
    theirs = VARIANTS[name]()
    return theirs, BPETokenizer(read_json(theirs.to_str()), theirs.get_vocab_size(), 10_000)


@pytest.mark.parametrize("name", VARIANTS)
@pytest.mark.parametrize("text", [*HARD, "\n".join(HARD)], ids=range(len(HARD) + 1))
def test_hard_texts(name: str, text: str) -> None:
    theirs, mine = both(name)
    expected = theirs.encode(text, add_special_tokens=False).ids
    assert mine.encode(text) == expected
    assert mine.decode(expected) == theirs.decode(expected, skip_special_tokens=False)


def test_the_stored_tokens_are_the_library_s() -> None:
    assert [both("gpt2")[0].encode(text).ids for text in HARD] == TOKENS


def test_an_added_token_decodes_to_itself() -> None:
    theirs = VARIANTS["gpt2"]()
    theirs.add_tokens(["café"])
    mine = BPETokenizer(read_json(theirs.to_str()), theirs.get_vocab_size(), 99)
    assert mine.decode(mine.encode("a café")) == "a café"
    # The library takes the letters of an added token for bytes where it can, and loses it.
    assert theirs.decode(mine.encode("a café"), skip_special_tokens=False) == "a caf\ufffd"


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
    # llama2's space in front of a word stays.
    assert both("llama2")[1].to_str_tokens("x")[1] == " x"


def test_the_library_reads_the_tokenizer_of_a_saved_model(tmp_path: Path) -> None:
    plain = random_model(d_vocab=900, n_ctx=40)
    model = Transformer(plain.cfg, plain.weights, pair_of_files())
    model.save(tmp_path / "m.safetensors")
    with safetensors.safe_open(tmp_path / "m.safetensors", "numpy") as file:
        theirs = Tokenizer.from_str(file.metadata()["tokenizer"])
    assert theirs.encode("the cat sat").ids == model.to_tokens("the cat sat")[0].tolist()


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
