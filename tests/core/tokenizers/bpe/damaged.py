"""Files of tokenizers, damage done to them, and what reading one has to come to."""

from __future__ import annotations

import json
import random
from typing import Any

from circuit_explainer.core import TextError
from circuit_explainer.core.tokenizers.bpe import BPETokenizer, read_json, read_pair
from circuit_explainer.core.tokenizers.bpe.spec import Spec
from tests.core.mutate import damage, disturb, dumps

MODEL = {"type": "BPE", "vocab": {"a": 0, "b": 1, "ab": 2, "Ġ": 3, "c": 4}, "merges": [["a", "b"]]}
ADDED = {
    "id": 5, "content": "<s>", "special": True, "normalized": False, "single_word": False, "lstrip": False,
    "rstrip": False,
}  # fmt: skip
BYTES = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True}
FIRST, SECOND = {"SpecialToken": {"id": "<s>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}
TEMPLATE = {
    "type": "TemplateProcessing", "single": [FIRST, SECOND], "pair": [SECOND],
    "special_tokens": {"<s>": {"id": "<s>", "ids": [5], "tokens": ["<s>"]}},
}  # fmt: skip
FILE: dict[str, Any] = {
    "version": "1.0",
    "added_tokens": [ADDED],
    "normalizer": {"type": "Sequence", "normalizers": [{"type": "NFC"}]},
    "pre_tokenizer": {"type": "Sequence", "pretokenizers": [{"type": "Digits", "individual_digits": True}, BYTES]},
    "post_processor": TEMPLATE,
    "decoder": BYTES,
    "model": MODEL,
}
SPACED: dict[str, Any] = {
    "version": "1.0",
    "added_tokens": [],
    "pre_tokenizer": None,
    "post_processor": None,
    "normalizer": {"type": "Prepend", "prepend": "▁"},
    "decoder": {"type": "Strip", "content": " ", "start": 1, "stop": 0},
    "model": {
        "type": "BPE",
        "vocab": {"a": 0, "▁": 1, "<0x00>": 2, "u": 3, "a▁": 4},
        "merges": ["a ▁"],
        "byte_fallback": True,
        "fuse_unk": False,
        "unk_token": "u",
    },
}
TEXT = "ab c  ba <s>\n12"


def a_damaged_file(n: int, rng: random.Random) -> tuple[str, ...]:
    """Three times out of four a ``tokenizer.json``, else a ``vocab.json`` and its ``merges.txt``."""
    vocab, merges = json.dumps(MODEL["vocab"]).encode(), b"#version: 0.2\na b\n"
    if n % 4 == 0:
        texts = [damage(json.dumps(rng.choice([FILE, SPACED])).encode(), rng)]
    elif n % 4 < 3:
        texts = [dumps(disturb(rng.choice([FILE, SPACED]), rng))]
    else:
        texts = [damage(vocab, rng), merges] if n % 8 == 3 else [vocab, damage(merges, rng)]
    return tuple(text.decode(errors="surrogateescape" if n % 5 else "replace") for text in texts)


def attempt(*texts: str) -> bool:
    """Whether the texts were read; if they were not, the sentence is ours and no longer than a reader reads."""
    problem = None
    try:
        spec = read_json(texts[0]) if len(texts) == 1 else read_pair(texts[0], texts[1])
    except ValueError as error:
        problem = error
    if problem is None:
        _use(spec)
        return True
    assert type(problem) is ValueError, problem
    assert 10 < len(str(problem)) < 700, problem
    return False


def _use(spec: Spec) -> None:
    """A tokenizer that was read works, or refuses the text in words."""
    tokenizer = BPETokenizer(spec, 10, 50)
    try:
        tokens = tokenizer.encode(TEXT)
    except TextError:
        return
    assert isinstance(tokenizer.decode(tokens), str)
    assert len(tokens) <= 500
    tokenizer.labels()
    assert read_json(tokenizer.saved(), spec.bos) == spec
