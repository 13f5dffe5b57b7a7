"""Gradients through one MLP, mirror of ``core.run.mlp``."""

from __future__ import annotations

from circuit_explainer.core.arrays import Array
from circuit_explainer.core.run import ops
from circuit_explainer.core.run.activation import FUNCTIONS
from circuit_explainer.training.backward_activation import SLOPES
from circuit_explainer.training.backward_norm import normalized
from circuit_explainer.training.tape import Tape


def mlp_back(tape: Tape, layer: int, d_out: Array) -> Array:  # [b, p, d] -> [b, p, d]
    """The gradient of the MLP's normalized input from that of its output; fills in those of its weights."""
    block, part, name = f"blocks.{layer}.", f"blocks.{layer}.mlp.", tape.cfg.act_fn or ""
    x = normalized(tape, f"{block}ln2", f"{block}hook_resid_mid")
    pre = tape.seen[f"{part}hook_pre"]
    tape.matrix(f"{part}W_out", tape.seen[f"{part}hook_post"], d_out)
    tape.bias(f"{part}b_out", d_out)
    d_post = ops.product(d_out, tape.weight(f"{part}W_out").T)
    if not tape.cfg.gated_mlp:
        d_pre = d_post
        d_pre *= SLOPES[name](pre)
        tape.matrix(f"{part}W_in", x, d_pre)
        tape.bias(f"{part}b_in", d_pre)
        return ops.product(d_pre, tape.weight(f"{part}W_in").T)
    tape.bias(f"{part}b_in", d_post)
    d_linear = d_post * FUNCTIONS[name](pre)
    d_pre = d_post
    d_pre *= tape.seen[f"{part}hook_pre_linear"]
    d_pre *= SLOPES[name](pre)
    tape.matrix(f"{part}W_in", x, d_linear)
    tape.matrix(f"{part}W_gate", x, d_pre)
    d_x = ops.product(d_linear, tape.weight(f"{part}W_in").T)
    d_x += ops.product(d_pre, tape.weight(f"{part}W_gate").T)
    return d_x
