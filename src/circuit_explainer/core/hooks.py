"""The one table of activations and weights: names, axes, and which models have them.

Names and shapes are those of TransformerLens 3.9 (``HookedTransformer``). One letter stands for one dimension,
here, in every shape comment and in every einsum of the project.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from circuit_explainer.core.config import Config

LETTERS = {
    "b": "batch",
    "p": "position",
    "q": "query position",
    "k": "key position",
    "h": "head",
    "e": "d_head",
    "d": "d_model",
    "v": "d_vocab",
    "c": "n_ctx",
    "l": "layer",
    "1": "an axis of length one",
    "r": "rows of a plain 2-D product",
    "i": "its contracted axis",
    "o": "its columns",
    "n": "component of a sum",
}


@dataclass(frozen=True)
class Row:
    """One name of the table: ``{l}`` stands for the layer; ``needs`` says which models have it."""

    name: str
    axes: str
    needs: str = "always"


# In the order in which a forward pass meets them.
ACTIVATIONS = (
    Row("hook_embed", "b p d"),
    Row("hook_pos_embed", "b p d"),
    Row("blocks.{l}.hook_resid_pre", "b p d"),
    Row("blocks.{l}.ln1.hook_scale", "b p 1", "norm"),
    Row("blocks.{l}.ln1.hook_normalized", "b p d", "norm"),
    Row("blocks.{l}.attn.hook_q", "b q h e"),
    Row("blocks.{l}.attn.hook_k", "b k h e"),
    Row("blocks.{l}.attn.hook_v", "b k h e"),
    Row("blocks.{l}.attn.hook_attn_scores", "b h q k"),
    Row("blocks.{l}.attn.hook_pattern", "b h q k"),
    Row("blocks.{l}.attn.hook_z", "b q h e"),
    Row("blocks.{l}.attn.hook_result", "b q h d", "use_attn_result"),
    Row("blocks.{l}.hook_attn_out", "b p d"),
    Row("blocks.{l}.hook_resid_post", "b p d"),
    Row("ln_final.hook_scale", "b p 1", "norm"),
    Row("ln_final.hook_normalized", "b p d", "norm"),
    Row("unembed.hook_in", "b p d"),
    Row("unembed.hook_out", "b p v"),
)

WEIGHTS = (
    Row("embed.W_E", "v d"),
    Row("pos_embed.W_pos", "c d"),
    Row("blocks.{l}.ln1.w", "d", "norm weights"),
    Row("blocks.{l}.ln1.b", "d", "norm weights"),
    Row("blocks.{l}.attn.W_Q", "h d e"),
    Row("blocks.{l}.attn.W_K", "h d e"),
    Row("blocks.{l}.attn.W_V", "h d e"),
    Row("blocks.{l}.attn.W_O", "h e d"),
    Row("blocks.{l}.attn.b_Q", "h e"),
    Row("blocks.{l}.attn.b_K", "h e"),
    Row("blocks.{l}.attn.b_V", "h e"),
    Row("blocks.{l}.attn.b_O", "d"),
    Row("ln_final.w", "d", "norm weights"),
    Row("ln_final.b", "d", "norm weights"),
    Row("unembed.W_U", "d v"),
    Row("unembed.b_U", "v"),
)


def sizes(cfg: Config, batch: int = 1, pos: int = 1) -> dict[str, int]:
    """The length of each lettered axis, for a run on ``batch`` sequences of ``pos`` tokens."""
    return {
        "b": batch, "p": pos, "q": pos, "k": pos, "h": cfg.n_heads, "e": cfg.d_head,
        "d": cfg.d_model, "v": cfg.d_vocab, "c": cfg.n_ctx, "l": cfg.n_layers, "1": 1,
    }  # fmt: skip


def activation_shapes(cfg: Config, batch: int, pos: int) -> dict[str, tuple[int, ...]]:
    """Shape of every activation of a run, by full name, in the order of the pass."""
    return _expand(ACTIVATIONS, cfg, sizes(cfg, batch, pos))


def weight_shapes(cfg: Config) -> dict[str, tuple[int, ...]]:
    """Shape of every weight of a model, by its TransformerLens state-dict key."""
    return _expand(WEIGHTS, cfg, sizes(cfg))


def _expand(table: tuple[Row, ...], cfg: Config, lengths: dict[str, int]) -> dict[str, tuple[int, ...]]:
    rows = [row for row in table if row.needs in _features(cfg)]
    return {name: tuple(lengths[axis] for axis in axes.split()) for name, axes in _by_layer(rows, cfg)}


def _features(cfg: Config) -> set[str]:
    have = {
        "norm": cfg.normalization_type is not None,
        "norm weights": cfg.normalization_type == "LN",
        "use_attn_result": cfg.use_attn_result,
    }
    return {"always"} | {feature for feature, present in have.items() if present}


def _by_layer(rows: list[Row], cfg: Config) -> Iterator[tuple[str, str]]:
    inside = [n for n, row in enumerate(rows) if "{l}" in row.name]
    first, last = inside[0], inside[-1] + 1
    yield from ((row.name, row.axes) for row in rows[:first])
    for layer in range(cfg.n_layers):
        yield from ((row.name.replace("{l}", str(layer)), row.axes) for row in rows[first:last])
    yield from ((row.name, row.axes) for row in rows[last:])


_ALIASES = {
    "attn": "pattern", "attn_logits": "attn_scores", "key": "k", "query": "q", "value": "v",
    "mlp_pre": "pre", "mlp_mid": "mid", "mlp_post": "post",
}  # fmt: skip
_PART_ALIASES = {"a": "attn", "m": "mlp", "b": "", "block": "", "blocks": "", "attention": "attn"}
_IN_ATTN = {"k", "v", "q", "z", "rot_k", "rot_q", "result", "pattern", "attn_scores"}
_IN_MLP = {"pre", "post", "mid", "pre_linear"}


def get_act_name(name: str, layer: int | str | None = None, layer_type: str | None = None) -> str:
    """The full activation name behind a shorthand, as TransformerLens's ``get_act_name`` gives it.

    ``("pattern", 0)`` is ``blocks.0.attn.hook_pattern``, ``"k6"`` is ``blocks.6.attn.hook_k``,
    ``("scale", 4, "ln1")`` is ``blocks.4.ln1.hook_scale``, ``"scale"`` is ``ln_final.hook_scale``.
    """
    if ("." in name or name.startswith("hook_")) and layer is None and layer_type is None:
        return name
    packed = re.match(r"([a-z]+)(\d+)([a-z]?.*)", name)
    if packed is not None:
        name, layer, layer_type = packed.groups()
    name = _ALIASES.get(name, name)
    if name in _IN_ATTN:
        layer_type = "attn"
    elif name in _IN_MLP:
        layer_type = "mlp"
    elif layer_type is not None:
        layer_type = _PART_ALIASES.get(layer_type, layer_type)
    block = "" if layer is None else f"blocks.{layer}."
    part = f"{layer_type}." if layer_type else ""
    final = "ln_final." if name in ("scale", "normalized") and layer is None else ""
    return f"{final}{block}{part}hook_{name}"
