"""Random symbols in which only repetition can be predicted.

After the repeated random sequences of Olsson et al. (2022). The random prefix is ours: when the block always
begins at the same place, the previous-token head stays half-learned.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from circuit_explainer.training import checks
from circuit_explainer.training.tasks.task import Batch, Task


@dataclass(frozen=True)
class RepeatedBlocks(Task):
    """BOS, a random prefix of random length, then a random block of random length tiled to the end.

    Best loss on what counts: near 0, since induction tells it; not quite, because a symbol that happens to come twice
    before the block repeats looks like a repeat too. Elsewhere nothing is better than guessing: ``ln(d_vocab - 1)``
    nats.

    Source: the repeated random tokens of Olsson et al. (2022); the random prefix is ours.

    Args:
        blocks: shortest and longest block.

    Raises:
        ValueError: ``blocks`` is not a pair of whole numbers of at least 2.
    """

    blocks: tuple[int, int]

    def __post_init__(self) -> None:
        super().__post_init__()
        if not isinstance(self.blocks, tuple) or len(self.blocks) != 2:
            raise ValueError(f"blocks must be the shortest and the longest block; got blocks={self.blocks!r:.100}.")
        for size in self.blocks:
            checks.whole("blocks", size, least=2)

    def check(self, length: int, d_vocab: int) -> None:
        """The longest block must fit twice.

        Raises:
            ValueError: it does not, or the limits are in the wrong order.
        """
        _check(length, d_vocab, self.blocks)

    def draw(self, rng: np.random.Generator, batch: int, length: int, d_vocab: int) -> Batch:
        """See ``repeated_blocks``.

        Raises:
            ValueError: the task does not fit this length or vocabulary.
        """
        return repeated_blocks(rng, batch, length, d_vocab, self.blocks)


def repeated_blocks(rng: np.random.Generator, batch: int, length: int, d_vocab: int, blocks: tuple[int, int]) -> Batch:
    """What ``RepeatedBlocks`` draws: from the second symbol of the first repeat on, every position counts.

    Short prefixes and blocks come more often than long ones.

    Source: the repeated random tokens of Olsson et al. (2022); the random prefix is ours.

    Args:
        rng: source of everything random.
        batch: number of sequences.
        length: tokens of each, BOS among them.
        d_vocab: symbols, of which 0 is BOS and never drawn.
        blocks: shortest and longest block.

    Returns:
        ``tokens [batch, length]`` and ``counted [batch, length - 1]``.

    Raises:
        ValueError: the longest block does not fit twice behind BOS, the limits are in the wrong order, or there is no
            symbol to draw.
    """
    _check(length, d_vocab, blocks)
    shortest, longest = blocks
    # Squares of even draws, so that short blocks and early starts, as in a reader's short text, are common.
    block = shortest + ((longest + 1 - shortest) * rng.random((batch, 1)) ** 2).astype(int)
    start = 1 + ((length - 2 * block) * rng.random((batch, 1)) ** 2).astype(int)
    at = np.arange(length)[None]
    drawn = rng.integers(1, d_vocab, (batch, length))
    source = np.where(at < start + block, at, start + (at - start) % block)
    tokens = np.take_along_axis(drawn, source, axis=1)
    tokens[:, 0] = 0
    return Batch(tokens, at[:, 1:] > start + block)


def _check(length: int, d_vocab: int, blocks: tuple[int, int]) -> None:
    shortest, longest = blocks
    # In a block of a single symbol nothing is foretold: what counts begins with the repeat's second.
    if not 2 <= shortest <= longest or 2 * longest + 1 > length or d_vocab < 2:
        raise ValueError(
            f"blocks must be 2 <= shortest <= longest <= {(length - 1) // 2}, so that a block fits twice behind "
            f"BOS in {length} tokens, and d_vocab at least 2; got {blocks}, d_vocab={d_vocab}."
        )
