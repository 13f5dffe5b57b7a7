"""Random tokens repeated, on which heads are scored, and what a model loses on them.

The test text of Olsson et al. (2022): nothing foretells its tokens but their earlier copy.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from circuit_explainer.core.arrays import Array
from circuit_explainer.core.given import whole
from circuit_explainer.core.hooks import Hooks
from circuit_explainer.core.model import Transformer
from circuit_explainer.core.run import ops

# Longer texts tell little more of a head, and take much longer where the context is long.
LONGEST = 64


@dataclass(frozen=True)
class RepeatedTokens:
    """BOS and a random block, repeated: ``tokens [b, p]``, ``block`` of them a copy.

    Position ``1 + block`` begins the second copy.

    Source: the repeated random tokens of Olsson et al. (2022).
    """

    tokens: Array
    block: int

    @property
    def in_repeats(self) -> Array:
        """``[p]``: True from the second copy on."""
        return np.arange(self.tokens.shape[1]) > self.block


def repeated_tokens(
    d_vocab: int, n_ctx: int, batch: int = 16, seed: int = 0, block: int | None = None, repeats: int = 2, bos: int = 0
) -> RepeatedTokens:
    """Random tokens repeated behind BOS: the text on which heads are scored.

    The tokens of a block all differ where the vocabulary has that many, so that a repeat has just one target.

    Source: Olsson et al. (2022); BOS in front, and tokens that differ, are ours.

    Args:
        d_vocab: symbols; BOS is not drawn.
        n_ctx: tokens the model reads.
        batch, seed: how many sequences, at least one, and from which seed.
        block: tokens of one copy; by default as many as fit.
        repeats: copies.
        bos: the token in front, as ``model.bos``.

    Returns:
        ``tokens [batch, 1 + repeats * block]``, integers, and ``block``.

    Raises:
        ValueError: a number is not whole, the copies do not fit behind BOS, or there is no symbol to draw.
    """
    d_vocab, n_ctx = whole("d_vocab", d_vocab, 1), whole("n_ctx", n_ctx, 1)
    batch, repeats = whole("batch", batch, 1), whole("repeats", repeats, 1)
    block = (n_ctx - 1) // repeats if block is None else whole("block", block, 1)
    if d_vocab < 2 or repeats < 2 or block < 1 or 1 + repeats * block > n_ctx:
        raise ValueError(
            "Repeated tokens need d_vocab >= 2, repeats >= 2 and 1 + repeats * block <= n_ctx; got "
            f"d_vocab={d_vocab}, repeats={repeats}, block={block}, n_ctx={n_ctx}."
        )
    rng = np.random.default_rng(seed)
    if block < d_vocab:
        symbols = np.broadcast_to(np.arange(d_vocab - 1), (batch, d_vocab - 1))
        drawn = rng.permuted(symbols, axis=1)[:, :block]
    else:
        drawn = rng.integers(0, d_vocab - 1, (batch, block))
    drawn = drawn + (drawn >= bos)
    copies = np.tile(drawn, (1, repeats))
    return RepeatedTokens(np.concatenate([np.full((batch, 1), bos), copies], axis=1), block)


def some_repeats(model: Transformer, batch: int = 16) -> RepeatedTokens:
    """The text on which a model is tested where none is given: two copies, of at most 64 tokens together with BOS.

    BOS is the model's own, ``model.bos``.
    """
    return repeated_tokens(model.cfg.d_vocab, min(model.cfg.n_ctx, LONGEST), batch, bos=model.bos)


def repeats_for(model: Transformer, given: RepeatedTokens | None, batch: int = 16) -> RepeatedTokens:
    """The text that was given, or ``some_repeats``.

    Raises:
        ValueError: it is something else.
    """
    if given is None:
        return some_repeats(model, batch)
    if not isinstance(given, RepeatedTokens):
        raise ValueError(
            "given must be RepeatedTokens, which say where the copies begin, as repeated_tokens makes them; "
            f"got {type(given).__name__}."
        )
    return given


def per_token_loss(logits: Array, tokens: Array) -> Array:
    """Loss in nats of predicting each token after the first: ``[b, p, v], [b, p] -> [b, p-1]``.

    It is the cross-entropy: the natural logarithm of the token's probability, times -1.
    """
    log_probs = ops.log_softmax(logits[:, :-1])
    return -np.take_along_axis(log_probs, tokens[:, 1:, None], axis=2)[..., 0]


def loss_on_repeats(model: Transformer, given: RepeatedTokens | None = None, fwd_hooks: Hooks = ()) -> float:
    """Mean loss in nats over the second and later copies, but for the first token of the second copy.

    Nothing foretells that one: the token before it ends the first copy and was not there before. Each token behind it
    follows one that was, and that the same token followed then; so does the first token of a third copy.
    Compare it with ``ln(d_vocab)``, what an even guess costs. NaN for copies of a single token.

    Source: the loss on repeated random tokens, Olsson et al. (2022).

    Args:
        model: of any architecture.
        given: the text; by default sixteen repeated random sequences of at most 64 tokens.
        fwd_hooks: interventions on the run, such as ``zero_heads``.

    Raises:
        ValueError: as ``model.run_with_hooks``; ``given`` is no ``RepeatedTokens``.
    """
    given = repeats_for(model, given)
    return loss_of_run(model.run_with_hooks(given.tokens, fwd_hooks), given)


def loss_of_run(logits: Array, given: RepeatedTokens) -> float:
    """``loss_on_repeats`` from the logits ``[b, p, v]`` of a run on ``given``; NaN for copies of a single token."""
    losses = per_token_loss(logits, given.tokens)[:, given.block + 1 :]
    return float(losses.mean()) if losses.size else float("nan")
