"""All that decides how the models of English are trained."""

from __future__ import annotations

import math
from dataclasses import dataclass

from circuit_explainer.core.config import Config


@dataclass(frozen=True, kw_only=True)
class TextRecipe:
    """A run on real text, which may be mixed with repeated random symbols so that induction heads form and stay.

    Args:
        config: attention only, LayerNorm with weights and biases or none, standard positions.
        seed: of the weights at the start and of all data.
        steps, batch: how many steps, of how many sequences of ``n_ctx`` tokens.
        lr, warmup, last: learning rate; it rises through the first ``warmup`` steps, and falls as a half cosine to
            ``last`` of itself.
        decay, clip: weight decay, and the greatest length of the gradient.
        alone: steps of nothing but repeated symbols, in which the heads form.
        mixing: steps after these through which text takes over; 0 for none.
        repeats: share of repeated symbols that stays.
        copies: share of the text rows in which a passage comes again later in the row.
        blocks: shortest and longest repeated block.
        unpredictable: how much a random symbol counts that nothing foretells, where all else counts 1.
        positions: positional embeddings begin as points on circles and are trained; without, they stay zero.
    """

    config: Config
    seed: int
    steps: int
    batch: int
    lr: float
    warmup: int
    last: float
    decay: float
    clip: float
    alone: int
    mixing: int
    repeats: float
    copies: float
    blocks: tuple[int, int]
    unpredictable: float
    positions: bool = True

    def rate(self, step: int) -> float:
        """The learning rate of a step, counted from 0."""
        falling = 0.5 * (1 + math.cos(math.pi * step / self.steps))
        return self.lr * min(1.0, (step + 1) / self.warmup) * (self.last + (1 - self.last) * falling)

    def share(self, step: int) -> float:
        """The share of repeated symbols in the batch of a step."""
        left = 1 - (step - self.alone) / self.mixing if self.mixing else 0.0
        return min(1.0, max(self.repeats, left))


TEXT_2L = TextRecipe(
    config=Config(n_layers=2, d_model=128, n_ctx=128, d_head=32, n_heads=4, d_vocab=97, attn_only=True),
    seed=0, steps=15000, batch=16, lr=3e-3, warmup=100, last=0.02, decay=0.01, clip=1.0,
    alone=700, mixing=800, repeats=0.25, copies=0.3, blocks=(2, 63), unpredictable=0.03,
)  # fmt: skip

# Without layers and positions nothing but the present character tells the next: all there is to learn is which
# characters follow each other how often.
TEXT_0L = TextRecipe(
    config=Config(
        n_layers=0, d_model=40, n_ctx=128, d_head=40, n_heads=1, d_vocab=97, attn_only=True, normalization_type=None,
    ),
    seed=0, steps=10000, batch=16, lr=1e-2, warmup=100, last=0.0, decay=0.0, clip=1.0,
    alone=0, mixing=0, repeats=0.0, copies=0.0, blocks=(2, 63), unpredictable=1.0, positions=False,
)  # fmt: skip
