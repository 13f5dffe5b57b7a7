"""Addition that wraps around, on which models first learn by heart and later by rule (Power et al., 2022)."""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np

from circuit_explainer.core.arrays import Array
from circuit_explainer.training import checks
from circuit_explainer.training.tasks.task import Batch, Task, cut


@dataclass(frozen=True)
class ModularAddition(Task):
    """BOS, then sums ``a b = c`` with ``c = (a + b) mod modulus``, one behind the other.

    The number ``n`` is token ``n + 1``, the sign ``=`` is token ``modulus + 1``. What counts is ``c``. Best loss there:
    0; guessing gives ``ln(modulus)`` nats. Only part of all pairs ``a, b`` may be shown: with the others,
    ``held_out``, one sees whether the rule was learned.

    Source: Power et al. (2022); pairs that are held out as in Nanda et al. (2023).

    Args:
        modulus: how many numbers there are.
        share: which part of all ``modulus²`` pairs is drawn from, chosen by ``split``.
        split: seed of this choice.
        held_out: draw from the other pairs instead.

    Raises:
        ValueError: a value is impossible; the sentence gives it.
    """

    modulus: int
    share: float = 1.0
    split: int = 0
    held_out: bool = False

    def __post_init__(self) -> None:
        super().__post_init__()
        checks.whole("modulus", self.modulus, least=1)
        checks.number("share", self.share, high=1)
        checks.whole("split", self.split)
        checks.switch("held_out", self.held_out)

    def check(self, length: int, d_vocab: int) -> None:
        """One sum must fit, every number have a token, and there be a pair to draw.

        Raises:
            ValueError: one of these fails.
        """
        shown = _shown(self.modulus, self.share)
        pairs = self.modulus**2 - shown if self.held_out else shown
        if length < 5 or d_vocab < self.modulus + 2 or not pairs:
            raise ValueError(
                "ModularAddition needs length of at least 5, d_vocab of at least modulus + 2 and a pair to draw; got "
                f"length={length}, d_vocab={d_vocab}, modulus={self.modulus}, {pairs} pairs."
            )

    def draw(self, rng: np.random.Generator, batch: int, length: int, d_vocab: int) -> Batch:
        """As many whole sums as fit, and the beginning of one more.

        Raises:
            ValueError: the task does not fit this length or vocabulary.
        """
        self.check(length, d_vocab)
        pairs = _pairs(self.modulus, self.share, self.split, self.held_out)
        sums = -(-(length - 1) // 4)
        a, b = np.divmod(pairs[rng.integers(0, len(pairs), (batch, sums))], self.modulus)
        equals = np.full_like(a, self.modulus)
        rows = np.stack([a, b, equals, (a + b) % self.modulus], axis=-1) + 1
        tokens = np.concatenate([np.zeros((batch, 1), int), rows.reshape(batch, -1)], axis=1)
        counted = np.zeros(tokens.shape, bool)
        counted[:, 4::4] = True
        return cut(tokens, counted, length)


@functools.lru_cache(maxsize=8)
def _pairs(modulus: int, share: float, split: int, held_out: bool) -> Array:
    order = np.random.default_rng(split).permutation(modulus * modulus)
    shown = _shown(modulus, share)
    return order[shown:] if held_out else order[:shown]


def _shown(modulus: int, share: float) -> int:
    return round(share * modulus * modulus)
