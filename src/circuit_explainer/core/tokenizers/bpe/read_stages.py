"""The stages of a ``tokenizer.json``: which are understood, and what they become in a ``Spec``."""

from __future__ import annotations

from typing import Any

from circuit_explainer.core.files.fields import flag, mapping, sequence, string
from circuit_explainer.core.tokenizers.bpe.spec import Stage
from circuit_explainer.core.tokenizers.bpe.stages import NORMAL_FORMS
from circuit_explainer.core.tokenizers.bpe.words import PATTERNS

# The field of a sequence that holds its parts.
_PARTS = {"normalizer": "normalizers", "pre_tokenizer": "pretokenizers", "decoder": "decoders"}
# A few lines that double a text again and again would fill any memory; no known tokenizer comes near these limits.
_MOST_STAGES, _LONGEST = 8, 8


def normalizer(given: Any) -> tuple[Stage, ...]:
    """The normalizing stages; raises ValueError for one that is not understood, as do the others."""
    stages: list[Stage] = []
    for kind, part in _flat(given, "normalizer"):
        if kind in NORMAL_FORMS:
            stages.append((kind,))
        elif kind == "Prepend":
            stages.append((kind, _short(part.get("prepend"), "prepend")))
        elif kind == "Replace":
            stages.append(_replace(part))
        else:
            raise _not_understood("normalizer", kind, (*NORMAL_FORMS, "Prepend", "Replace"))
    return tuple(stages)


def cutter(given: Any) -> tuple[tuple[Stage, ...], bool]:
    """The stages that cut words, and whether the words are cut into bytes."""
    stages: list[Stage] = []
    for kind, part in _flat(given, "pre_tokenizer"):
        where = f"tokenizer.json: {kind}"
        if kind == "ByteLevel":
            in_front, by_gpt2 = flag(part, "add_prefix_space", True, where), flag(part, "use_regex", True, where)
            stages.append((kind, in_front, by_gpt2))
        elif kind == "Digits":
            stages.append((kind, flag(part, "individual_digits", False, where)))
        elif kind == "Split":
            stages.append((kind, _pattern(part, where)))
        else:
            raise _not_understood("pre_tokenizer", kind, ("ByteLevel", "Digits", "Split"))
    kinds = [stage[0] for stage in stages]
    # After it the words are bytes, and a pattern for characters would cut them otherwise than the library does.
    if "ByteLevel" in kinds[:-1]:
        raise ValueError("tokenizer.json: pre_tokenizer ByteLevel must be the last; another follows it.")
    return tuple(stages), "ByteLevel" in kinds


def decoder(given: Any, byte_level: bool) -> tuple[Stage, ...]:
    """The decoding stages; a byte-level vocabulary is decoded by its bytes and needs none."""
    stages: list[Stage] = []
    for kind, part in _flat(given, "decoder"):
        if kind == "Replace":
            stages.append(_replace(part))
        elif kind == "Strip":
            if part.get("start") != 1 or part.get("stop") != 0:
                raise ValueError("tokenizer.json: decoder Strip is read with start 1 and stop 0 only.")
            stages.append((kind, _short(part.get("content"), "content")))
        elif kind not in ("ByteLevel", "ByteFallback", "Fuse") or (kind == "ByteLevel") != byte_level:
            raise _not_understood("decoder", kind, ("ByteLevel",) if byte_level else ("Replace", "ByteFallback", "…"))
    return () if byte_level else tuple(stages)


def beginning(given: Any) -> tuple[bool, str | None]:
    """Whether a post-processor says what stands in front of a text, and the token it puts there, if any."""
    for kind, part in _flat(given, "post_processor", "processors"):
        if kind == "TemplateProcessing":
            first = next(iter(sequence(part.get("single"), "tokenizer.json: single")), None)
            special = first.get("SpecialToken") if isinstance(first, dict) else None
            if special is None:
                return True, None
            name = mapping(special, "tokenizer.json: SpecialToken").get("id")
            return True, string(name, "tokenizer.json: SpecialToken id")
        if kind != "ByteLevel":
            raise _not_understood("post_processor", kind, ("ByteLevel", "TemplateProcessing"))
    return False, None


def _flat(given: Any, name: str, parts: str | None = None) -> list[tuple[str, dict[str, Any]]]:
    """The stages with their kinds, sequences laid out."""
    flat: list[tuple[str, dict[str, Any]]] = []
    waiting = [] if given is None else [given]
    seen = 0
    while waiting:
        seen += 1
        if seen > 3 * _MOST_STAGES or len(flat) == _MOST_STAGES:
            raise ValueError(f"tokenizer.json: a {name} is read with up to {_MOST_STAGES} stages; this one has more.")
        fields = mapping(waiting.pop(0), f"tokenizer.json: {name}")
        kind = string(fields.get("type"), f"tokenizer.json: type of {name}")
        if kind == "Sequence":
            inside = parts or _PARTS[name]
            waiting = sequence(fields.get(inside), f"tokenizer.json: {inside}") + waiting
        else:
            flat.append((kind, fields))
    return flat


def _replace(part: dict[str, Any]) -> Stage:
    pattern = mapping(part.get("pattern"), "tokenizer.json: pattern of Replace")
    if set(pattern) != {"String"} or not pattern["String"]:
        raise ValueError("tokenizer.json: Replace is read with a pattern of type String only.")
    return "Replace", _short(pattern["String"], "pattern of Replace"), _short(part.get("content"), "content of Replace")


def _short(value: Any, name: str) -> str:
    text = string(value, f"tokenizer.json: {name}")
    if len(text) > _LONGEST:
        raise ValueError(f"tokenizer.json: {name} is read up to {_LONGEST} characters; got {text!r:.50}.")
    return text


def _pattern(part: dict[str, Any], where: str) -> str:
    pattern = mapping(part.get("pattern"), f"{where}: pattern").get("Regex")
    if pattern not in PATTERNS:
        raise ValueError(f"{where}: patterns are looked up, not run, and this one is not known here: {pattern!r:.200}.")
    if part.get("behavior") != "Isolated" or flag(part, "invert", False, where):
        raise ValueError(f"{where} is read with behavior 'Isolated' and invert false only.")
    return str(pattern)


def _not_understood(name: str, kind: str, known: tuple[str, ...]) -> ValueError:
    return ValueError(f"tokenizer.json: expected a {name} of {', '.join(known)} or none; got {kind!r:.50}.")
