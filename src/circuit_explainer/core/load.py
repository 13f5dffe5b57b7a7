"""Opening a saved model: one ``.safetensors`` file that says its own config, or one with a ``config.json``."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from circuit_explainer.core.config import Config
from circuit_explainer.core.header import read_header
from circuit_explainer.core.model import Transformer
from circuit_explainer.core.tokens import SymbolTokenizer
from circuit_explainer.core.weights import read_safetensors

# Buffers that TransformerLens puts beside the weights in a state dict.
_BUFFERS = (".attn.mask", ".attn.IGNORE")


def load(path: str | os.PathLike[str], config: Config | Mapping[str, Any] | None = None) -> Transformer:
    """The model in a ``.safetensors`` file with TransformerLens's state-dict keys.

    Args:
        path: the file.
        config: its config; by default what the file itself says, else the ``config.json`` beside it.

    Raises:
        ValueError: no config is found, the file is broken, or weights and config do not fit each other.
        OSError: the file cannot be opened.
    """
    path = Path(path)
    metadata, entries = read_header(path)
    about = _json(metadata["model"], f"The metadata of {path.name}") if "model" in metadata else {}
    cfg = _config(path, about, config)
    names = [name for name in entries if not name.endswith(_BUFFERS)]
    kind = about.get("tokenizer")
    if kind not in (None, SymbolTokenizer.name):
        raise ValueError(f"{path.name}: expected the tokenizer {SymbolTokenizer.name!r} or none; got {kind!r}.")
    tokenizer = SymbolTokenizer(cfg.d_vocab, cfg.n_ctx) if kind else None
    return Transformer(cfg, read_safetensors(path, names), tokenizer)


def _config(path: Path, about: dict[str, Any], given: Config | Mapping[str, Any] | None) -> Config:
    if isinstance(given, Config):
        return given
    if given is None:
        given = about.get("config")
    beside = path.with_name("config.json")
    if given is None and beside.is_file():
        given = _json(beside.read_text(encoding="utf-8"), str(beside.name))
    if given is None:
        raise ValueError(
            f"{path.name} does not say its config and no config.json lies beside it; pass config=Config(...)."
        )
    if not isinstance(given, Mapping):
        raise ValueError(f"{path.name}: expected a config of fields by name; got {given!r:.100}.")
    return Config.from_dict(given)


def _json(text: str, where: str) -> dict[str, Any]:
    try:
        fields = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{where} is not JSON: {error}") from error
    if not isinstance(fields, dict):
        raise ValueError(f"{where} must be a JSON object; got {type(fields).__name__}.")
    return fields
