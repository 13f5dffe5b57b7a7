"""Reading ``tokenizer.json``, or ``vocab.json`` and ``merges.txt``, into a ``Spec``; what is not understood is refused.

Formats: Hugging Face ``tokenizers`` 0.23 and the files of GPT-2. Nothing in a file is run: patterns are looked up.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from circuit_explainer.core.files.fields import flag, mapping, parse_object, sequence, string, whole
from circuit_explainer.core.tokenizers.bpe import read_stages
from circuit_explainer.core.tokenizers.bpe.spec import Added, Spec

# The longest tokens of known vocabularies have 128 characters, some 256.
LONGEST = 1000
# Where a file names no token of the beginning, the first of these that is there: GPT-2's, Llama 2's, Llama 3's.
_BEGINNINGS = ("<|endoftext|>", "<s>", "<|begin_of_text|>")


def read_pair(vocab: str, merges: str, bos: int | None = None) -> Spec:
    """The tokenizer of a ``vocab.json`` and a ``merges.txt``, as GPT-2 has them.

    Args:
        vocab, merges: the contents of the files.
        bos: the id of the token of the beginning; by default that of the end-of-text mark, if there is one.

    Raises:
        ValueError: a file is not of its format, or the merges make tokens that the vocabulary lacks.
    """
    lines = merges.split("\n")
    pairs = [
        _pair(line.rstrip("\r"), f"merges.txt, line {n}")
        for n, line in enumerate(lines, start=1)
        if line.strip("\r") and not line.startswith("#version")
    ]
    tokens = _vocab(parse_object(vocab, "vocab.json"), "vocab.json")
    _check_merges(tokens, pairs)
    # The two files do not tell added tokens; GPT-2's code adds the end-of-text mark by hand.
    added = tuple(Added(tokens[name], name) for name in _BEGINNINGS[:1] if name in tokens)
    return Spec(tokens, tuple(pairs), added, bos=_beginning(tokens, None, bos))


def read_json(text: str, bos: int | None = None) -> Spec:
    """The tokenizer of a ``tokenizer.json``; ``bos`` as for ``read_pair``, where the file itself does not say it.

    Raises:
        ValueError: it is not of this format, contradicts itself, or has a part that is not understood here.
    """
    where = "tokenizer.json"
    whole_file = parse_object(text, where)
    model = mapping(whole_file.get("model"), f"{where}: model")
    if model.get("type", "BPE") != "BPE":
        raise ValueError(f"{where}: only byte-pair encoding is read, model type 'BPE'; got {model.get('type')!r:.50}.")
    for name in ("dropout", "continuing_subword_prefix", "end_of_word_suffix"):
        if model.get(name) not in (None, "", 0):
            raise ValueError(f"{where}: {name} is not read, only null; got {model[name]!r:.50}.")
    vocab = _vocab(mapping(model.get("vocab"), f"{where}: vocab"), where)
    pairs = [
        _pair(pair, f"{where}: merge {n}")
        for n, pair in enumerate(sequence(model.get("merges"), f"{where}: merges"), start=1)
    ]
    _check_merges(vocab, pairs)
    unk = model.get("unk_token")
    if unk is not None and string(unk, f"{where}: unk_token") not in vocab:
        raise ValueError(f"{where}: unk_token {unk!r:.50} is not in the vocabulary.")
    added = tuple(
        _added(mapping(entry, f"{where}: added token {n}"), f"{where}: added token {n}")
        for n, entry in enumerate(sequence(whole_file.get("added_tokens") or [], f"{where}: added_tokens"), start=1)
    )
    cutter, byte_level = read_stages.cutter(whole_file.get("pre_tokenizer"))
    return Spec(
        vocab,
        tuple(pairs),
        added,
        read_stages.normalizer(whole_file.get("normalizer")),
        cutter,
        read_stages.decoder(whole_file.get("decoder"), byte_level),
        byte_level,
        flag(model, "byte_fallback", False, where),
        unk,
        flag(model, "fuse_unk", False, where),
        flag(model, "ignore_merges", False, where),
        _beginning({**vocab, **{token.content: token.id for token in added}}, whole_file.get("post_processor"), bos),
    )


def _vocab(given: Mapping[str, Any], where: str) -> dict[str, int]:
    ids: dict[int, str] = {}
    for token in given:
        if len(token) > LONGEST:
            raise ValueError(f"{where}: tokens are read up to {LONGEST} characters; got {token!r:.50}.")
        number = whole(given, token, where)
        other = ids.setdefault(number, string(token, where))
        if other != token:
            raise ValueError(f"{where}: the tokens {other!r:.50} and {token!r:.50} have the same id {number}.")
    return {token: number for number, token in ids.items()}


def _pair(given: Any, where: str) -> tuple[str, str]:
    parts = given.split(" ") if isinstance(given, str) else given
    if not isinstance(parts, list) or len(parts) != 2:
        raise ValueError(f"{where}: expected a pair of tokens; got {given!r:.100}.")
    return string(parts[0], where), string(parts[1], where)


def _check_merges(vocab: Mapping[str, int], pairs: list[tuple[str, str]]) -> None:
    for a, b in pairs:
        for token in (a, b, a + b):
            if token not in vocab:
                raise ValueError(f"The merge of {a!r:.50} and {b!r:.50} needs {token!r:.50}; the vocabulary lacks it.")


def _added(entry: Mapping[str, Any], where: str) -> Added:
    if flag(entry, "single_word", False, where):
        raise ValueError(f"{where}: single_word is not read, only false; got true.")
    return Added(
        whole(entry, "id", where),
        string(entry.get("content"), f"{where}: content"),
        flag(entry, "special", False, where),
        flag(entry, "normalized", False, where),
        flag(entry, "lstrip", False, where),
        flag(entry, "rstrip", False, where),
    )


def _beginning(ids: Mapping[str, int], post_processor: Any, given: int | None) -> int | None:
    decided, name = read_stages.beginning(post_processor)
    if name is not None and name not in ids:
        raise ValueError(f"tokenizer.json puts {name!r:.50} in front of a text, which is not in the vocabulary.")
    if decided:
        return None if name is None else ids[name]
    if given is not None and given not in ids.values():
        raise ValueError(f"The token of the beginning is said to be {given}; the vocabulary has no token of that id.")
    return given if given is not None else next((ids[known] for known in _BEGINNINGS if known in ids), None)
