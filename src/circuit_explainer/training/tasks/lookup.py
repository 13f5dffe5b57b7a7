"""Finding again what the sequence itself has shown, by name or by place."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from circuit_explainer.training import checks
from circuit_explainer.training.tasks.task import Batch, Task, cut, shuffled


@dataclass(frozen=True)
class AssociativeRecall(Task):
    """BOS, then pairs of a key and its value, all keys different; then keys of these again, each with its value.

    Keys are the lower half of the symbols, values the upper. What counts is the value after a key that was asked. Best
    loss there: 0. Knowing which symbols are values gives ``ln(number of values)``, and guessing among those shown not
    much less than ``ln(pairs)``; all in nats.

    Source: the task of Ba et al. (2016), with several questions.

    Args:
        pairs: how many pairs are shown; the rest of the sequence asks.

    Raises:
        ValueError: ``pairs`` is no whole number of at least 1.
    """

    pairs: int

    def __post_init__(self) -> None:
        super().__post_init__()
        checks.whole("pairs", self.pairs, least=1)

    def check(self, length: int, d_vocab: int) -> None:
        """There must be a key for each pair, and room for one question.

        Raises:
            ValueError: there is not.
        """
        most = min((d_vocab - 1) // 2, (length - 3) // 2)
        if self.pairs > most:
            raise ValueError(
                f"pairs must be at most {most}, so that d_vocab={d_vocab} has as many keys and one question fits "
                f"behind them in {length} tokens; got pairs={self.pairs}."
            )

    def draw(self, rng: np.random.Generator, batch: int, length: int, d_vocab: int) -> Batch:
        """Values are drawn with repetition, and so are the keys that are asked.

        Raises:
            ValueError: the task does not fit this length or vocabulary.
        """
        self.check(length, d_vocab)
        keys = (d_vocab - 1) // 2
        shown_keys = 1 + shuffled(rng, batch, keys)[:, : self.pairs]
        values = rng.integers(keys + 1, d_vocab, (batch, self.pairs))
        asked = rng.integers(0, self.pairs, (batch, length // 2 - self.pairs))
        order = np.concatenate([np.broadcast_to(np.arange(self.pairs), values.shape), asked], axis=1)
        tokens = np.zeros((batch, 1 + 2 * order.shape[1]), int)
        tokens[:, 1::2] = np.take_along_axis(shown_keys, order, axis=1)
        tokens[:, 2::2] = np.take_along_axis(values, order, axis=1)
        counted = np.zeros(tokens.shape, bool)
        counted[:, 2 + 2 * self.pairs :: 2] = True
        return cut(tokens, counted, length)


@dataclass(frozen=True)
class Copying(Task):
    """BOS, some random symbols, a separator, the same symbols again, and separators to the end.

    Everything stands at a fixed place, so one layer that looks back by position solves it: where ``RepeatedBlocks``
    needs an induction head, this does not. What counts is the copy. Best loss there: 0; without looking back,
    ``ln(d_vocab - 2)`` nats.

    Source: the copy task of Graves et al. (2014).

    Args:
        size: how many symbols are copied. The separator is the last symbol, ``d_vocab - 1``, and is never drawn.

    Raises:
        ValueError: ``size`` is no whole number of at least 1.
    """

    size: int

    def __post_init__(self) -> None:
        super().__post_init__()
        checks.whole("size", self.size, least=1)

    def check(self, length: int, d_vocab: int) -> None:
        """The symbols must fit twice, and one must be left beside BOS and separator.

        Raises:
            ValueError: they do not, or none is.
        """
        if self.size > (length - 2) // 2 or d_vocab < 3:
            raise ValueError(
                f"size must be at most {(length - 2) // 2}, so that BOS, separator and the symbols twice fit into "
                f"{length} tokens, and d_vocab at least 3; got size={self.size}, d_vocab={d_vocab}."
            )

    def draw(self, rng: np.random.Generator, batch: int, length: int, d_vocab: int) -> Batch:
        """Symbols are drawn with repetition.

        Raises:
            ValueError: the task does not fit this length or vocabulary.
        """
        self.check(length, d_vocab)
        tokens = np.full((batch, length), d_vocab - 1)
        tokens[:, 0] = 0
        tokens[:, 1 : 1 + self.size] = rng.integers(1, d_vocab - 1, (batch, self.size))
        copy = slice(2 + self.size, 2 + 2 * self.size)
        tokens[:, copy] = tokens[:, 1 : 1 + self.size]
        counted = np.zeros(tokens.shape, bool)
        counted[:, copy] = True
        return cut(tokens, counted, length)
