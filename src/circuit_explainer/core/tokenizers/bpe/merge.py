"""Joining the pairs of a word, the earliest-learned first (Sennrich et al., 2016)."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Mapping

# A pair of tokens -> its rank (the smaller, the earlier it was learned) and the token it becomes.
Ranks = Mapping[tuple[int, int], tuple[int, int]]


def merge(tokens: list[int], ranks: Ranks) -> list[int]:
    """The tokens after all merges: always the pair of lowest rank, the leftmost of equals.

    A heap and links between neighbours keep a word of n signs at about n log n steps, so that no text can hang it.
    """
    word = list(tokens)
    before, after = list(range(-1, len(word) - 1)), [*range(1, len(word)), -1]
    found = [(at, ranks[pair]) for at, pair in enumerate(itertools.pairwise(word)) if pair in ranks]
    heap = [(rank, at, joined) for at, (rank, joined) in found]
    heapq.heapify(heap)
    while heap:
        rank, at, joined = heapq.heappop(heap)
        right = after[at]
        # The pair may have gone since it was noted: -1 stands where a token went into its left neighbour.
        if word[at] < 0 or right < 0 or ranks.get((word[at], word[right])) != (rank, joined):
            continue
        word[at], word[right], after[at] = joined, -1, after[right]
        if after[at] >= 0:
            before[after[at]] = at
        for left in (before[at], at):
            if left >= 0 and after[left] >= 0:
                pair = ranks.get((word[left], word[after[left]]))
                if pair:
                    heapq.heappush(heap, (pair[0], left, pair[1]))
    return [token for token in word if token >= 0]
