"""Random models, batches and the slow twin of their loss, for the tests of the gradients."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from circuit_explainer.core import Config, Transformer, weight_shapes

PLAIN: dict[str, Any] = {
    "n_layers": 2, "d_model": 7, "n_ctx": 11, "d_head": 8, "n_heads": 3, "d_vocab": 13,
    "attn_only": True, "normalization_type": None,
}  # fmt: skip
MLP = {"attn_only": False, "d_mlp": 17}
CASES: dict[str, dict[str, Any]] = {
    "plain": {},
    "layer norm": {"normalization_type": "LN", "eps": 0.1},
    "short, grouped": {
        "normalization_type": "LNPre", "positional_embedding_type": "shortformer",
        "n_heads": 6, "n_key_value_heads": 3,
    },
    "rotary, relu": {**MLP, "act_fn": "relu", "positional_embedding_type": "rotary", "normalization_type": "RMSPre"},
    "adjacent pairs, gated": {
        **MLP, "act_fn": "gelu", "gated_mlp": True, "normalization_type": "RMS", "n_heads": 6, "n_key_value_heads": 2,
        "positional_embedding_type": "rotary", "rotary_dim": 4, "rotary_adjacent_pairs": True, "rotary_base": 50,
    },
    "gelu_new": {**MLP, "act_fn": "gelu_new", "normalization_type": "LN", "n_layers": 1},
    "no layers": {"n_layers": 0, "normalization_type": "LN", "eps": 0.1},
    "no layers, short": {"n_layers": 0, "positional_embedding_type": "shortformer"},
    "silu": {**MLP, "act_fn": "silu", "positional_embedding_type": "shortformer"},
}  # fmt: skip


@dataclass(frozen=True)
class Sample:
    """A config, weights in float64, and a batch of two sequences with what counts."""

    cfg: Config
    weights: dict[str, Any]
    tokens: Any
    counted: Any

    def loss(self, weights: dict[str, Any]) -> float:
        """The counted mean for other weights, position by position."""
        logits = Transformer(self.cfg, weights)(self.tokens)
        total = 0.0
        for b, p in np.ndindex(*self.counted.shape):
            chances = np.exp(logits[b, p]) / np.exp(logits[b, p]).sum()
            total += self.counted[b, p] * -np.log(chances[self.tokens[b, p + 1]])
        return float(total / self.counted.sum())

    def slope(self, moves: dict[str, Any], step: float) -> float:
        """The slope of the loss along a change of some weights, by a central difference."""
        ahead, behind = (
            self.loss({n: w + sign * step * moves[n] if n in moves else w for n, w in self.weights.items()})
            for sign in (1, -1)
        )
        return (ahead - behind) / (2 * step)


def sample(fields: dict[str, Any], seed: int = 0, pos: int = 9) -> Sample:
    """A random model with these fields in place of some of ``PLAIN``."""
    cfg = Config.from_dict({**PLAIN, **fields})
    rng = np.random.default_rng(seed)
    weights = {name: _draw(rng, name, shape) for name, shape in weight_shapes(cfg).items()}
    counted = rng.random((2, pos - 1)) * (rng.random((2, pos - 1)) < 0.7)
    counted[0, 0] = 0.5
    return Sample(cfg, weights, rng.integers(0, cfg.d_vocab, (2, pos)), counted)


def _draw(rng: np.random.Generator, name: str, shape: tuple[int, ...]) -> Any:
    # Matrices keep the size of what they multiply: no logit is then too large for the plain formulas above.
    scale = 0.7 * shape[-2] ** -0.5 if "W_" in name and "embed.W_E" not in name and "pos_embed" not in name else 0.5
    return rng.standard_normal(shape) * scale + name.endswith(".w")
