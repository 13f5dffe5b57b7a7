"""Files of tokenizers: what is refused and in which words, and some damaged ones."""

import json
import random
from typing import Any

import pytest

from circuit_explainer.core import TextError
from circuit_explainer.core.tokenizers.bpe import BPETokenizer, read_json, read_pair
from tests.core.tokenizers.bpe.damaged import BYTES, FILE, SPACED, a_damaged_file, attempt


def changed(where: str, value: Any, file: dict[str, Any] = FILE) -> str:
    whole = json.loads(json.dumps(file))
    *path, last = where.split("/")
    holder = whole
    for key in path:
        holder = holder[int(key) if isinstance(holder, list) else key]
    holder[last] = value
    return json.dumps(whole)


BAD = {
    "not JSON": ("{", "tokenizer.json is not JSON: "),
    "endless nesting": ("[" * 100_000, "tokenizer.json: expected at most 100 lists and objects inside each other"),
    "a list": ("[]", "tokenizer.json must be a JSON object; got list."),
    "no model": ("{}", "tokenizer.json: model must be a JSON object; got NoneType."),
    "another model": (changed("model/type", "Unigram"), "model type 'BPE'; got 'Unigram'."),
    "dropout": (changed("model/dropout", 0.1), "dropout is not read, only null; got 0.1."),
    "suffix": (changed("model/end_of_word_suffix", "</w>"), "end_of_word_suffix is not read, only null"),
    "no vocab": (changed("model/vocab", None), "tokenizer.json: vocab must be a JSON object; got NoneType."),
    "an id of text": (changed("model/vocab/a", "0"), "a must be a whole number below 2.*; got '0'."),
    "an id of true": (changed("model/vocab/a", True), "a must be a whole number below 2.*; got True."),
    "an id below zero": (changed("model/vocab/a", -1), "a must be a whole number below 2.*; got -1."),
    "a large id": (changed("model/vocab/a", 2**31), "a must be a whole number below 2.*; got 2147483648."),
    "an id twice": (changed("model/vocab/a", 1), "the tokens 'a' and 'b' have the same id 1."),
    "half a character": (changed("model/vocab/\ud800", 9), r"holds half of a character; got '\\ud800'."),
    "merges of numbers": (changed("model/merges", [1]), "merge 1: expected a pair of tokens; got 1."),
    "a merge of three": (changed("model/merges", ["a b c"]), "merge 1: expected a pair of tokens; got 'a b c'."),
    "a merge into nothing": (changed("model/merges", ["b a"]), "merge of 'b' and 'a' needs 'ba'; the vocabulary lacks"),
    "an unk that is not there": (changed("model/unk_token", "?"), r"unk_token '\?' is not in the vocabulary."),
    "a flag of text": (changed("model/byte_fallback", "no"), "byte_fallback must be true or false; got 'no'."),
    "an added token without id": (changed("added_tokens", [{"content": "x"}]), "added token 1: id must be a whole"),
    "an added token of words": (changed("added_tokens/0/single_word", True), "single_word is not read, only false"),
    "another normalizer": (
        changed("normalizer/type", "Lowercase"),
        "expected a normalizer of NFC, .*; got 'Lowercase'",
    ),
    "a Replace by pattern": (
        changed("normalizer", {"type": "Replace", "pattern": {"Regex": "(a+)+$"}, "content": ""}),
        "Replace is read with a pattern of type String only.",
    ),
    "another cutter": (changed("pre_tokenizer/type", "Metaspace"), "expected a pre_tokenizer of .*; got 'Metaspace'."),
    "another pattern": (
        changed("pre_tokenizer", {"type": "Split", "pattern": {"Regex": "(a+)+$"}, "behavior": "Isolated"}),
        r"patterns are looked up, not run, and this one is not known here: '\(a\+\)\+\$'.",
    ),
    "bytes before a cut": (
        changed("pre_tokenizer/pretokenizers", [BYTES, {"type": "Digits"}]),
        "ByteLevel must be the last; another follows it.",
    ),
    "another decoder": (
        changed("decoder/type", "Metaspace"),
        "expected a decoder of ByteLevel or none; got 'Metaspace'",
    ),
    "another post-processor": (changed("post_processor/type", "Bert"), "expected a post_processor of .*; got 'Bert'."),
    "a strip of both ends": (changed("decoder/stop", 1, SPACED), "Strip is read with start 1 and stop 0 only."),
    "a beginning that is not there": (changed("added_tokens", []), "puts '<s>' in front of a text, which is not in"),
    "deep sequences": (
        changed(
            "normalizer",
            json.loads(
                '{"type": "Sequence", "normalizers": [' * 12 + '{"type": "NFC"},' * 8 + '{"type": "NFC"}' + "]}" * 12
            ),
        ),
        "a normalizer is read with up to 8 stages; this one has more.",
    ),
    "endless sequences": (
        changed("normalizer", json.loads('{"type": "Sequence", "normalizers": [' * 49 + "]}" * 49)),
        "a normalizer is read with up to 8 stages; this one has more.",
    ),
    "a long replacement": (changed("normalizer/prepend", "▁" * 9, SPACED), "prepend is read up to 8 characters; got"),
    "a long token": (changed("model/vocab", {"a" * 1001: 0}), "tokens are read up to 1000 characters; got 'aaaa"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_is_refused(case: str) -> None:
    text, message = BAD[case]
    with pytest.raises(ValueError, match=message):
        read_json(text)


@pytest.mark.parametrize(
    ("vocab", "merges", "message"),
    [
        ("{", "", "vocab.json is not JSON: "),
        ('{"a": 1.0}', "", "vocab.json: a must be a whole number below 2.*; got 1.0."),
        ('{"a": 0}', "#version: 0.2\na\n", "merges.txt, line 2: expected a pair of tokens; got 'a'."),
        ('{"a": 0}', "a a", "The merge of 'a' and 'a' needs 'aa'; the vocabulary lacks it."),
    ],
)
def test_what_is_refused_of_the_two_files(vocab: str, merges: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        read_pair(vocab, merges)


def test_line_ends_of_windows() -> None:
    spec = read_pair('{"a": 0, "b": 1, "ab": 2}', "#version: 0.2\r\na b\r\n\r\n")
    assert spec.merges == (("a", "b"),)


def test_a_beginning_from_elsewhere() -> None:
    plain = changed("post_processor", None)
    assert read_json(plain).bos == 5
    assert read_json(plain, bos=4).bos == 4
    # What the file itself says is stronger.
    assert read_json(json.dumps(FILE), bos=4).bos == 5
    with pytest.raises(ValueError, match="The token of the beginning is said to be 77; the vocabulary has no token of"):
        read_json(plain, bos=77)
    assert read_pair('{"a": 0, "<|endoftext|>": 7}', "").bos == 7
    assert read_pair('{"a": 0, "<|endoftext|>": 7}', "", bos=0).bos == 0


def test_a_text_is_not_made_endless() -> None:
    doubling = {"type": "Replace", "pattern": {"String": "a"}, "content": "a" * 8}
    spec = read_json(changed("normalizer", {"type": "Sequence", "normalizers": [doubling] * 8}))
    with pytest.raises(TextError, match="makes a text a hundred times longer: it cannot be used."):
        BPETokenizer(spec, 10, 50).encode("aaaa")


def test_damaged_files_are_read_or_refused_in_words() -> None:
    # Ten thousand of them: test_any_file, not in the browser.
    rng = random.Random(1)
    read = [attempt(*a_damaged_file(n, rng)) for n in range(300)]
    assert 30 < sum(read) < 270
