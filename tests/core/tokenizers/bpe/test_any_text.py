"""Any text, any tokens and any merges; apart, since hypothesis does not run in the browser."""

import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from circuit_explainer.core.tokenizers.bpe.merge import merge
from tests.core.tokenizers.bpe.test_library import both
from tests.core.tokenizers.bpe.texts import HARD
from tests.core.tokenizers.bpe.variants import VARIANTS

# Characters that came after this Python's Unicode tables are of no kind here and of some kind in the library.
TEXT = st.text(
    st.characters(blacklist_categories=["Cs", "Cn"]) | st.sampled_from(" \n\t'aéſ0¼²!▁Ġ\u0301\u00a0\x85\x1c")
)


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(sorted(VARIANTS)), TEXT | st.lists(st.sampled_from(HARD) | TEXT, max_size=3).map("".join))
def test_any_text(name: str, text: str) -> None:
    theirs, mine = both(name)
    expected = theirs.encode(text, add_special_tokens=False).ids
    assert mine.encode(text) == expected
    assert mine.decode(expected) == theirs.decode(expected, skip_special_tokens=False)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(["gpt2", "smollm", "llama3"]), st.text(st.characters(blacklist_categories=["Cs"])))
def test_any_text_comes_back(name: str, text: str) -> None:
    assert both(name)[1].decode(both(name)[1].encode(text)) == text


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(sorted(VARIANTS)), st.data())
def test_any_tokens_decode_as_in_the_library(name: str, data: st.DataObject) -> None:
    theirs, mine = both(name)
    tokens = data.draw(st.lists(st.integers(0, theirs.get_vocab_size() - 1), max_size=20))
    assert mine.decode(tokens) == theirs.decode(tokens, skip_special_tokens=False)


def slow_merge(tokens: list[int], ranks: dict[tuple[int, int], tuple[int, int]]) -> list[int]:
    """One merge at a time: the pair of lowest rank, the leftmost of equals."""
    word = list(tokens)
    while True:
        found = [(ranks[pair], at) for at, pair in enumerate(itertools.pairwise(word)) if pair in ranks]
        if not found:
            return word
        (_, joined), at = min(found, key=lambda item: (item[0][0], item[1]))
        word[at : at + 2] = [joined]


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
