import dataclasses
import itertools
import json
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from circuit_explainer.training import (
    AssociativeRecall,
    Copying,
    MarkovText,
    ModularAddition,
    RepeatedBlocks,
    Task,
    repeated_blocks,
)

TASKS = [
    RepeatedBlocks((2, 7)), AssociativeRecall(3), Copying(5), ModularAddition(5), ModularAddition(7, share=0.6),
    ModularAddition(7, share=0.6, split=3, held_out=True), MarkovText(), MarkovText(seed=4, concentration=2.0),
]  # fmt: skip


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


@pytest.mark.parametrize("task", TASKS, ids=str)
@pytest.mark.parametrize("length", [16, 17, 19])
def test_a_task_is_a_pure_function_that_gives_what_it_promises(task: Task, length: int) -> None:
    first, second = (task.draw(rng(3), 4, length, 11) for _ in range(2))
    np.testing.assert_array_equal(first.tokens, second.tokens)
    np.testing.assert_array_equal(first.counted, second.counted)
    assert first.tokens.shape == (4, length)
    assert first.counted.shape == (4, length - 1)
    assert first.counted.dtype == bool
    assert first.counted.any(axis=1).all()
    assert set(first.tokens.flat) <= set(range(11))
    assert (first.tokens[:, 0] == 0).all()
    assert (first.tokens[:, 1:] > 0).all()
    assert (task.draw(rng(4), 4, length, 11).tokens != first.tokens).any()


@pytest.mark.parametrize("task", TASKS, ids=str)
def test_a_task_is_data(task: Task) -> None:
    fields = json.loads(json.dumps(dataclasses.asdict(task)))
    assert fields["kind"] == type(task).__name__
    assert Task.from_dict(fields) == task


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"kind": "Guessing"}, "There is no task 'Guessing'; the tasks are AssociativeRecall, "),
        ({}, "There is no task None; "),
        ({"kind": {}}, "There is no task {}; "),
        ({"kind": "Copying", "size": 3, "depth": 1}, "Copying has the fields size; got size, depth."),
        ({"kind": "Copying"}, "Copying has the fields size; got none."),
        (None, "A task must be a JSON object; got NoneType."),
    ],
)
def test_what_is_no_task(fields: Any, said: str) -> None:
    with pytest.raises(ValueError, match=f"^{said}"):
        Task.from_dict(fields)


def test_blocks_repeat_behind_a_random_prefix() -> None:
    length, blocks = 21, (2, 10)
    batch = repeated_blocks(rng(), 2000, length, 1000, blocks)
    assert (batch.tokens[:, 0] == 0).all()
    assert (batch.tokens[:, 1:] > 0).all()
    seen = set()
    for tokens, repeats in zip(batch.tokens, batch.counted, strict=True):
        # With 999 symbols, chance repeats are rare: take the period that explains all marked positions.
        marked = np.flatnonzero(repeats) + 1
        period = next(n for n in range(2, 11) if (tokens[marked] == tokens[marked - n]).all())
        start = marked[0] - 1 - period
        assert marked.tolist() == list(range(start + period + 1, length))
        assert 1 <= start <= length - 2 * period
        assert tokens[start + period] == tokens[start]
        seen.add((period, start))
    assert {period for period, _ in seen} == set(range(2, 11))
    assert {start for period, start in seen if period == 2} == set(range(1, 18))
    assert {start for period, start in seen if period == 10} == {1}


@pytest.mark.parametrize("length", [15, 16])
def test_a_value_stands_behind_its_key_and_counts_when_asked(length: int) -> None:
    batch = AssociativeRecall(4).draw(rng(), 500, length, 12)
    asked_keys = set()
    for tokens, counted in zip(batch.tokens, batch.counted, strict=True):
        shown = dict(tokens[1:9].reshape(4, 2).tolist())
        assert len(shown) == 4
        assert set(shown) <= set(range(1, 6))
        assert set(shown.values()) <= set(range(6, 12))
        questions = tokens[9:].tolist()
        asked_keys.add(list(shown).index(questions[0]))
        assert questions[1::2] == [shown[key] for key in questions[0:-1:2]]
        # The prediction of a value is made where its key stands.
        assert np.flatnonzero(counted).tolist() == list(range(9, length - 1, 2))
    assert asked_keys == {0, 1, 2, 3}


