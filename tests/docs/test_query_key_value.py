"""What the lesson on queries, keys and values claims, measured on the models that ship."""

import numpy as np
import pytest

from circuit_explainer import zoo
from circuit_explainer.core import HookPoint
from circuit_explainer.core.arrays import Array
from circuit_explainer.exhibits import ReaderError
from tests.docs.drawn import drawn, namespace

BY_HAND, TRAINED = zoo.load("by-hand"), zoo.load("induction-2l")
PAGE = "lessons/query-key-value.md"
TEXT = "the cat sat . my cat"
TEXTS = (TEXT, "Ann met Bob . then Ann", "red blue green red")
SOURCES = ("sat", "met", "blue")
LAST, SAT, FIRST_CAT = 6, 3, 2
EXACT = 1e-4


@pytest.mark.parametrize("text", TEXTS)
def test_each_token_looks_for_its_word_offers_the_one_before_and_hands_itself_over(text: str) -> None:
    rows = drawn(PAGE, "three_questions", text=text).table.rows
    words = ["<BOS>", *text.split()]
    for n, (_, looks, offers, hands) in enumerate(rows):
        assert looks == words[n]
        assert offers == (words[n - 1] if n > 1 else ("anything", "nothing")[n])
        assert hands == (words[n] if n else "nothing")


def test_query_key_and_value_are_one_vector_through_three_tables() -> None:
    for model in (BY_HAND, TRAINED):
        _, cache = model.run_with_cache(TEXT)
        x = cache["resid_pre", 1][0]  # [p, d_model]
        for name in "qkv":
            weights, biases = (getattr(model, f"{kind}_{name.upper()}")[1, 0] for kind in "Wb")
            np.testing.assert_allclose(x @ weights + biases, cache[name, 1][0, :, 0], atol=1e-3)
        assert model.W_Q.shape[2:] == model.W_K.shape[2:] == model.W_V.shape[2:]
        assert model.W_Q.shape[2:] == (model.cfg.d_model, model.cfg.d_head)
        assert model.cfg.d_head < model.cfg.d_model
    assert not any(np.any(biases) for biases in (BY_HAND.b_Q, BY_HAND.b_K, BY_HAND.b_V))


def test_the_two_cats_differ_in_their_key_only() -> None:
    _, cache = BY_HAND.run_with_cache(TEXT)
    same = {name: np.allclose(cache[name, 1][0, FIRST_CAT, 0], cache[name, 1][0, LAST, 0]) for name in "qkv"}
    assert same == {"q": True, "k": False, "v": True}
    assert drawn(PAGE, "by_hand_vectors").summary == "“cat₂” looks for “cat”, offers “my” and hands over “cat”."
    assert (
        drawn(PAGE, "by_hand_vectors", token=-4).summary == "“cat₁” looks for “cat”, offers “the” and hands over “cat”."
    )


def test_the_query_is_long() -> None:
    _, cache = BY_HAND.run_with_cache(TEXT)
    assert np.abs(cache["q", 1]).max() > 100 * np.abs(cache["k", 1]).max()


def test_one_component_makes_the_whole_product_by_hand() -> None:
    _, cache = BY_HAND.run_with_cache(TEXT)
    products = cache["q", 1][0, LAST, 0] * cache["k", 1][0, SAT, 0]
    assert np.count_nonzero(np.abs(products) > EXACT) == 1
    assert drawn(PAGE, "by_hand_product").summary.endswith("all of it comes from one component, “cat”.")
    assert "no component is there in both" in drawn(PAGE, "by_hand_product", key=-4).summary


@pytest.mark.parametrize(("text", "source"), list(zip(TEXTS, SOURCES, strict=True)))
def test_the_key_that_fits_best_is_that_of_the_word_after(text: str, source: str) -> None:
    assert f"with the key of “{source}" in drawn(PAGE, "by_hand_scores", text=text).summary
    for head in ("L1H1", "L1H0"):
        assert f"with the key of “{source}" in drawn(PAGE, "trained_scores", text=text, head=head).summary
    assert f"the value of “{source}”, whole" in drawn(PAGE, "by_hand_received", text=text).summary


def test_a_score_is_the_dot_product_divided_by_the_root_of_the_width() -> None:
    for model in (BY_HAND, TRAINED):
        _, cache = model.run_with_cache(TEXT)
        q, k = cache["q", 1][0, :, 0], cache["k", 1][0, :, 0]
        expected = q @ k.T / np.sqrt(model.cfg.d_head)
        seen = np.tril(np.ones(expected.shape, bool))
        np.testing.assert_allclose(cache["attn_scores", 1][0, 0][seen], expected[seen], rtol=1e-4, atol=1e-3)


def test_bos_fits_every_query_by_half() -> None:
    _, cache = BY_HAND.run_with_cache(TEXT)
    scores = cache["attn_scores", 1][0, 0]
    np.testing.assert_allclose(scores[:, 0], scores[LAST, SAT] / 2, rtol=1e-4)
    assert "with the key of “<BOS>”" in drawn(PAGE, "by_hand_scores", token=-1).summary


def test_the_value_plays_no_part_in_the_score() -> None:
    def change(v: Array, hook: HookPoint) -> Array:
        v[:, SAT] += 1
        return v

    _, clean = BY_HAND.run_with_cache(TEXT)
    _, changed = BY_HAND.run_with_cache(TEXT, fwd_hooks=[("blocks.1.attn.hook_v", change)])
    np.testing.assert_array_equal(clean["attn_scores", 1], changed["attn_scores", 1])
    assert np.abs(clean["z", 1][0, LAST] - changed["z", 1][0, LAST]).max() > 0.9


def test_in_the_trained_head_many_components_add_and_some_take_away() -> None:
    _, cache = TRAINED.run_with_cache(TEXT)
    products = cache["q", 1][0, LAST, 1] * cache["k", 1][0, SAT, 1]
    np.testing.assert_array_equal(products, namespace(PAGE)["products"])
    assert ((products > 0).sum(), (products < 0).sum(), len(products)) == (21, 11, 32)
    assert products.max() / products.sum() < 0.25
    assert "of 32 components 21 add to it and 11 take away" in drawn(PAGE, "trained_product").summary


@pytest.mark.parametrize("text", TEXTS)
def test_l0h1_asks_who_stands_just_before(text: str) -> None:
    words = text.split()
    for back in range(len(words) - 1):
        summary = drawn(PAGE, "trained_scores", text=text, head="L0H1", token=-back).summary
        assert f"with the key of “{words[-back - 2]}" in summary


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("exhibit", ["by_hand_vectors", "by_hand_scores", "by_hand_received", "trained_vectors"])
def test_every_token_can_ask(exhibit: str, text: str) -> None:
    for token in range(-len(text.split()), 1):
        drawn(PAGE, exhibit, text=text, token=token)


def test_a_token_beyond_the_beginning_is_told_at_its_control() -> None:
    with pytest.raises(ReaderError, match="The text has 5 tokens, <BOS> among them. Choose a later one.") as raised:
        drawn(PAGE, "trained_product", text="red blue green red", key=-6)
    assert raised.value.control == "key"
