"""Text in which a symbol depends on the one before it and on nothing else: the control without anything to look up."""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np

from circuit_explainer.core.arrays import Array
from circuit_explainer.training import checks
from circuit_explainer.training.tasks.task import Batch, Task


@dataclass(frozen=True)
class MarkovText(Task):
    """BOS, then a Markov chain over the symbols, begun in its stationary distribution.

    The chain is fixed by ``seed``: each symbol's followers have Dirichlet-distributed chances. It is learned into the
    weights, as bigram statistics are; looking back further than one symbol, or for repetition, gains nothing. What
    counts is every symbol after the first. Best loss: ``entropy_rate``; without the symbol before, ``entropy``.

    Source: text as a Markov chain, and its entropy, Shannon (1948).

    Args:
        seed: of the chain, not of the text.
        concentration: of the Dirichlet distribution; below 1, few followers of each symbol are likely.

    Raises:
        ValueError: ``seed`` is no whole number, or ``concentration`` is below 0.001.
    """

    seed: int = 0
    concentration: float = 0.3

    def __post_init__(self) -> None:
        super().__post_init__()
        checks.whole("seed", self.seed)
        # Below, a follower's chances are 0 or 1 to the last bit, and numpy's draws of them may be no numbers.
        checks.number("concentration", self.concentration, low=1e-3)

    def check(self, length: int, d_vocab: int) -> None:
        """There must be a symbol, and one after the first that counts.

        Raises:
            ValueError: there is none.
        """
        if length < 3 or d_vocab < 2:
            raise ValueError(
                f"MarkovText needs length of at least 3 and d_vocab of at least 2; got length={length}, "
                f"d_vocab={d_vocab}."
            )

    def draw(self, rng: np.random.Generator, batch: int, length: int, d_vocab: int) -> Batch:
        """Symbols 1 to ``d_vocab - 1``.

        Raises:
            ValueError: the task does not fit this length or vocabulary.
        """
        self.check(length, d_vocab)
        following, stationary = _chain(self.seed, self.concentration, d_vocab - 1)
        # A draw below the first of the rising sums is the first symbol, and so on; rounding may leave the last at 1-.
        up_to = np.cumsum(np.concatenate([following, stationary[None]]), axis=1)[:, :-1]
        chance = rng.random((batch, length))
        state = np.full(batch, d_vocab - 1)  # the last row begins a text
        tokens = np.zeros((batch, length), int)
        for position in range(1, length):
            state = (chance[:, position, None] >= up_to[state]).sum(axis=1)
            tokens[:, position] = 1 + state
        counted = np.ones((batch, length - 1), bool)
        counted[:, 0] = False
        return Batch(tokens, counted)

    def entropy_rate(self, d_vocab: int) -> float:
        """Mean surprise at a symbol whose predecessor is known, in nats: the best loss there is."""
        following, stationary = _chain(self.seed, self.concentration, d_vocab - 1)
        return float(stationary @ _entropies(following))

    def entropy(self, d_vocab: int) -> float:
        """Mean surprise at a symbol whose predecessor is not known, in nats."""
        _, stationary = _chain(self.seed, self.concentration, d_vocab - 1)
        return float(_entropies(stationary))


@functools.lru_cache(maxsize=8)
def _chain(seed: int, concentration: float, symbols: int) -> tuple[Array, Array]:
    """Chances of each symbol's followers ``[v, v]``, and the stationary distribution ``[v]``."""
    following = np.random.default_rng(seed).dirichlet(np.full(symbols, concentration), size=symbols)
    # Stationary: unchanged by a step, and summing to 1; one linear system in the least-squares sense.
    system = np.concatenate([following.T - np.eye(symbols), np.ones((1, symbols))])
    stationary = np.linalg.lstsq(system, np.eye(symbols + 1)[-1], rcond=None)[0]
    return following, np.maximum(stationary, 0) / np.maximum(stationary, 0).sum()


def _entropies(chances: Array) -> Array:  # [..., v] -> [...]
    logs = np.log(np.where(chances > 0, chances, 1))
    return np.asarray(-(chances * logs).sum(axis=-1))
