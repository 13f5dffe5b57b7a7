import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import circuit_explainer
from circuit_explainer.circuits import (
    RepeatedTokens,
    copying_eigenvalues,
    copying_of_run,
    repeated_tokens,
    scores,
    zero_heads,
)
from circuit_explainer.circuits.repeats import some_repeats
from circuit_explainer.circuits.table import SCORES
from circuit_explainer.core import Transformer

RNG = np.random.default_rng(0)


def random_pattern(*lead: int, pos: int) -> Any:
    """Causal rows that sum to one."""
    drawn = np.tril(RNG.random((*lead, pos, pos)))
    return drawn / drawn.sum(axis=-1, keepdims=True)


def detect_head(pattern: Any, tokens: Any) -> float:
    """TransformerLens's ``detect_head`` for induction, with its measure "mul" (tests/parity compares the two)."""
    return float((pattern * scores.induction_targets(tokens)).sum() / pattern.sum())


def slow(score: str, pattern: Any, tokens: Any, queries: Any = None) -> float:
    """One row and one key at a time, from the sentences of the definitions."""
    rows = []
    for i in range(len(tokens)):
        if score in ("previous_token", "current_token", "first_token"):
            if i >= 1:
                rows.append(pattern[i][{"previous_token": i - 1, "current_token": i, "first_token": 0}[score]])
            continue
        if score == "duplicate_token":
            targets = [j for j in range(i) if tokens[j] == tokens[i]]
        else:
            targets = [j for j in range(1, i + 1) if j - 1 < i and tokens[j - 1] == tokens[i]]
        if targets if queries is None else queries[i]:
            rows.append(sum(pattern[i][j] for j in targets))
    return sum(rows) / len(rows) if rows else math.nan


def test_scores_of_a_whole_batch_of_heads_at_once() -> None:
    pattern, tokens = random_pattern(2, 3, pos=7), RNG.integers(0, 4, (2, 7))
    whole = scores.induction(pattern, tokens[:, None])
    assert whole.shape == (2, 3)
    for b, h in np.ndindex(2, 3):
        assert whole[b, h] == pytest.approx(slow("induction", pattern[b, h], tokens[b]), rel=1e-12)


def test_induction_by_hand_in_a_small_case() -> None:
    # BOS a b a b: the second a looks at the first b (2), the second b at the a after the first b (3).
    tokens = np.array([0, 1, 2, 1, 2])
    targets = scores.induction_targets(tokens)
    assert [tuple(map(int, at)) for at in np.argwhere(targets)] == [(3, 2), (4, 3)]
    perfect = np.eye(5)
    perfect[3], perfect[4] = np.eye(5)[2], np.eye(5)[3]
    assert scores.induction(perfect, tokens) == 1
    assert scores.induction(np.eye(5), tokens) == 0


def test_several_targets_are_summed_and_a_token_may_be_its_own_target() -> None:
    # a a a: the second a has one target, itself; the third has two, the second and itself.
    assert scores.induction(np.tril(np.ones((3, 3))), np.array([1, 1, 1])) == (1 + 2) / 2


def test_queries_count_even_without_a_target() -> None:
    tokens = np.array([0, 1, 2, 1, 3])
    pattern = np.tril(np.ones((5, 5)))
    assert scores.induction(pattern, tokens) == 1
    assert scores.induction(pattern, tokens, np.array([0, 0, 0, 1, 1], bool)) == 0.5


def test_nothing_to_score_is_nan() -> None:
    assert math.isnan(scores.induction(np.eye(3), np.array([0, 1, 2])))
    assert math.isnan(scores.previous_token(np.eye(1)))


@pytest.mark.parametrize("block", [0, -1, 1.5, "2"])
def test_a_stripe_has_a_block(block: Any) -> None:
    with pytest.raises(ValueError, match=f"^block must be a whole number of at least 1; got block={block!r}"):
        scores.stripe(np.eye(4), block)


@pytest.mark.parametrize("block", [2, 5, 50])
def test_what_a_perfect_head_gets_by_each_measure(block: int) -> None:
    tokens = repeated_tokens(100, 200, 1, block=block).tokens[0]
    targets = scores.induction_targets(tokens).astype(float)
    elsewhere = targets.copy()
    targets[~targets.any(axis=1), 0] = 1
    # A mean is a sum of shares, which float64 rounds: 50 times 1 / 50 need not be 1.
    assert scores.induction(targets, tokens) == pytest.approx(1, rel=1e-12)
    assert scores.stripe(targets, block) == pytest.approx((block + 1) / (block + 2))
    # One that rests on itself, not on BOS.
    nothing = np.flatnonzero(~elsewhere.any(axis=1))
    elsewhere[nothing, nothing] = 1
    assert scores.stripe(elsewhere, block) == pytest.approx(block / (block + 2))
    assert detect_head(targets, tokens) == pytest.approx(block / (2 * block + 1))


