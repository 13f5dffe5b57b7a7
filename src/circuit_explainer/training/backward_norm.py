"""Gradients through LayerNorm and RMSNorm, mirror of ``core.run.norm``.

With ``n = (x - mean) / s``, ``s = sqrt(variance + eps)``, the gradient of the input is
``(d_n - mean(d_n) - n mean(d_n n)) / s``, exactly, eps or not; RMSNorm has no mean to take away, and no ``mean(d_n)``.
"""

from __future__ import annotations

import numpy as np

from circuit_explainer.core.arrays import Array
from circuit_explainer.training.tape import Tape


def normalized(tape: Tape, name: str, plain: str) -> Array:  # -> [b, p, d]
    """What the part called ``name`` gave; without normalization, the activation called ``plain``."""
    kind = tape.cfg.normalization_type
    if kind is None:
        return tape.seen[plain]
    x = tape.seen[f"{name}.hook_normalized"]
    if kind == "LN":
        return x * tape.weight(f"{name}.w") + tape.weight(f"{name}.b")
    return x * tape.weight(f"{name}.w") if kind == "RMS" else x


def normalize_back(tape: Tape, name: str, d_out: Array) -> Array:  # [b, p, d] -> [b, p, d]
    """The gradient of the input of the part called ``name``; fills in those of its weights."""
    kind = tape.cfg.normalization_type
    if kind is None:
        return d_out
    n, scale = tape.seen[f"{name}.hook_normalized"], tape.seen[f"{name}.hook_scale"]
    if kind in ("LN", "RMS"):
        tape.bias(f"{name}.b", d_out)
        if f"{name}.w" in tape.grads:
            tape.grads[f"{name}.w"][...] = np.einsum("bpd,bpd->d", d_out, n)
        d_out = d_out * tape.weight(f"{name}.w")
    along = np.einsum("bpd,bpd->bp", d_out, n)[..., None] / np.asarray(tape.cfg.d_model, n.dtype)
    d_x: Array = d_out - n * along
    if kind in ("LN", "LNPre"):
        d_x -= d_out.mean(axis=-1, keepdims=True)
    d_x /= scale
    return d_x
