"""Writing a ``Spec`` as a ``tokenizer.json``, which ``tokenizers`` opens too."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

from circuit_explainer.core.tokenizers.bpe.spec import Spec, Stage

_BYTES = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True}


def write_json(spec: Spec) -> str:
    """The text of a ``tokenizer.json``; ``read_json`` gives the same spec back."""
    fields: dict[str, Any] = {
        "version": "1.0",
        "added_tokens": [{**dataclasses.asdict(token), "single_word": False} for token in spec.added],
        "normalizer": _sequence("normalizers", [_normalizer(stage) for stage in spec.normalizer]),
        "pre_tokenizer": _sequence("pretokenizers", [_cutter(stage) for stage in spec.cutter]),
        "post_processor": _post_processor(spec),
        "decoder": _BYTES if spec.byte_level else _sequence("decoders", _decoders(spec)),
        "model": {
            "type": "BPE",
            "unk_token": spec.unk,
            "fuse_unk": spec.fuse_unk,
            "byte_fallback": spec.byte_fallback,
            "ignore_merges": spec.ignore_merges,
            "vocab": spec.vocab,
            "merges": [list(pair) for pair in spec.merges],
        },
    }
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":"))


def _sequence(name: str, parts: list[dict[str, Any]]) -> dict[str, Any] | None:
    return {"type": "Sequence", name: parts} if parts else None


def _normalizer(stage: Stage) -> dict[str, Any]:
    kind, *arguments = stage
    if kind == "Prepend":
        return {"type": kind, "prepend": arguments[0]}
    return _replace(stage) if kind == "Replace" else {"type": kind}


def _cutter(stage: Stage) -> dict[str, Any]:
    kind, *arguments = stage
    if kind == "ByteLevel":
        return {"type": kind, "add_prefix_space": arguments[0], "trim_offsets": True, "use_regex": arguments[1]}
    if kind == "Digits":
        return {"type": kind, "individual_digits": arguments[0]}
    return {"type": kind, "pattern": {"Regex": arguments[0]}, "behavior": "Isolated", "invert": False}


def _decoders(spec: Spec) -> list[dict[str, Any]]:
    replaced = [_replace(stage) for stage in spec.decoder if stage[0] == "Replace"]
    strips = [stage[1] for stage in spec.decoder if stage[0] == "Strip"]
    stripped = [{"type": "Strip", "content": content, "start": 1, "stop": 0} for content in strips]
    return [*replaced, {"type": "ByteFallback"}, {"type": "Fuse"}, *stripped]


def _replace(stage: Stage) -> dict[str, Any]:
    return {"type": "Replace", "pattern": {"String": stage[1]}, "content": stage[2]}


def _post_processor(spec: Spec) -> dict[str, Any] | None:
    """What puts BOS in front of a text: the one place where this format names it."""
    names = {number: token for token, number in spec.vocab.items()}
    names |= {token.id: token.content for token in spec.added}
    name = None if spec.bos is None else names[spec.bos]
    first = [] if name is None else [{"SpecialToken": {"id": name, "type_id": 0}}]
    text = [{"Sequence": {"id": part, "type_id": 0}} for part in "AB"]
    special = {} if name is None else {name: {"id": name, "ids": [spec.bos], "tokens": [name]}}
    return {
        "type": "TemplateProcessing", "single": [*first, text[0]], "pair": [*first, *text], "special_tokens": special,
    }  # fmt: skip
