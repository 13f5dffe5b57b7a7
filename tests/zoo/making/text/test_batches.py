import dataclasses
import itertools

import numpy as np
import pytest

from circuit_explainer.core import CharTokenizer
from circuit_explainer.zoo.making.text import batches
from circuit_explainer.zoo.making.text.recipe import TEXT_0L, TEXT_2L

N_CTX = TEXT_2L.config.n_ctx
# A text in which every character differs from its neighbours and none of the windows is another's.
TEXT = np.random.default_rng(1).integers(1, 97, 200_000)


def rows_that_repeat(batch: np.ndarray) -> int:
    """How many rows hold eight characters a second time."""
    found = 0
    for row in batch.tolist():
        runs = [tuple(row[at : at + 8]) for at in range(1, N_CTX - 8)]
        found += len(set(runs)) < len(runs)
    return found


def test_numbers_are_those_of_the_tokenizer() -> None:
    text = "To be,\nor not to be ~"
    assert [0, *batches.numbers(text.encode())] == CharTokenizer(64).to_tokens(text)[0].tolist()


def test_one_piece_of_fifty_is_held_out_whole() -> None:
    tokens = np.arange(batches.PIECE * 120 + 5)
    learned, held = batches.split(tokens)
    assert len(held) == 2 * batches.PIECE
    assert sorted({*held // batches.PIECE}) == [25, 75]
    assert not set(learned // batches.PIECE) & {25, 75}
    assert len(learned) + len(held) == len(tokens)


def test_windows_begin_with_bos_and_lose_nothing_but_the_end() -> None:
    cut = batches.windows(np.arange(1, 24), 6)
    assert cut.tolist() == [[0, *range(n, n + 5)] for n in (1, 6, 11, 16)]


def test_batches_go_from_repeats_to_text() -> None:
    recipe = dataclasses.replace(TEXT_2L, steps=60, alone=10, mixing=20)
    rng = np.random.default_rng(0)
    drawn = list(batches.batches(recipe, TEXT, rng))
    assert len(drawn) == 60
    for batch, counted in drawn:
        assert batch.shape == (recipe.batch, N_CTX)
        assert counted.shape == (recipe.batch, N_CTX - 1)
        assert (batch[:, 0] == 0).all()
        assert batch[:, 1:].min() >= 1
        assert batch.max() < recipe.config.d_vocab
    first, last = drawn[0], drawn[-1]
    assert ((first[1] == 1) | (first[1] == recipe.unpredictable)).all()
    assert (first[1] == recipe.unpredictable).any(axis=1).all()
    symbols = round(recipe.batch * recipe.repeats)
    copies = int((recipe.batch - symbols) * recipe.copies)
    assert (last[1] < 1).any(axis=1).sum() == symbols
    # Repeats of one or two symbols are counted too by the eight characters; the rest is plain text.
    assert copies <= rows_that_repeat(last[0][: recipe.batch - symbols]) <= copies + 1
    plain = last[0][recipe.batch - symbols - 1, 1:]
    assert plain.tobytes() in TEXT.tobytes()


def test_the_share_of_repeats_falls_to_its_floor_and_the_rate_to_its_last() -> None:
    recipe = dataclasses.replace(TEXT_2L, steps=1000, alone=100, mixing=200, repeats=0.25)
    shares = [recipe.share(step) for step in range(1000)]
    assert shares[:101] == [1.0] * 101
    assert shares[200] == pytest.approx(0.5)
    assert shares[251:] == [0.25] * 749
    assert all(a >= b for a, b in itertools.pairwise(shares))
    rates = [recipe.rate(step) for step in range(1000)]
    assert rates[0] < rates[recipe.warmup - 1]
    assert max(rates) <= recipe.lr
    assert rates[-1] == pytest.approx(recipe.lr * recipe.last, rel=0.01)


def test_the_model_without_layers_sees_text_alone() -> None:
    recipe = dataclasses.replace(TEXT_0L, steps=5)
    assert [recipe.share(step) for step in range(5)] == [0.0] * 5
    for batch, counted in batches.batches(recipe, TEXT, np.random.default_rng(0)):
        assert (counted == 1).all()
        assert all(row[1:].tobytes() in TEXT.tobytes() for row in batch)
