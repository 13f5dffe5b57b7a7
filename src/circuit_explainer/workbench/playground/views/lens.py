"""What a model would predict before each layer and at the end, some positions of a large one at a time."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass

import numpy as np

from circuit_explainer.core import ActivationCache, Transformer
from circuit_explainer.core.arrays import Array
from circuit_explainer.core.run import ops

# Multiplications of one run's lens: some ten seconds in the browser. The last positions of a text get them.
WORK = 1 << 33
FEWEST, MOST = 4, 128
# From so many multiplications a layer on, progress is told.
SLOW = 1 << 26


@dataclass(frozen=True)
class Guesses:
    """The likeliest tokens [stage, p] and their probabilities; `other` is that of the tokens of another run."""

    tokens: Array
    shares: Array
    other: Array


def window(model: Transformer, length: int) -> int:
    """How many positions are read, the last ones of a text of `length`."""
    cfg = model.cfg
    at_work = WORK // max(1, cfg.n_layers * cfg.d_model * cfg.d_vocab)
    return min(length, MOST, max(FEWEST, at_work))


def stages(model: Transformer, logits: Array, cache: ActivationCache, last: int) -> Iterator[Array]:
    """The logits [p, v] of the last positions before each layer, and at the end."""
    for layer in range(model.cfg.n_layers):
        stream = cache["resid_pre", layer][0, -last:]
        ready = cache.apply_ln_to_stack(stream[None, None], recompute_ln=True)[0, 0]
        yield ops.linear(ready, model.W_U, model.b_U)
    yield logits[0, -last:]


def read(
    model: Transformer, logits: Array, cache: ActivationCache, last: int, wanted: Array | None = None, run: str = ""
) -> Generator[str, None, Guesses]:
    """The guesses of one run; `wanted` [stage, p] are tokens whose probability is asked for. Yields progress."""
    cfg = model.cfg
    slow = last * cfg.d_model * cfg.d_vocab > SLOW
    found: list[tuple[Array, Array, Array]] = []
    for n, given in enumerate(stages(model, logits, cache, last)):
        shares = ops.softmax(given.copy())
        best = shares.argmax(-1)
        asked = best if wanted is None else wanted[n]
        found.append((best, *(np.take_along_axis(shares, ids[:, None], 1)[:, 0] for ids in (best, asked))))
        if slow:
            yield f"Place {n + 1} of {cfg.n_layers + 1}{run}."
    return Guesses(*map(np.stack, zip(*found, strict=True)))
