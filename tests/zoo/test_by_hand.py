import numpy as np
import pytest

from circuit_explainer.circuits import head_scores, induction_targets, per_token_loss, repeated_tokens, zero_heads
from circuit_explainer.core import Transformer
from circuit_explainer.zoo import by_hand


@pytest.fixture(scope="module")
def model() -> Transformer:
    return by_hand.build()


def test_both_heads_are_perfect(model: Transformer) -> None:
    first, second = head_scores(model)
    # The margin of 20 nats leaves e**-20 per neighbour, and float32 rounds to 1e-7.
    assert first.previous_token == pytest.approx(1, abs=1e-6)
    assert second.induction == pytest.approx(1, abs=1e-6)


def test_attention_on_random_text_is_exactly_what_the_circuit_says(model: Transformer) -> None:
    rng = np.random.default_rng(0)
    tokens = rng.integers(1, model.cfg.d_vocab, (8, model.cfg.n_ctx))
    tokens[:, 0] = 0
    _, cache = model.run_with_cache(tokens)
    for b in range(8):
        for i in range(1, model.cfg.n_ctx):
            previous, found = np.zeros(model.cfg.n_ctx), induction_targets(tokens[b])[i].astype(float)
            previous[i - 1] = 1
            if not found.any():
                found[0] = 1
            # Layer 0 is exact to rounding; in layer 1 the scores of equal targets differ by rounding at 40.
            np.testing.assert_allclose(cache["pattern", 0][b, 0, i], previous, atol=1e-6)
            np.testing.assert_allclose(cache["pattern", 1][b, 0, i], found / found.sum(), atol=1e-5)


def test_repeats_are_foretold_and_only_with_both_heads(model: Transformer) -> None:
    given = repeated_tokens(model.cfg.d_vocab, model.cfg.n_ctx)
    foretold = slice(given.block + 1, None)

    def loss(*without: tuple[int, int]) -> float:
        logits = model.run_with_hooks(given.tokens, zero_heads(model.cfg, without))
        return float(per_token_loss(logits, given.tokens)[:, foretold].mean())

    # One logit of 12 against 32 of 0: ln(1 + 32 e**-12).
    assert loss() == pytest.approx(np.log1p(32 * np.exp(-12)), rel=1e-3)
    # Without either head nothing is written into the prediction: an even guess among 33.
    assert loss((0, 0)) == pytest.approx(np.log(33), rel=1e-5)
    assert loss((1, 0)) == pytest.approx(np.log(33), rel=1e-5)


def test_where_nothing_repeats_the_guess_is_even(model: Transformer) -> None:
    logits = model(np.arange(33)[None])
    np.testing.assert_allclose(logits, 0, atol=1e-3)


@pytest.mark.parametrize(("d_vocab", "n_ctx"), [(5, 7), (27, 64), (65, 128)])
def test_other_sizes(d_vocab: int, n_ctx: int) -> None:
    first, second = head_scores(by_hand.build(d_vocab, n_ctx))
    # At 128 positions the scores reach 2e4, where float32 is off by 2e-3 nats.
    assert first.previous_token == pytest.approx(1, abs=1e-6)
    assert second.induction == pytest.approx(1, abs=1e-6)


def test_reads_thirty_two_different_words(model: Transformer) -> None:
    words = " ".join(f"w{n}" for n in range(32))
    assert model(words).shape == (1, 33, 33)
    logits = model("the cat sat . the cat")
    assert model.to_str_tokens("the cat sat . the cat")[int(logits[0, -1].argmax())] == "sat"
