"""Reading the fields of JSON files that others wrote; each failure is one sentence with the field and its value."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from circuit_explainer.core.files.nesting import check_nesting

# Parsed, a file that means harm takes twenty times its size; the tokenizers of Llama 3 and Qwen 2 have 9 and 11 MB.
MAX_JSON = 20_000_000
_MISSING = object()


def read_object(path: Path) -> dict[str, Any]:
    """The JSON object in a file.

    Raises:
        ValueError: it is too large, not UTF-8, not JSON or not an object.
        OSError: the file cannot be opened.
    """
    return parse_object(read_text(path), path.name)


def read_text(path: Path) -> str:
    """The text in a file; raises as ``read_object``."""
    if path.stat().st_size > MAX_JSON:
        raise ValueError(f"{path.name} has more than the {MAX_JSON} bytes that are read of a text file.")
    try:
        return path.read_bytes().decode()
    except UnicodeDecodeError as error:
        raise ValueError(f"{path.name} is not text in UTF-8: {error}.") from error


def parse_object(text: str, where: str) -> dict[str, Any]:
    """The JSON object in a text; ``where`` names it in the sentence of the error.

    Raises:
        ValueError: it is not JSON or not an object, or goes deeper than ``nesting.DEEPEST``.
    """
    check_nesting(text, where)
    try:
        fields = json.loads(text)
    except ValueError as error:
        raise ValueError(f"{where} is not JSON: {error}") from error
    return mapping(fields, where)


def mapping(value: Any, where: str) -> dict[str, Any]:
    """A JSON object."""
    if not isinstance(value, dict):
        raise ValueError(f"{where} must be a JSON object; got {type(value).__name__}.")
    return value


def sequence(value: Any, where: str) -> list[Any]:
    """A JSON list."""
    if not isinstance(value, list):
        raise ValueError(f"{where} must be a list; got {type(value).__name__}.")
    return value


def string(value: Any, where: str) -> str:
    """A text without halves of characters, which JSON allows and UTF-8 does not."""
    if not isinstance(value, str):
        raise ValueError(f"{where} must be a text; got {value!r:.100}.")
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise ValueError(f"{where} holds half of a character; got {value!a:.100}.") from error
    return value


def flag(fields: Mapping[str, Any], name: str, default: bool, where: str) -> bool:
    """A field that is true or false; null is the default."""
    value = fields.get(name)
    if value is not None and not isinstance(value, bool):
        raise ValueError(f"{where}: {name} must be true or false; got {value!r:.100}.")
    return default if value is None else value


def whole(fields: Mapping[str, Any], name: str, where: str, default: Any = _MISSING) -> Any:
    """A field that is a whole number from 0 to 2**31 - 1, which bounds what arrays can be made of."""
    value = fields.get(name)
    if value is None and default is not _MISSING:
        return default
    if type(value) is not int or not 0 <= value < 2**31:
        raise ValueError(f"{where}: {name} must be a whole number below 2**31; got {value!r:.100}.")
    return value


def number(fields: Mapping[str, Any], name: str, where: str, default: float) -> Any:
    """A field that is a number; absent or null is the default."""
    value = fields.get(name)
    if value is None:
        return default
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"{where}: {name} must be a number; got {value!r:.100}.")
    return value
