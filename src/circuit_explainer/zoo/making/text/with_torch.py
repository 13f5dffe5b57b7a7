"""Training the models of English; the one module of the project that imports torch; only ``make models`` needs it.

One thread, so that the order of sums, and with it every bit, is the same in each run. ``make models`` pins the kernels
too, to those for AVX2: with others, or another torch, the weights differ, and the scores agree to about a hundredth.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch.nn.functional import cross_entropy, layer_norm, scaled_dot_product_attention

from circuit_explainer.core.arrays import Array
from circuit_explainer.core.config import Config
from circuit_explainer.core.shapes import weight_shapes
from circuit_explainer.zoo.making.text.batches import batches
from circuit_explainer.zoo.making.text.recipe import TextRecipe

Weights = dict[str, Any]


def trained(
    recipe: TextRecipe, tokens: Array, report: Callable[[int, float], None] = lambda step, loss: None
) -> dict[str, Array]:
    """The weights at the end of a recipe, by TransformerLens key; ``report`` hears of every step and its loss."""
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    rng = np.random.default_rng(recipe.seed)
    weights = {name: torch.from_numpy(array).requires_grad_() for name, array in start(recipe, rng).items()}
    learning = {name: weight for name, weight in weights.items() if is_trained(recipe, name)}
    adam = torch.optim.AdamW(learning.values(), lr=recipe.lr, betas=(0.9, 0.98), weight_decay=recipe.decay, fused=True)
    for step, (batch, counted) in enumerate(batches(recipe, tokens, rng)):
        for group in adam.param_groups:
            group["lr"] = recipe.rate(step)
        loss = mean_loss(recipe.config, weights, torch.from_numpy(batch), torch.from_numpy(counted).float())
        adam.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(learning.values(), recipe.clip)
        adam.step()
        report(step + 1, loss.item())
    return {name: weight.detach().numpy() for name, weight in weights.items()}


def is_trained(recipe: TextRecipe, name: str) -> bool:
    """Whether a weight changes: of the biases only the last, and positions where there are any."""
    if name == "pos_embed.W_pos":
        return recipe.positions
    return ".b_" not in name or name == "unembed.b_U"


def start(recipe: TextRecipe, rng: np.random.Generator) -> dict[str, Array]:
    """Weights to start from: embeddings of std 1, positions on circles, the others ``0.8 / sqrt(d_model)``.

    With positions on circles "one back" is the same turn everywhere, as in Vaswani et al. (2017), and a head learns
    it once; with random positions it has to learn each place for itself.
    """
    cfg = recipe.config
    weights = {name: np.zeros(shape, np.float32) for name, shape in weight_shapes(cfg).items()}
    for name, weight in weights.items():
        if ".W_" in name:
            std = 1.0 if name == "embed.W_E" else 0.8 / np.sqrt(cfg.d_model)
            weight[...] = rng.standard_normal(weight.shape) * std
        elif name.endswith(".w"):
            weight[...] = 1
    turns = np.geomspace(np.pi / 2, np.pi / cfg.n_ctx, cfg.d_model // 2)
    angles = np.arange(cfg.n_ctx)[:, None] * turns
    circles = np.sqrt(2) * np.concatenate([np.sin(angles), np.cos(angles)], axis=1)
    weights["pos_embed.W_pos"][...] = circles if recipe.positions else 0
    return weights


def mean_loss(cfg: Config, weights: Weights, tokens: Any, counted: Any) -> Any:
    """The counted mean of the next-token loss in nats, as a torch scalar."""
    flat = logits(cfg, weights, tokens[:, :-1]).flatten(0, 1)
    losses = cross_entropy(flat, tokens[:, 1:].flatten(), reduction="none")
    return (losses * counted.flatten()).sum() / counted.sum()


def logits(cfg: Config, weights: Weights, tokens: Any) -> Any:
    """``core.run.forward`` for the models that are trained here, in torch: ``[b, p] -> [b, p, v]``."""

    def norm(name: str, x: Any) -> Any:
        if cfg.normalization_type is None:
            return x
        return layer_norm(x, (cfg.d_model,), weights[f"{name}.w"], weights[f"{name}.b"], cfg.eps)

    x = weights["embed.W_E"][tokens] + weights["pos_embed.W_pos"][: tokens.shape[1]]
    for layer in range(cfg.n_layers):
        attn = f"blocks.{layer}.attn."
        qkv = torch.cat([weights[f"{attn}W_{kind}"] for kind in "QKV"]).transpose(0, 1).flatten(1)
        parts = (norm(f"blocks.{layer}.ln1", x) @ qkv).unflatten(-1, (3, cfg.n_heads, cfg.d_head))
        z = scaled_dot_product_attention(*parts.permute(2, 0, 3, 1, 4), is_causal=True)
        x = x + z.transpose(1, 2).flatten(2) @ weights[f"{attn}W_O"].flatten(0, 1)
    return norm("ln_final", x) @ weights["unembed.W_U"] + weights["unembed.b_U"]
