"""The tokens that a word begins as, one for each sign, before any merge."""

from __future__ import annotations

from circuit_explainer.core.tokenizers.bpe.spec import Spec
from circuit_explainer.core.tokenizers.symbols import TextError


def signs(spec: Spec, spelt: str, word: str) -> list[int]:
    """The token of each sign of ``spelt``; of its bytes, or the unknown token, where it has none.

    Raises:
        TextError: it has none, and the vocabulary no unknown token; the sentence names ``word``.
    """
    tokens: list[int] = []
    unknown_before = False
    for sign in spelt:
        number = spec.vocab.get(sign)
        fallback = [spec.vocab.get(f"<0x{byte:02X}>") for byte in sign.encode()] if spec.byte_fallback else [None]
        unknown = number is None and None in fallback
        if number is not None:
            tokens.append(number)
        elif not unknown:
            tokens += [byte for byte in fallback if byte is not None]
        elif spec.unk is None:
            raise TextError(f"This model has no token for a part of “{word[:30]}”: write it otherwise.")
        elif not (unknown_before and spec.fuse_unk):
            tokens.append(spec.vocab[spec.unk])
        unknown_before = unknown
    return tokens
