"""An induction circuit whose every weight was written by hand: two layers, one head in each.

The residual stream has four parts: the token (one-hot), its position (a point on a circle), the token before
(one-hot), the prediction (one-hot). The mechanism is that of Elhage et al. (2021). Layer 0 copies the token before
into the third part; layer 1 looks for a position whose third part is the present token, and copies the token there
into the fourth.
"""

from __future__ import annotations

import math

import numpy as np

from circuit_explainer.core.arrays import Array
from circuit_explainer.core.config import Config
from circuit_explainer.core.model import Transformer
from circuit_explainer.core.shapes import weight_shapes
from circuit_explainer.core.tokenizers.symbols import SymbolTokenizer

# 32 symbols beside BOS: every text of 32 words fits, even when all of them differ.
D_VOCAB, N_CTX = 33, 64
# Scores by which the right key beats the next best, in nats: e**-20 of the attention goes astray.
MARGIN = 20.0
# The logit of a prediction.
CONFIDENCE = 12.0


def build(d_vocab: int = D_VOCAB, n_ctx: int = N_CTX) -> Transformer:
    """The model for ``d_vocab`` symbols, BOS among them, and ``n_ctx`` positions."""
    cfg = Config(
        n_layers=2, d_model=3 * d_vocab + 2, n_ctx=n_ctx, d_head=d_vocab, n_heads=1, d_vocab=d_vocab,
        attn_only=True, normalization_type=None,
    )  # fmt: skip
    token, place = slice(0, d_vocab), slice(d_vocab, d_vocab + 2)
    before, answer = slice(d_vocab + 2, 2 * d_vocab + 2), slice(2 * d_vocab + 2, None)
    w = {name: np.zeros(shape) for name, shape in weight_shapes(cfg).items()}
    one_hot = np.eye(d_vocab)
    # BOS is never copied: nothing comes before the first word, and nothing is foretold by resting on BOS.
    word = np.diag(np.arange(d_vocab) > 0).astype(float)
    # Undoes the division of the scores by sqrt(d_head).
    unscale = math.sqrt(d_vocab)

    w["embed.W_E"][:, token] = one_hot
    step = 2 * math.pi / n_ctx
    angle = step * np.arange(n_ctx)
    w["pos_embed.W_pos"][:, place] = np.stack([np.cos(angle), np.sin(angle)], axis=1)

    previous = _head(w, 0)
    # Keys turned one step forward: the query at i meets the key of i-1, and neighbours fall short by the margin.
    previous["Q"][place, :2] = np.eye(2) * unscale * MARGIN / (1 - math.cos(step))
    previous["K"][place, :2] = [[math.cos(step), math.sin(step)], [-math.sin(step), math.cos(step)]]
    previous["V"][token], previous["O"][:, before] = word, one_hot

    induction = _head(w, 1)
    # BOS matches every query by half, and so is where a query without a target rests.
    induction["Q"][token] = one_hot * unscale * 2 * MARGIN
    induction["K"][before], induction["K"][0] = one_hot, 0.5
    induction["V"][token], induction["O"][:, answer] = word, one_hot

    w["unembed.W_U"][answer] = one_hot * CONFIDENCE
    single = {name: array.astype(np.float32) for name, array in w.items()}
    return Transformer(cfg, single, SymbolTokenizer(d_vocab, n_ctx))


def _head(w: dict[str, Array], layer: int) -> dict[str, Array]:
    return {kind: w[f"blocks.{layer}.attn.W_{kind}"][0] for kind in "QKVO"}
