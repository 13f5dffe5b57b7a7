"""Induction heads and transformer circuits: a numpy transformer with TransformerLens's names."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from circuit_explainer.circuits.scores import scores as scores
    from circuit_explainer.core import Config as Config
    from circuit_explainer.core import Transformer as Transformer
    from circuit_explainer.core import load as load

# Loaded when first asked for, so that importing one part of the package does not import the others.
_HOMES = {
    "Config": "circuit_explainer.core",
    "Transformer": "circuit_explainer.core",
    "load": "circuit_explainer.core",
    "scores": "circuit_explainer.circuits.scores",
}

__all__ = ["Config", "Transformer", "load", "scores"]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_HOMES[name]), name)
