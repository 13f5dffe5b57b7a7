"""Exact gradients of the next-token loss for every model that ``core.run.forward`` runs.

Reverse mode by hand: ``core.run.forward`` runs with its activations kept by name, then each module goes back through
its twin of ``core.run``, last one first.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

import numpy as np

from circuit_explainer.core import check
from circuit_explainer.core.arrays import Array
from circuit_explainer.core.config import Config
from circuit_explainer.core.run import ops
from circuit_explainer.core.run.forward import forward, pack
from circuit_explainer.training.backward_attention import attention_back
from circuit_explainer.training.backward_mlp import mlp_back
from circuit_explainer.training.backward_norm import normalize_back
from circuit_explainer.training.tape import Tape, outer

# What the backward pass reads of a run; of a pair like q and rot_q it is the second if there is one.
_KEPT = ("resid_pre", "resid_mid", "normalized", "scale", "pattern", "z", "pre", "pre_linear", "post")


def loss_and_gradients(
    cfg: Config,
    weights: Mapping[str, Array],
    tokens: Array,
    counted: Array,
    into: Mapping[str, Array] | None = None,
) -> tuple[Array, Mapping[str, Array]]:
    """Each position's loss, and the gradient of the mean over the counted ones.

    Args:
        cfg: any config; switches that only show more activations change nothing.
        weights: by TransformerLens key, in float32 or float64; the gradients are computed in their precision.
        tokens: integers ``[b, p]``, ``p`` at least 2.
        counted: ``[b, p-1]``, how much the prediction of token ``p+1`` counts: not negative, and not all zero.
        into: C-contiguous arrays to write gradients into, by the keys of the weights whose gradients are wanted;
            by default all, into new arrays.

    Returns:
        Losses ``[b, p-1]`` in nats, and the gradients by key.

    Raises:
        ValueError: the tokens are not the model's, or nothing counts.
    """
    _check(cfg, tokens, counted)
    if cfg.use_attn_result or cfg.use_split_qkv_input or cfg.use_attn_in or cfg.use_hook_mlp_in:
        cfg = dataclasses.replace(
            cfg, use_attn_result=False, use_split_qkv_input=False, use_attn_in=False, use_hook_mlp_in=False
        )
    packed = pack(cfg, weights)
    seen: dict[str, Array] = {}

    def keep(name: str, value: Array) -> Array:
        seen[name] = value
        return value

    logits = forward(cfg, packed, tokens, keep, _Kept(cfg))
    losses, d_logits = cross_entropy(logits, tokens, counted)
    if into is None:
        into = {name: np.empty(array.shape, array.dtype) for name, array in weights.items()}
    tape = Tape(cfg, packed, seen, into)
    tape.matrix("unembed.W_U", seen["unembed.hook_in"], d_logits)
    tape.bias("unembed.b_U", d_logits)
    d_resid = normalize_back(tape, "ln_final", ops.product(d_logits, weights["unembed.W_U"].T))
    d_pos: Array | None = None
    for layer in reversed(range(cfg.n_layers)):
        block = f"blocks.{layer}."
        if not cfg.attn_only:
            d_resid = d_resid + normalize_back(tape, f"{block}ln2", mlp_back(tape, layer, d_resid))
        d_x, d_placed = attention_back(tape, layer, d_resid)
        d_resid = d_resid + normalize_back(tape, f"{block}ln1", d_x)
        if d_placed is not None:
            d_pos = d_placed if d_pos is None else d_pos + d_placed
    _embeddings(tape, tokens, d_resid, d_pos)
    return losses, into


def _check(cfg: Config, tokens: Array, counted: Array) -> None:
    if np.ndim(tokens) != 2 or np.shape(tokens)[1] < 2:
        raise ValueError(f"tokens must be integers [b, p] with p of at least 2; got shape {np.shape(tokens)}.")
    check.tokens(cfg, tokens)
    wanted = (len(tokens), tokens.shape[1] - 1)
    if np.shape(counted) != wanted:
        raise ValueError(f"counted must have shape [b, p-1] = {wanted}, as the tokens have; got {np.shape(counted)}.")
    # A comparison that is False for NaN too.
    if not (counted.min() >= 0 and 0 < counted.sum() < np.inf):
        raise ValueError(
            "counted must be finite, not negative and not zero throughout, since the mean is over what counts; "
            f"got a sum of {counted.sum():g} and a least of {counted.min():g}."
        )


def cross_entropy(logits: Array, tokens: Array, counted: Array) -> tuple[Array, Array]:
    """Losses ``[b, p-1]`` of predicting each next token, and the gradient of their counted mean ``[b, p, v]``."""
    log_probs = ops.log_softmax(logits)
    following = tokens[:, 1:, None]
    losses = -np.take_along_axis(log_probs[:, :-1], following, axis=2)[..., 0]
    share = (counted / counted.sum()).astype(logits.dtype)
    d_logits = np.exp(log_probs, out=log_probs)
    hit = np.take_along_axis(d_logits[:, :-1], following, axis=2)
    np.put_along_axis(d_logits[:, :-1], following, hit - 1, axis=2)
    d_logits[:, :-1] *= share[..., None]
    d_logits[:, -1] = 0
    return losses, d_logits


class _Kept:
    """The names of the activations that the backward pass of a model reads, as ``core.run`` asks for them."""

    def __init__(self, cfg: Config) -> None:
        qk = ("rot_q", "rot_k") if cfg.positional_embedding_type == "rotary" else ("q", "k")
        self._endings = frozenset((*_KEPT, *qk, "v"))

    def __contains__(self, name: object) -> bool:
        return name == "unembed.hook_in" or str(name).rpartition("hook_")[2] in self._endings


def _embeddings(tape: Tape, tokens: Array, d_resid: Array, d_pos: Array | None) -> None:
    """The gradients of ``W_E`` and ``W_pos``; ``d_pos [p, d]`` is that of positions which only Q and K read."""
    if "embed.W_E" in tape.grads:
        one_hot = (np.arange(tape.cfg.d_vocab)[:, None] == tokens.reshape(-1)).astype(d_resid.dtype)
        outer(one_hot.T, d_resid, tape.grads["embed.W_E"])
    if "pos_embed.W_pos" in tape.grads:
        used = tokens.shape[1]
        added = tape.cfg.positional_embedding_type == "standard"
        # Without layers nothing reads positions that only Q and K would.
        tape.grads["pos_embed.W_pos"][:used] = d_resid.sum(axis=0) if added else 0 if d_pos is None else d_pos
        tape.grads["pos_embed.W_pos"][used:] = 0
