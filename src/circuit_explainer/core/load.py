"""Opening a model: a file that says its own config, or a checkpoint with a ``config.json`` beside it."""

from __future__ import annotations

import os
from collections.abc import Generator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from circuit_explainer.core.checkpoints.described import Described
from circuit_explainer.core.checkpoints.kinds import describe
from circuit_explainer.core.checkpoints.read import Plan, plan, reading
from circuit_explainer.core.checkpoints.source import Source, find
from circuit_explainer.core.config import Config
from circuit_explainer.core.files.fields import mapping, parse_object, read_object, read_text
from circuit_explainer.core.model import Transformer
from circuit_explainer.core.steps import finished
from circuit_explainer.core.tokenizers.characters import CharTokenizer
from circuit_explainer.core.tokenizers.symbols import SymbolTokenizer
from circuit_explainer.core.tokenizers.tokenizer import Tokenizer


def load(
    path: str | os.PathLike[str],
    config: Config | Mapping[str, Any] | None = None,
    *,
    tokenizer: Tokenizer | bool = True,
) -> Transformer:
    """The model at a path; its weights are read one by one, so that each number is held once.

    It opens what ``model.save`` wrote, and checkpoints with the names of TransformerLens, of GPT-2 or of Llama
    (Mistral and Qwen 2 among them) as Hugging Face stores them. Weights come as they are stored;
    ``folding.processed`` simplifies them as TransformerLens's ``from_pretrained`` does. Nothing in a file is run.

    Source: the names of the weights are those of TransformerLens 3.9 (Nanda and Bloom, 2022), of GPT-2 (Radford et al.,
    2019) and of Llama (Touvron et al., 2023) in Hugging Face's ``transformers``.

    Args:
        path: a ``.safetensors`` file, a ``.safetensors.index.json``, or a folder with either.
        config: a ``Config``, or the fields of a ``config.json``; by default what the file itself says, else the
            ``config.json`` beside it.
        tokenizer: one to use, or False for none; by default the file's own, else that of a ``tokenizer.json``, or of a
            ``vocab.json`` and a ``merges.txt``, beside it.

    Raises:
        ValueError: no config is found, a file is broken, weights and config do not fit each other, or the model or its
            tokenizer does something that is not computed here.
        OSError: a file cannot be opened.
    """
    opened = look(path, config)
    chosen: Tokenizer | None = None
    if not isinstance(tokenizer, bool):
        chosen = tokenizer
    elif tokenizer:
        try:
            chosen = tokenizer_of(opened)
        except ValueError as error:
            raise ValueError(f"{error} Pass tokenizer=False for the model alone.") from error
    return finished(loading(opened, chosen))


@dataclass(frozen=True)
class Opened:
    """A checkpoint whose headers and config were read and fit each other; none of its numbers were.

    ``about`` is what the file itself says of the model, if it does.
    """

    source: Source
    about: Mapping[str, Any] | None
    described: Described
    plan: Plan


def look(path: str | os.PathLike[str], config: Config | Mapping[str, Any] | None = None) -> Opened:
    """Find out about a checkpoint without reading its numbers; arguments and errors are those of ``load``."""
    source = find(Path(path))
    where = source.path.name
    told = "model" in source.metadata
    about = parse_object(source.metadata["model"], f"The metadata of {where}") if told else None
    described = _described(source.path, about or {}, config)
    return Opened(source, about, described, plan(source, described.cfg, described.tied))


def tokenizer_of(opened: Opened) -> Tokenizer | None:
    """The file's own tokenizer, or the one beside it.

    Raises:
        ValueError: it is broken, or does something that is not computed here.
    """
    if opened.about is not None:
        return _own(opened.about, opened.source.metadata, opened.described.cfg, opened.source.path.name)
    return _beside(opened.source.path, opened.described)


def loading(opened: Opened, tokenizer: Tokenizer | None) -> Generator[tuple[int, int], None, Transformer]:
    """The model, piece by piece: yields how many bytes were read, and how many will be."""
    described = opened.described
    bos = opened.about.get("bos") if opened.about is not None else None
    if opened.about is None and (tokenizer is None or tokenizer.bos is None):
        bos = _beginning(described)
    weights = yield from reading(opened.source, described.cfg, opened.plan)
    return Transformer(described.cfg, weights, tokenizer, bos)


def _beginning(described: Described) -> int | None:
    """BOS as the config tells it; small test models keep their family's id though they have no such token."""
    return described.bos if described.bos is not None and described.bos < described.cfg.d_vocab else None


def _described(path: Path, about: Mapping[str, Any], given: Config | Mapping[str, Any] | None) -> Described:
    if isinstance(given, Config):
        return Described(given)
    if given is not None:
        return describe(given, "config")
    if "config" in about:
        return describe(mapping(about["config"], f"{path.name}: config"), f"The metadata of {path.name}")
    beside = path.with_name("config.json")
    if beside.is_file():
        return describe(read_object(beside), beside.name)
    raise ValueError(f"{path.name} does not say its config and no config.json lies beside it; pass config=Config(...).")


def _own(about: Mapping[str, Any], metadata: Mapping[str, str], cfg: Config, where: str) -> Tokenizer | None:
    """The tokenizer that a saved model names."""
    kind = about.get("tokenizer")
    if kind is None:
        return None
    if kind == SymbolTokenizer.name:
        return SymbolTokenizer(cfg.d_vocab, cfg.n_ctx)
    if kind == CharTokenizer.name:
        if cfg.d_vocab != CharTokenizer.d_vocab:
            raise ValueError(
                f"{where}: a tokenizer of characters needs d_vocab={CharTokenizer.d_vocab}; got {cfg.d_vocab}."
            )
        return CharTokenizer(cfg.n_ctx)
    if kind != "bpe" or "tokenizer" not in metadata:
        raise ValueError(
            f"{where}: expected the tokenizer 'symbols', 'characters', 'bpe' with its data, or none; got {kind!r:.50}."
        )
    from circuit_explainer.core.tokenizers.bpe import (  # only models with such a tokenizer need it
        BPETokenizer,
        read_json,
    )

    return BPETokenizer(read_json(metadata["tokenizer"]), cfg.d_vocab, cfg.n_ctx)


def _beside(path: Path, described: Described) -> Tokenizer | None:
    """The tokenizer whose files lie beside a checkpoint."""
    whole_one, vocab, merges = (path.with_name(name) for name in ("tokenizer.json", "vocab.json", "merges.txt"))
    if not whole_one.is_file() and not (vocab.is_file() and merges.is_file()):
        return None
    from circuit_explainer.core.tokenizers.bpe import BPETokenizer, read_json, read_pair

    if whole_one.is_file():
        spec = read_json(read_text(whole_one), described.bos)
    else:
        spec = read_pair(read_text(vocab), read_text(merges), described.bos)
    return BPETokenizer(spec, described.cfg.d_vocab, described.cfg.n_ctx)
