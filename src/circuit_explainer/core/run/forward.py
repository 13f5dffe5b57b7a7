"""One forward pass of a transformer, as a function of config, weights and tokens."""

from __future__ import annotations

from collections.abc import Container, Generator

from circuit_explainer.core import check
from circuit_explainer.core.arrays import Array
from circuit_explainer.core.config import Config
from circuit_explainer.core.run import ops
from circuit_explainer.core.run.attention import attention
from circuit_explainer.core.run.attention import head_results as head_results
from circuit_explainer.core.run.mlp import mlp
from circuit_explainer.core.run.norm import normalize
from circuit_explainer.core.run.packed import Packed as Packed
from circuit_explainer.core.run.packed import pack as pack
from circuit_explainer.core.run.watch import Visit as Visit
from circuit_explainer.core.run.watch import Watch
from circuit_explainer.core.steps import finished as finished


def forward(
    cfg: Config,
    packed: Packed,
    tokens: Array,
    visit: Visit,
    watched: Container[str] | None = None,
    stop_at_layer: int | None = None,
) -> Array:  # [b, p] -> [b, p, v]
    """Logits for each position; ``visit`` meets the activations of ``core.table.ACTIVATIONS``, in that order.

    Args:
        cfg, packed: the model.
        tokens: integers ``[b, p]``.
        visit: gets a name and an activation, gives back the activation to go on with.
        watched: the names that ``visit`` is to meet; None means all. Less is faster and needs less memory.
        stop_at_layer: return the residual stream ``[b, p, d]`` before this layer; negative counts from the end.

    Raises:
        ValueError: ``visit`` gave other tokens, and they are not the model's.
    """
    return finished(forward_steps(cfg, packed, tokens, visit, watched, stop_at_layer))


def forward_steps(
    cfg: Config,
    packed: Packed,
    tokens: Array,
    visit: Visit,
    watched: Container[str] | None = None,
    stop_at_layer: int | None = None,
) -> Generator[int, None, Array]:
    """``forward`` with a stop before each layer: yields its number, and ``n_layers`` before the unembedding."""
    see = Watch(visit, watched)
    w = packed.weights
    if cfg.use_hook_tokens:
        tokens = check.tokens(cfg, see("hook_tokens", tokens))
    resid = see("hook_embed", w["embed.W_E"].take(tokens, axis=0))
    pos = None
    if cfg.positional_embedding_type != "rotary":
        pos = see("hook_pos_embed", w["pos_embed.W_pos"][: tokens.shape[1]][None].repeat(len(tokens), axis=0))
    if cfg.positional_embedding_type == "standard":
        resid = resid + pos
    for layer in range(cfg.n_layers)[:stop_at_layer]:
        yield layer
        resid = _block(cfg, packed, layer, resid, pos, see)
    if stop_at_layer is not None:
        return resid
    yield cfg.n_layers
    resid = see("unembed.hook_in", normalize(cfg, w, "ln_final", resid, see))
    return see("unembed.hook_out", ops.linear(resid, w["unembed.W_U"], w["unembed.b_U"]))


def _block(cfg: Config, packed: Packed, layer: int, resid: Array, pos: Array | None, see: Watch) -> Array:
    block = f"blocks.{layer}."
    resid = see(f"{block}hook_resid_pre", resid)
    resid = resid + see(f"{block}hook_attn_out", attention(cfg, packed, layer, resid, pos, see))
    if not cfg.attn_only:
        resid = see(f"{block}hook_resid_mid", resid)
        mlp_in = see(f"{block}hook_mlp_in", resid) if cfg.use_hook_mlp_in else resid
        x = normalize(cfg, packed.weights, f"{block}ln2", mlp_in, see)
        resid = resid + see(f"{block}hook_mlp_out", mlp(cfg, packed, layer, x, see))
    return see(f"{block}hook_resid_post", resid)
