import itertools
import math

import numpy as np
import pytest

from circuit_explainer.zoo.making.text import bigrams


def test_the_table_equals_counting_pair_by_pair() -> None:
    tokens = np.random.default_rng(0).integers(1, 5, 300)
    pairs = bigrams.counted(tokens, 5)
    assert pairs.shape == (5, 5)
    text = tokens.tolist()
    for a in range(1, 5):
        assert pairs[a].tolist() == [sum((x, y) == (a, b) for x, y in itertools.pairwise(text)) for b in range(5)]
    # Any character may stand behind BOS.
    assert pairs[0].tolist() == [text.count(b) for b in range(5)]


def test_its_loss_is_that_of_counts_plus_one() -> None:
    pairs = np.array([[0, 4, 4], [0, 1, 3], [0, 0, 0]])
    unseen = np.array([[0, 1, 2], [0, 2, 1]])
    chances = [5 / 11, 4 / 7, 5 / 11, 1 / 3]
    assert bigrams.loss(pairs, unseen) == pytest.approx(-sum(map(math.log, chances)) / 4)
