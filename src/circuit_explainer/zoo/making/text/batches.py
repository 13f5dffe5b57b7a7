"""What models of English see: windows of text, some with a passage that comes again, and repeated random symbols."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from circuit_explainer.core.arrays import Array
from circuit_explainer.training.tasks import repeated_blocks
from circuit_explainer.zoo.making.text.recipe import TextRecipe

# Of every 50 pieces of so many characters, one is held out: a sample of every work, and no window reaches into it.
PIECE, OF = 8192, 50


def numbers(text: bytes) -> Array:
    """The tokens of a text without BOS, as ``core.CharTokenizer`` gives them: 1 the line end, 2 the space …"""
    codes = np.frombuffer(text, np.uint8).astype(np.int64)
    return np.where(codes == 10, 1, codes - 30)


def split(tokens: Array) -> tuple[Array, Array]:
    """The tokens to learn from, and those held out."""
    held = np.arange(len(tokens)) // PIECE % OF == OF // 2
    return tokens[~held], tokens[held]


def windows(tokens: Array, n_ctx: int) -> Array:
    """A text cut into sequences of BOS and ``n_ctx - 1`` tokens ``[b, p]``; the rest at the end is left out."""
    number = len(tokens) // (n_ctx - 1)
    cut = tokens[: number * (n_ctx - 1)].reshape(number, n_ctx - 1)
    return np.concatenate([np.zeros((number, 1), cut.dtype), cut], axis=1)


def batches(recipe: TextRecipe, tokens: Array, rng: np.random.Generator) -> Iterator[tuple[Array, Array]]:
    """Sequences ``[b, p]`` for step after step, and how much the prediction of each next token counts ``[b, p-1]``."""
    n_ctx, rows = recipe.config.n_ctx, recipe.batch
    for step in range(recipe.steps):
        random_rows = round(rows * recipe.share(step))
        starts = rng.integers(0, len(tokens) - n_ctx, (rows, 1))
        batch = tokens[starts + np.arange(n_ctx)]
        counted = np.ones((rows, n_ctx - 1))
        for row in batch[: int((rows - random_rows) * recipe.copies)]:
            _say_again(row, rng)
        if random_rows:
            made = repeated_blocks(rng, random_rows, n_ctx, recipe.config.d_vocab, recipe.blocks)
            batch[-random_rows:] = made.tokens
            counted[-random_rows:] = np.where(made.counted, 1.0, recipe.unpredictable)
        batch[:, 0] = 0
        yield batch, counted


def _say_again(row: Array, rng: np.random.Generator) -> None:
    """Write a passage of a row a second time, further on in it."""
    length = rng.integers(6, len(row) // 3)
    first = rng.integers(1, len(row) - 2 * length)
    second = rng.integers(first + length, len(row) - length + 1)
    row[second : second + length] = row[first : first + length].copy()
