"""One MLP of a run, plain or gated (Shazeer, 2020)."""

from __future__ import annotations

from circuit_explainer.core.arrays import Array
from circuit_explainer.core.config import Config
from circuit_explainer.core.run import ops
from circuit_explainer.core.run.activation import FUNCTIONS
from circuit_explainer.core.run.packed import Packed
from circuit_explainer.core.run.watch import Watch


def mlp(cfg: Config, packed: Packed, layer: int, x: Array, see: Watch) -> Array:  # [b, p, d] -> [b, p, d]
    """What the MLP makes of its normalized input: ``act_fn(x @ W_in + b_in) @ W_out + b_out``.

    Gated, ``(act_fn(x @ W_gate) * (x @ W_in) + b_in) @ W_out + b_out``: ``b_in`` comes last, as in TransformerLens.
    """
    part, w = f"blocks.{layer}.mlp.", packed.weights
    function = FUNCTIONS[cfg.act_fn or ""]
    if cfg.gated_mlp:
        pre = see(f"{part}hook_pre", ops.product(x, w[f"{part}W_gate"]))
        linear = see(f"{part}hook_pre_linear", ops.product(x, w[f"{part}W_in"]))
        post = function(pre)
        post *= linear
        post += w[f"{part}b_in"]
    else:
        pre = see(f"{part}hook_pre", ops.linear(x, w[f"{part}W_in"], w[f"{part}b_in"]))
        post = function(pre)
    post = see(f"{part}hook_post", post)
    return ops.linear(post, w[f"{part}W_out"], w[f"{part}b_out"])
