"""The stored vocabulary under the pipelines of well-known models, built by ``tokenizers`` itself."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable
from typing import Any

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

from circuit_explainer.core.tokenizers.bpe import words
from tests.core.tokenizers.bpe.make import FIXTURES
from tests.core.tokenizers.bpe.texts import HARD

VOCAB = json.loads((FIXTURES / "vocab.json").read_text(encoding="utf-8"))
_LINES = (FIXTURES / "merges.txt").read_text(encoding="utf-8").splitlines()[1:]
MERGES = [(a, b) for a, _, b in (line.partition(" ") for line in _LINES)]
BYTES: Any = functools.partial(pre_tokenizers.ByteLevel, add_prefix_space=False)


def _byte_level(*cutters: Any, vocab: dict[str, int] = VOCAB, **model: Any) -> Tokenizer:
    tokenizer = Tokenizer(models.BPE(vocab, MERGES, **model))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(list(cutters)) if len(cutters) > 1 else cutters[0]
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens(["<|endoftext|>"])
    return tokenizer


def gpt2() -> Tokenizer:
    tokenizer = _byte_level(BYTES())
    tokenizer.post_processor = processors.ByteLevel(trim_offsets=False)
    return tokenizer


def roberta_spaces() -> Tokenizer:
    tokenizer = _byte_level(pre_tokenizers.ByteLevel(add_prefix_space=True))
    tokenizer.add_tokens([AddedToken("<mask>", lstrip=True), AddedToken("<right>", rstrip=True)])
    return tokenizer


def smollm() -> Tokenizer:
    return _byte_level(pre_tokenizers.Digits(individual_digits=True), BYTES())


def llama3() -> Tokenizer:
    split = pre_tokenizers.Split(Regex(words.PATTERNS[1]), "isolated", False)
    # No merges lead to these two.
    vocab = {**VOCAB, "Ġwhole": 900, "zq": 901}
    tokenizer = _byte_level(split, BYTES(use_regex=False), vocab=vocab, ignore_merges=True)
    tokenizer.add_special_tokens(["<|begin_of_text|>", "<|eot_id|>"])
    begin = ("<|begin_of_text|>", tokenizer.token_to_id("<|begin_of_text|>"))
    template = processors.TemplateProcessing(
        single="<|begin_of_text|> $A", pair="<|begin_of_text|> $A $B", special_tokens=[begin]
    )
    tokenizer.post_processor = processors.Sequence([processors.ByteLevel(trim_offsets=False), template])
    return tokenizer


def qwen2() -> Tokenizer:
    split = pre_tokenizers.Split(Regex(words.PATTERNS[2]), "isolated", False)
    tokenizer = _byte_level(split, BYTES(use_regex=False))
    tokenizer.normalizer = normalizers.NFC()
    tokenizer.add_tokens(
        [AddedToken("  ", normalized=True), AddedToken("m\u1ea1", normalized=True), AddedToken("ca"), AddedToken("cat")]
    )
    return tokenizer


def llama2() -> Tokenizer:
    """Characters, spaces written ▁, and bytes for what the vocabulary lacks."""
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>", byte_fallback=True, fuse_unk=True))
    tokenizer.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    strip: Any = decoders.Strip(" ", 1, 0)
    tokenizer.decoder = decoders.Sequence([decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), strip])
    fallback = [f"<0x{byte:02X}>" for byte in range(256)]
    trainer = trainers.BpeTrainer(
        vocab_size=500, special_tokens=["<unk>", "<s>", "</s>", *fallback], show_progress=False, max_token_length=8
    )
    tokenizer.train_from_iterator(HARD[:1] + HARD[6:9], trainer)
    # Only the three are found in a text; the bytes are plain entries of the vocabulary.
    fields = json.loads(tokenizer.to_str())
    fields["added_tokens"] = fields["added_tokens"][:3]
    tokenizer = Tokenizer.from_str(json.dumps(fields))
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A", pair="<s> $A $B", special_tokens=[("<s>", 1)]
    )
    return tokenizer


def unknowns(fuse: bool) -> Tokenizer:
    vocab = {"u": 0, "a": 1, "b": 2, "ab": 3, " ": 4}
    tokenizer = Tokenizer(models.BPE(vocab, [("a", "b")], unk_token="u", fuse_unk=fuse))
    tokenizer.decoder = decoders.Fuse()
    return tokenizer


VARIANTS: dict[str, Callable[[], Tokenizer]] = {
    made.__name__: made for made in (gpt2, roberta_spaces, smollm, llama3, qwen2, llama2)
}
VARIANTS |= {"fused": lambda: unknowns(True), "unfused": lambda: unknowns(False)}
