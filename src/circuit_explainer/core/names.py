"""TransformerLens's shorthands for names of activations."""

from __future__ import annotations

import re

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
    ``("scale", 4, "ln1")`` is ``blocks.4.ln1.hook_scale``, ``"scale"`` is ``ln_final.hook_scale``. Whether a model has
    the activation is not asked: a run or a cache that lacks it says so.

    Source: ``get_act_name`` of TransformerLens 3.9 (Nanda and Bloom, 2022).

    Args:
        name: the last part of the name without ``hook_``, one of TransformerLens's other words for it ("key", "attn",
            "mlp_mid" …), or a full name, which comes back as it is.
        layer: which block; None for what stands outside of the blocks.
        layer_type: the part of the block, "attn", "mlp", "ln1" or "ln2", where the name leaves it open.
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