def test_a_copy_counts_and_separators_follow() -> None:
    batch = Copying(4).draw(rng(), 300, 13, 7)
    for tokens, counted in zip(batch.tokens, batch.counted, strict=True):
        assert tokens[[0, 5, 10, 11, 12]].tolist() == [0, 6, 6, 6, 6]
        assert tokens[6:10].tolist() == tokens[1:5].tolist()
        assert (np.flatnonzero(counted) + 1).tolist() == [6, 7, 8, 9]
    assert set(batch.tokens[:, 1:5].flat) == {1, 2, 3, 4, 5}


@pytest.mark.parametrize("length", [5, 9, 11])
def test_sums_wrap_around(length: int) -> None:
    batch = ModularAddition(5).draw(rng(), 400, length, 7)
    met = set()
    for tokens, counted in zip(batch.tokens, batch.counted, strict=True):
        assert (np.flatnonzero(counted) + 1).tolist() == list(range(4, length, 4))
        for end in range(4, length, 4):
            a, b, equals, c = tokens[end - 3 : end + 1].tolist()
            assert equals == 6
            assert c - 1 == (a - 1 + b - 1) % 5
            met.add((a, b))
    assert met == set(itertools.product(range(1, 6), repeat=2))


def test_held_out_sums_are_the_others() -> None:
    def met(**fields: Any) -> set[Any]:
        tokens = ModularAddition(6, **fields).draw(rng(), 2000, 5, 8).tokens
        return {(a, b) for a, b in tokens[:, 1:3].tolist()}

    shown, others = met(share=0.25), met(share=0.25, held_out=True)
    assert len(shown) == 9
    assert not shown & others
    assert len(shown | others) == 36
    assert met(share=0.25, split=1) != shown


def test_markov_text_follows_its_chain_and_has_its_entropies() -> None:
    task, symbols = MarkovText(seed=1), 6
    tokens = task.draw(rng(), 4000, 30, symbols + 1).tokens[:, 1:] - 1
    pairs = np.zeros((symbols, symbols))
    np.add.at(pairs, (tokens[:, :-1].ravel(), tokens[:, 1:].ravel()), 1)
    following, alone = pairs / pairs.sum(axis=1, keepdims=True), pairs.sum(axis=1) / pairs.sum()
    # The first symbols are drawn as any others are, so the text has no beginning that could be told.
    first = np.bincount(tokens[:, 0], minlength=symbols) / len(tokens)
    # 4000 draws: three times the largest standard deviation, 0.008.
    np.testing.assert_allclose(first, alone, atol=0.025)
    surprise = -sum(
        alone[a] * following[a, b] * math.log(following[a, b])
        for a, b in itertools.product(range(symbols), repeat=2) if following[a, b]
    )  # fmt: skip
    # 116 000 pairs; entropies of estimated chances are a little too small.
    assert task.entropy_rate(symbols + 1) == pytest.approx(surprise, abs=0.01)
    assert task.entropy(symbols + 1) == pytest.approx(-(alone * np.log(alone)).sum(), abs=0.01)
    assert task.entropy_rate(symbols + 1) < task.entropy(symbols + 1) < math.log(symbols)
    assert MarkovText(seed=2).entropy_rate(symbols + 1) != task.entropy_rate(symbols + 1)
    # Two symbols back tell nothing that one does not: the second-order surprise is the same.
    triples = np.zeros((symbols,) * 3)
    np.add.at(triples, (tokens[:, :-2].ravel(), tokens[:, 1:-1].ravel(), tokens[:, 2:].ravel()), 1)
    joint = triples / triples.sum()
    given = triples / np.maximum(triples.sum(axis=2, keepdims=True), 1)
    second = -(joint * np.log(np.where(given > 0, given, 1))).sum()
    assert second == pytest.approx(surprise, abs=0.01)


def test_everything_after_the_first_symbol_of_markov_text_counts() -> None:
    counted = MarkovText().draw(rng(), 2, 9, 5).counted
    np.testing.assert_array_equal(counted, np.arange(8)[None].repeat(2, axis=0) > 0)


