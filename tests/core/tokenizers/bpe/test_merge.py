import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from circuit_explainer.core.tokenizers.bpe.merge import merge


def slow_merge(tokens: list[int], ranks: dict[tuple[int, int], tuple[int, int]]) -> list[int]:
    """One merge at a time: the pair of lowest rank, the leftmost of equals."""
    word = list(tokens)
    while True:
        found = [(ranks[pair], at) for at, pair in enumerate(itertools.pairwise(word)) if pair in ranks]
        if not found:
            return word
        (_, joined), at = min(found, key=lambda item: (item[0][0], item[1]))
        word[at : at + 2] = [joined]


def test_order_and_ties() -> None:
    ranks = {(0, 1): (1, 10), (1, 0): (0, 11), (10, 10): (2, 12)}
    assert merge([0, 1, 0, 1], ranks) == [0, 11, 1]
    assert merge([0, 0, 0], {(0, 0): (0, 1)}) == [1, 0]
    assert merge([], {}) == []
    assert merge([5], ranks) == [5]


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.integers(0, 2), max_size=30),
    # Most pairs are merged into something, so that each merge makes others fall away and new ones possible.
    st.permutations([(a, b) for a in range(6) for b in range(6)]).flatmap(
        lambda pairs: st.fixed_dictionaries({pair: st.integers(3, 5) for pair in pairs[:28]})
    ),
)
def test_the_slow_way_gives_the_same(tokens: list[int], joined: dict[tuple[int, int], int]) -> None:
    # Any order of merges, also such as no training gives.
    ranks = {pair: (rank, token) for rank, (pair, token) in enumerate(joined.items())}
    assert merge(tokens, ranks) == slow_merge(tokens, ranks)