def test_head_table_of_a_model(any_model: Transformer) -> None:
    model = any_model
    given = repeated_tokens(13, 11, batch=3)
    rows = scores.head_scores(model, given)
    heads = range(model.cfg.n_heads)
    assert [(row.layer, row.head) for row in rows] == [(layer, head) for layer in range(3) for head in heads]
    _, cache = model.run_with_cache(given.tokens)
    copying, eigenvalues = copying_of_run(model, cache, given.tokens), copying_eigenvalues(model)
    for row in rows:
        patterns = cache["pattern", row.layer][:, row.head]
        for name in ("previous_token", "current_token", "first_token", "duplicate_token", "induction"):
            queries = given.in_repeats if name == "induction" else None
            mean = np.mean([slow(name, patterns[b], given.tokens[b], queries) for b in range(3)])
            assert getattr(row, name) == pytest.approx(mean, rel=1e-9)
        assert row.stripe == pytest.approx(np.mean([scores.stripe(pattern, 5) for pattern in patterns]), rel=1e-9)
        assert row.copying == pytest.approx(copying[:, row.layer, row.head].mean(), rel=1e-9)
        assert row.copying_eigenvalues == eigenvalues[row.layer, row.head]
    assert circuit_explainer.scores(model) == scores.head_scores(model)


def test_induction_counts_in_the_repeats_alone_where_tokens_recur_before(
    make_model: Callable[..., Transformer],
) -> None:
    model, given = make_model(), repeated_tokens(4, 11, batch=3)
    _, cache = model.run_with_cache(given.tokens)
    assert scores.induction_targets(given.tokens)[:, :6].any()
    for row in scores.head_scores(model, given):
        patterns = cache["pattern", row.layer][:, row.head]
        mean = np.mean([slow("induction", patterns[b], given.tokens[b], given.in_repeats) for b in range(3)])
        assert row.induction == pytest.approx(mean, rel=1e-9)


def test_by_default_a_few_sequences_are_read_in_one_run(
    make_model: Callable[..., Transformer], monkeypatch: pytest.MonkeyPatch
) -> None:
    model, runs = make_model(n_ctx=200), []
    run = Transformer.run_in_steps

    def counted(self: Transformer, tokens: Any, *rest: Any) -> Any:
        runs.append(tokens.shape)
        return run(self, tokens, *rest)

    monkeypatch.setattr(Transformer, "run_in_steps", counted)
    assert scores.head_scores(model) == scores.head_scores(model, some_repeats(model, scores.SEQUENCES))
    assert runs == [(3, 63)] * 2


def test_scores_under_an_intervention(make_model: Callable[..., Transformer]) -> None:
    model = make_model()
    before, after = scores.head_scores(model), scores.head_scores(model, fwd_hooks=zero_heads(model.cfg, [(0, 1)]))
    for name in SCORES[:-2]:
        # Layer 0 reads nothing of what the head writes, layer 1 does.
        np.testing.assert_array_equal(after.column(name)[0], before.column(name)[0])
        if name != "first_token":
            assert (after.column(name)[1] != before.column(name)[1]).all()


def test_a_block_of_one_token(make_model: Callable[..., Transformer]) -> None:
    table = scores.head_scores(make_model(), RepeatedTokens(np.array([[0, 1, 1]]), 1))
    assert np.isfinite(table.column("induction")).all()


def test_a_table_in_steps_is_the_same(any_model: Transformer) -> None:
    steps, told = scores.scoring(any_model), []
    while True:
        try:
            told.append(next(steps))
        except StopIteration as done:
            table = done.value
            break
    # It goes from nothing to all, never back.
    assert [at for at, _ in told] == sorted(at for at, _ in told)
    assert told[0][0] == 0
    assert told[-1][0] == told[-1][1]
    expected = scores.head_scores(any_model)
    for name in SCORES:
        np.testing.assert_array_equal(table.column(name), expected.column(name))


def test_a_hook_behind_the_layers_is_met(make_model: Callable[..., Transformer]) -> None:
    met: list[str] = []

    def meet(out: Any, hook: Any) -> Any:
        met.append(hook.name)
        return out

    scores.head_scores(make_model(), fwd_hooks=[("unembed.hook_out", meet)])
    assert met == ["unembed.hook_out"]