# In a block of one symbol nothing would be foretold.
@pytest.mark.parametrize(("blocks", "d_vocab"), [((0, 3), 9), ((1, 3), 9), ((4, 3), 9), ((2, 8), 9), ((2, 7), 1)])
def test_impossible_blocks(blocks: tuple[int, int], d_vocab: int) -> None:
    with pytest.raises(ValueError, match=r"2 <= shortest <= longest <= 7, .* in 16 tokens, .*; got \(.*d_vocab="):
        repeated_blocks(rng(), 4, 16, d_vocab, blocks)


@pytest.mark.parametrize(
    ("kind", "fields", "said"),
    [
        (RepeatedBlocks, {"blocks": None}, "blocks must be the shortest and the longest block; got blocks=None"),
        (RepeatedBlocks, {"blocks": (2, 3, 4)}, "blocks must be the shortest and the longest block; got blocks=.2"),
        (RepeatedBlocks, {"blocks": (2, "3")}, "blocks must be a whole number of at least 2; got blocks='3'"),
        (AssociativeRecall, {"pairs": 0}, "pairs must be a whole number of at least 1; got pairs=0"),
        (AssociativeRecall, {"pairs": 2.0}, "pairs must be a whole number of at least 1; got pairs=2.0"),
        (Copying, {"size": True}, "size must be a whole number of at least 1; got size=True"),
        (ModularAddition, {"modulus": 0}, "modulus must be a whole number of at least 1; got modulus=0"),
        (ModularAddition, {"modulus": 7, "share": 1.5}, "share must be .* at least 0 and at most 1; got share=1.5"),
        (ModularAddition, {"modulus": 7, "split": -1}, "split must be a whole number of at least 0; got split=-1"),
        (ModularAddition, {"modulus": 7, "held_out": 1}, "held_out must be True or False; got held_out=1"),
        (MarkovText, {"seed": None}, "seed must be a whole number of at least 0; got seed=None"),
        (MarkovText, {"concentration": -1}, "concentration must be a finite number of at least 0.001; got .*=-1"),
        (MarkovText, {"concentration": math.inf}, "concentration must be a finite number .*=inf"),
    ],
)
def test_impossible_fields(kind: Callable[..., Task], fields: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=f"^{said}"):
        kind(**fields)


@pytest.mark.parametrize("concentration", [0.001, 1e38])
def test_the_chain_at_the_ends_of_what_is_allowed(concentration: float) -> None:
    task = MarkovText(concentration=concentration)
    assert task.draw(rng(), 4, 16, 50).counted.any()
    assert 0 <= task.entropy_rate(50) <= task.entropy(50) <= math.log(49) + 1e-9


@pytest.mark.parametrize(
    ("task", "said"),
    [
        (RepeatedBlocks((2, 8)), r"longest <= 7, .* in 16 tokens, .*; got \(2, 8\)"),
        (AssociativeRecall(5), "at most 4, so that d_vocab=9 .* in 16 tokens; got pairs=5"),
        (Copying(8), "at most 7, .* into 16 tokens, .*; got size=8, d_vocab=9"),
        (ModularAddition(8), "d_vocab=9, modulus=8, 64 pairs"),
        # Before all pairs of so many numbers are made.
        (ModularAddition(10**9), "d_vocab=9, modulus=1000000000, 1000000000000000000 pairs"),
        (ModularAddition(7, held_out=True), "modulus=7, 0 pairs"),
    ],
    ids=str,
)
def test_impossible_tasks(task: Task, said: str) -> None:
    for use in (lambda: task.check(16, 9), lambda: task.draw(rng(), 4, 16, 9)):
        with pytest.raises(ValueError, match=said):
            use()


def test_tasks_that_do_not_fit_the_smallest_sizes() -> None:
    with pytest.raises(ValueError, match="got length=2, d_vocab=9"):
        MarkovText().draw(rng(), 4, 2, 9)
    with pytest.raises(ValueError, match="got length=4, d_vocab=9"):
        ModularAddition(3).draw(rng(), 4, 4, 9)
