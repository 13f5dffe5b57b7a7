"""Text to tokens and back, by byte pairs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from circuit_explainer.core.arrays import Array
from circuit_explainer.core.tokenizers.bpe import stages
from circuit_explainer.core.tokenizers.bpe.added import Splitter, splitter
from circuit_explainer.core.tokenizers.bpe.merge import Ranks, merge
from circuit_explainer.core.tokenizers.bpe.signs import signs
from circuit_explainer.core.tokenizers.bpe.spec import Added, Spec
from circuit_explainer.core.tokenizers.symbols import TextError

# Words whose tokens are kept; then the memory starts anew.
REMEMBERED = 20_000


@dataclass(frozen=True)
class BPETokenizer:
    """Byte pairs of a vocabulary; the tokens are those that Hugging Face's ``tokenizers`` gives.

    Source: byte-pair encoding, Sennrich et al. (2016); over bytes, Radford et al. (2019).

    Args:
        spec: vocabulary, merges and stages.
        d_vocab: tokens of the model.
        n_ctx: tokens that the model can read, BOS among them.
    """

    spec: Spec
    d_vocab: int
    n_ctx: int
    name = "bpe"
    _ranks: Ranks = field(init=False, repr=False, compare=False)
    _raw: Splitter = field(init=False, repr=False, compare=False)
    _normal: Splitter = field(init=False, repr=False, compare=False)
    _contents: dict[int, str] = field(init=False, repr=False, compare=False)
    _added: dict[int, str] = field(init=False, repr=False, compare=False)
    _known: dict[str, list[int]] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        spec, vocab = self.spec, self.spec.vocab
        ranks = {(vocab[a], vocab[b]): (rank, vocab[a + b]) for rank, (a, b) in enumerate(spec.merges)}
        normal = [token for token in spec.added if token.normalized]
        made = {
            "_ranks": ranks,
            "_raw": splitter(token for token in spec.added if not token.normalized),
            "_normal": splitter(normal),
            "_contents": {number: token for token, number in vocab.items()},
            "_added": {token.id: token.content for token in spec.added},
        }
        for name, value in made.items():
            object.__setattr__(self, name, value)

    @property
    def bos(self) -> int | None:
        """The token that is put in front of a text, if any."""
        return self.spec.bos

    def encode(self, text: str) -> list[int]:
        """The tokens of a text, without BOS; added tokens in it are found.

        Raises:
            TextError: it holds half a character, or one for which the vocabulary has no token.
        """
        lone = next((char for char in text if "\ud800" <= char <= "\udfff"), None)
        if lone is not None:
            raise TextError(f"Half of a character (U+{ord(lone):04X}) stands alone in this text: take it out.")
        return [token for part in self._raw(text) for token in self._encode_part(part)]

    def decode(self, tokens: Sequence[int] | Array) -> str:
        """The text of tokens ``[p]`` or ``[1, p]``, added tokens as they are written.

        Bytes that are no UTF-8 come as U+FFFD.

        Raises:
            ValueError: a token is not in the vocabulary.
        """
        return self._decode(self._checked(tokens))

    def to_tokens(self, text: str) -> Array:
        """BOS, if there is one, and the tokens of a text: integers ``[1, p]``.

        Raises:
            TextError: as ``encode``; the text is empty or too long.
        """
        return np.array([self._fitting(text)])

    def to_str_tokens(self, text: str) -> list[str]:
        """Each token of ``to_tokens`` as text; a token that is part of a character shows U+FFFD.

        Raises:
            TextError: as ``to_tokens``.
        """
        return [self._decode([token], whole=False) for token in self._fitting(text)]

    def labels(self, text: str = "") -> list[str]:
        """Each of the ``d_vocab`` tokens as text, whatever ``text``; the empty string for one without."""
        known = self._contents.keys() | self._added.keys()
        return [self._decode([n], whole=False) if n in known else "" for n in range(self.d_vocab)]

    def saved(self) -> str:
        """The tokenizer as a ``tokenizer.json``."""
        from circuit_explainer.core.tokenizers.bpe.write import write_json

        return write_json(self.spec)

    def _fitting(self, text: str) -> list[int]:
        if not text:
            raise TextError("Type at least one character.")
        tokens = ([] if self.spec.bos is None else [self.spec.bos]) + self.encode(text)
        if len(tokens) > self.n_ctx:
            raise TextError(f"This model reads at most {self.n_ctx} tokens; your text makes {len(tokens)}: shorten it.")
        return tokens

    def _encode_part(self, part: str | Added) -> Iterator[int]:
        if isinstance(part, Added):
            yield part.id
            return
        for piece in self._normal(stages.normalize(self.spec.normalizer, part)):
            if isinstance(piece, Added):
                yield piece.id
                continue
            for word in stages.words(self.spec.cutter, piece):
                yield from self._encode_word(word)

    def _encode_word(self, word: str) -> list[int]:
        known = self._known.get(word)
        if known is None:
            spelt = "".join(map(stages.BYTES.__getitem__, word.encode())) if self.spec.byte_level else word
            whole = self.spec.vocab.get(spelt) if self.spec.ignore_merges else None
            known = merge(signs(self.spec, spelt, word), self._ranks) if whole is None else [whole]
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            if len(word) < 100:
                self._known[word] = known
        return known

    def _checked(self, tokens: Sequence[int] | Array) -> list[int]:
        numbers: list[Any] = np.asarray(tokens).reshape(-1).tolist()
        for number in numbers:
            if not isinstance(number, int) or (number not in self._contents and number not in self._added):
                raise ValueError(f"Tokens must be numbers of the vocabulary; got {number!r}.")
        return numbers

    def _decode(self, numbers: list[int], whole: bool = True) -> str:
        parts = [self._added[number] if number in self._added else self._contents[number] for number in numbers]
        if not self.spec.byte_level:
            return stages.text_of(self.spec.decoder, parts, whole)
        spelt = (
            part.encode() if number in self._added else stages.spelt_bytes(part)
            for number, part in zip(numbers, parts, strict=True)
        )
        return b"".join(spelt).decode(errors="replace")
