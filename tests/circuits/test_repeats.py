import math
import re
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pytest

from circuit_explainer.circuits import ablate_each, ablation_test, composition_test, head_scores, repeats, zero_heads
from circuit_explainer.core import Transformer


def test_repeated_tokens() -> None:
    given = repeats.repeated_tokens(d_vocab=13, n_ctx=11, batch=200, seed=1)
    assert given.tokens.shape == (200, 11)
    assert given.block == 5
    assert given.in_repeats.tolist() == [False] * 6 + [True] * 5
    assert (given.tokens[:, 0] == 0).all()
    np.testing.assert_array_equal(given.tokens[:, 1:6], given.tokens[:, 6:])
    assert set(given.tokens[:, 1:].flat) == set(range(1, 13))
    assert all(len(set(row)) == 5 for row in given.tokens[:, 1:6])
    np.testing.assert_array_equal(repeats.repeated_tokens(13, 11, 200, 1).tokens, given.tokens)
    assert (repeats.repeated_tokens(13, 11, 200, 2).tokens != given.tokens).any()


def test_repeated_tokens_from_few_symbols_and_another_bos() -> None:
    given = repeats.repeated_tokens(d_vocab=4, n_ctx=32, batch=50, bos=2, repeats=3)
    assert given.tokens.shape == (50, 31)
    assert set(given.tokens[:, 1:].flat) == {0, 1, 3}
    assert (given.tokens[:, 0] == 2).all()


@pytest.mark.parametrize(("d_vocab", "n_ctx", "copies"), [(1, 11, 2), (13, 2, 2), (13, 11, 1)])
def test_impossible_repeats(d_vocab: int, n_ctx: int, copies: int) -> None:
    with pytest.raises(ValueError, match=rf"got d_vocab={d_vocab}, repeats={copies}, .*n_ctx={n_ctx}"):
        repeats.repeated_tokens(d_vocab, n_ctx, repeats=copies)


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"batch": 0}, "batch must be a whole number of at least 1; got batch=0."),
        ({"n_ctx": 20.5}, "n_ctx must be a whole number of at least 1; got n_ctx=20.5."),
        ({"d_vocab": 13.0}, "d_vocab must be a whole number of at least 1; got d_vocab=13.0."),
        ({"block": 2.5}, "block must be a whole number of at least 1; got block=2.5."),
        ({"repeats": 0}, "repeats must be a whole number of at least 1; got repeats=0."),
    ],
)
def test_numbers_that_are_none_of_a_text(fields: dict[str, Any], told: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(told)}$"):
        repeats.repeated_tokens(**{"d_vocab": 13, "n_ctx": 11, **fields})


@pytest.mark.parametrize("given", [np.array([[0, 1, 2, 1, 2]]), [[0, 1, 2, 1, 2]], "a b a b"])
def test_raw_tokens_do_not_say_where_the_copies_begin(make_model: Callable[..., Transformer], given: Any) -> None:
    model = make_model()
    told = f"^given must be RepeatedTokens, which say .* as repeated_tokens makes them; got {type(given).__name__}\\.$"
    for ask in (
        repeats.loss_on_repeats,
        head_scores,
        partial(ablation_test, heads=[(0, 0)]),
        ablate_each,
        partial(composition_test, earlier=(0, 0), later=(1, 0)),
    ):
        with pytest.raises(ValueError, match=told):
            ask(model, given=given)


def test_loss_equals_the_definition() -> None:
    rng = np.random.default_rng(0)
    logits, tokens = rng.standard_normal((2, 4, 5)), rng.integers(0, 5, (2, 4))
    fast = repeats.per_token_loss(logits, tokens)
    for b, p in np.ndindex(2, 3):
        chance = math.exp(logits[b, p, tokens[b, p + 1]]) / sum(math.exp(x) for x in logits[b, p])
        assert fast[b, p] == pytest.approx(-math.log(chance), rel=1e-12)


def test_loss_on_repeats_starts_with_the_first_token_that_can_be_foretold(
    make_model: Callable[..., Transformer],
) -> None:
    model = make_model()
    given = repeats.repeated_tokens(13, 11, batch=3)
    losses = repeats.per_token_loss(model(given.tokens), given.tokens)
    # losses[i] is of token i + 1: the second copy's second token is number 7, its last 10.
    assert repeats.loss_on_repeats(model, given) == pytest.approx(losses[:, [6, 7, 8, 9]].mean(), rel=1e-12)
    assert repeats.loss_of_run(model(given.tokens), given) == repeats.loss_on_repeats(model, given)
    # In a third copy the first token counts too: it is known what followed the last one.
    given = repeats.repeated_tokens(13, 11, batch=3, block=3, repeats=3)
    losses = repeats.per_token_loss(model(given.tokens), given.tokens)
    assert repeats.loss_on_repeats(model, given) == pytest.approx(losses[:, [4, 5, 6, 7, 8]].mean(), rel=1e-12)


def test_without_a_text_it_is_one_of_at_most_64_tokens(make_model: Callable[..., Transformer]) -> None:
    short, long = make_model(), make_model(n_ctx=200)
    assert repeats.some_repeats(short).tokens.shape == (16, 11)
    assert repeats.some_repeats(long, 3).tokens.shape == (3, 63)
    assert repeats.loss_on_repeats(long) == repeats.loss_on_repeats(long, repeats.some_repeats(long))


def test_loss_on_repeats_under_an_intervention(by_hand: Transformer) -> None:
    hooks = zero_heads(by_hand.cfg, [(0, 0)])
    # Nothing is written into the prediction: an even guess among 33.
    assert repeats.loss_on_repeats(by_hand, fwd_hooks=hooks) == pytest.approx(math.log(33), rel=1e-5)
    assert repeats.loss_on_repeats(by_hand) < 1e-3


def test_copies_of_one_token_have_nothing_to_foretell(make_model: Callable[..., Transformer]) -> None:
    given = repeats.repeated_tokens(13, 11, block=1)
    assert math.isnan(repeats.loss_on_repeats(make_model(), given))
