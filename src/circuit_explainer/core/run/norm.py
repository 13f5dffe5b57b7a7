"""LayerNorm (Ba et al., 2016) and RMSNorm (Zhang and Sennrich, 2019) of a run, with their hooks."""

from __future__ import annotations

from collections.abc import Mapping

from circuit_explainer.core.arrays import Array
from circuit_explainer.core.config import Config
from circuit_explainer.core.run import ops
from circuit_explainer.core.run.watch import Watch


def normalize(
    cfg: Config, weights: Mapping[str, Array], name: str, x: Array, see: Watch
) -> Array:  # [..., d] -> [..., d]
    """What the part called ``name`` ("blocks.0.ln1") makes of ``x``; ``x`` itself in a model without normalization."""
    kind = cfg.normalization_type
    if kind is None:
        return x
    centred, scale = ops.layer_norm(x, cfg.eps) if kind in ("LN", "LNPre") else (x, ops.rms(x, cfg.eps))
    scale = see(f"{name}.hook_scale", scale)
    x = see(f"{name}.hook_normalized", centred / scale)
    if kind == "LN":
        x = x * weights[f"{name}.w"]
        x += weights[f"{name}.b"]
        return x
    return x * weights[f"{name}.w"] if kind == "RMS" else x
