"""A numpy transformer with TransformerLens's names; needs numpy and the standard library, nothing else."""

from circuit_explainer.core.cache.activation_cache import ActivationCache
from circuit_explainer.core.config import Config
from circuit_explainer.core.hooks import HookPoint
from circuit_explainer.core.load import load
from circuit_explainer.core.matrices.factored import FactoredMatrix
from circuit_explainer.core.model import Transformer
from circuit_explainer.core.names import get_act_name
from circuit_explainer.core.shapes import activation_shapes, weight_shapes
from circuit_explainer.core.tokenizers.characters import CharTokenizer
from circuit_explainer.core.tokenizers.symbols import SymbolTokenizer, TextError

__all__ = [
    "ActivationCache",
    "CharTokenizer",
    "Config",
    "FactoredMatrix",
    "HookPoint",
    "SymbolTokenizer",
    "TextError",
    "Transformer",
    "activation_shapes",
    "get_act_name",
    "load",
    "weight_shapes",
]
