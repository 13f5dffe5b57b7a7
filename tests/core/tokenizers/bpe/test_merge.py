from circuit_explainer.core.tokenizers.bpe.merge import merge


def test_order_and_ties() -> None:
    ranks = {(0, 1): (1, 10), (1, 0): (0, 11), (10, 10): (2, 12)}
    assert merge([0, 1, 0, 1], ranks) == [0, 11, 1]
    assert merge([0, 0, 0], {(0, 0): (0, 1)}) == [1, 0]
    assert merge([], {}) == []
    assert merge([5], ranks) == [5]
