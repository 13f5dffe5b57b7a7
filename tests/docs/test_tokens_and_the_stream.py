"""What the lesson on tokens and the residual stream claims, measured on the models that ship."""

import numpy as np
import pytest

from circuit_explainer import zoo
from circuit_explainer.circuits import zero_heads
from circuit_explainer.core.model import Transformer
from circuit_explainer.core.run import ops
from circuit_explainer.exhibits import ReaderError
from tests.docs.drawn import drawn, namespace

TRAINED, BY_HAND, NO_LAYERS, TWO_LAYERS = (zoo.load(name) for name in ("induction-2l", "by-hand", "text-0l", "text-2l"))
PAGE = "lessons/tokens-and-the-stream.md"
TEXT = "the cat sat . the cat"
TEXTS = (TEXT, "Ann met Bob , then Ann", "red blue green red")
WALKS = "walk walks walked walking talk talks talked talking"
EXACT = 1e-6  # float32 rounds sums of numbers near 10 by this much


@pytest.mark.parametrize("cut", ["words", "characters"])
@pytest.mark.parametrize("text", TEXTS)
def test_equal_tokens_have_equal_numbers(text: str, cut: str) -> None:
    model = TRAINED if cut == "words" else NO_LAYERS
    tokens, numbers = model.to_str_tokens(text), model.to_tokens(text)[0].tolist()
    assert tokens[0] == "<BOS>"
    assert len(set(tokens)) == len(set(numbers)) == len(set(zip(tokens, numbers, strict=True)))
    assert drawn(PAGE, "tokens", text=text, cut=cut).summary.startswith(f"The text has {len(tokens)} tokens")


def test_the_first_join_is_the_commonest_pair() -> None:
    counts = namespace(PAGE)["pair_counts"]
    assert (counts["w", "a"], counts["a", "l"], counts["i", "n"]) == (4, 8, 2)
    assert counts["w", "a"] == len(WALKS.split()) / 2
    assert drawn(PAGE, "word_pieces", joins=1).table.rows[0][1:4] == ("a", "l", "al")


def test_nine_joins_find_the_stems_and_the_endings() -> None:
    pieces, joins = namespace(PAGE)["byte_pairs"](WALKS, 9)
    assert len(joins) == 9
    assert pieces == [
        "walk",
        " walk",
        "s",
        " walk",
        "ed",
        " walk",
        "ing",
        " talk",
        " talk",
        "s",
        " talk",
        "ed",
        " talk",
        "ing",
    ]
    assert drawn(PAGE, "word_pieces").summary.startswith("9 joins make 14 pieces of 51 characters.")


@pytest.mark.parametrize("joins", [0, 3, 15])
@pytest.mark.parametrize("text", [WALKS, "a", "unhappy happier happily unhappily", "aaaa  aaaa"])
def test_the_pieces_make_up_the_text(text: str, joins: int) -> None:
    byte_pairs = namespace(PAGE)["byte_pairs"]
    pieces, learned = byte_pairs(text, joins)
    assert "".join(pieces) == text
    assert all(times >= 2 for *_, times in learned)
    drawn(PAGE, "word_pieces", text=text, joins=joins)


def test_both_cats_have_one_row_and_two_places() -> None:
    _, cache = TRAINED.run_with_cache(TEXT)
    np.testing.assert_array_equal(cache["embed"][0, 2], cache["embed"][0, 6])
    assert not np.allclose(cache["pos_embed"][0, 2], cache["pos_embed"][0, 6])
    assert "“cat₁” and “cat₂”" in drawn(PAGE, "embedding_rows").summary
    assert drawn(PAGE, "embedding_rows", show="their sum").summary == "All 7 rows differ from each other."


@pytest.mark.parametrize("model", [TRAINED, BY_HAND], ids=["trained", "by hand"])
def test_only_heads_carry_something_from_stream_to_stream(model: Transformer) -> None:
    every = [(layer, head) for layer in range(2) for head in range(model.cfg.n_heads)]
    streams = []
    for text in (TEXT, "the cat sat . cat cat"):
        _, cache = model.run_with_cache(text, fwd_hooks=zero_heads(model.cfg, every))
        streams.append(cache["resid_post", 1][0, -1])
    np.testing.assert_array_equal(*streams)


def test_each_part_writes_to_its_own_components_and_all_of_it_stays() -> None:
    chart = drawn(PAGE, "by_hand_stream")
    written = {name: row for name, *row in chart.table.rows}  # embedding, place, layer 0, layer 1, stream
    np.testing.assert_allclose(written["word:cat"], [1, 0, 0, 0, 1], atol=EXACT)
    np.testing.assert_allclose(written["before:the"], [0, 0, 1, 0, 1], atol=EXACT)
    np.testing.assert_allclose(written["next:sat"], [0, 0, 0, 1, 1], atol=EXACT)
    assert all(sum(abs(part) > EXACT for part in row[:4]) <= 1 for row in written.values())
    assert written["place:1"][1] > 0.5
    assert chart.summary.endswith("The sum is the stream at the end, exactly.")


@pytest.mark.parametrize("text", TEXTS)
def test_components_that_are_not_drawn_are_empty(text: str) -> None:
    _, cache = BY_HAND.run_with_cache(text)
    hidden = np.delete(cache["resid_post", 1][0], list(namespace(PAGE)["board"](text)), axis=1)
    assert np.abs(hidden).max() < EXACT


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("exhibit", ["by_hand_stream", "trained_stream"])
def test_the_parts_sum_to_the_stream_of_every_token(exhibit: str, text: str) -> None:
    for token in range(-len(TRAINED.to_str_tokens(text)) + 1, 1):
        for show in ("what each part adds", "the stream after each part"):
            chart = drawn(PAGE, exhibit, text=text, token=token, show=show)
            assert "The sum is the stream at the end" in chart.summary


def test_without_layer_1_the_stream_is_that_after_layer_0() -> None:
    _, cache = TRAINED.run_with_cache(TEXT)
    np.testing.assert_allclose(cache["resid_post", 1] - cache["attn_out", 1], cache["resid_post", 0], atol=1e-5)


def test_layers_write_more_strongly_than_the_tables() -> None:
    lengths = namespace(PAGE)["lengths"]
    assert min(lengths[2:]) > 2 * max(lengths[:2])
    assert lengths[3] / lengths[0] == pytest.approx(4.0, abs=0.05)


def test_a_token_beyond_the_beginning_is_told() -> None:
    with pytest.raises(ReaderError, match="The text has 5 tokens, <BOS> among them. Choose a later one."):
        drawn(PAGE, "trained_stream", text="red blue green red", token=-5)


def test_the_logits_are_the_stream_unembedded() -> None:
    logits, cache = TRAINED.run_with_cache(TEXT)
    np.testing.assert_allclose(cache["resid_post", 1] @ TRAINED.W_U + TRAINED.b_U, logits, atol=1e-5)


def test_sat_has_nearly_all_of_the_probability() -> None:
    probabilities = ops.softmax(TRAINED(TEXT)[0, -1])
    assert probabilities.argmax() == 3
    assert probabilities.max() > 0.98
    assert "“sat”: its probability is 0.989" in drawn(PAGE, "next_token").summary


def test_the_softmax_looks_at_the_difference_of_logits() -> None:
    ranked, gap = namespace(PAGE)["ranked"], namespace(PAGE)["gap"]
    first, second, *_ = sorted(ops.softmax(TRAINED(TEXT)[0, -1]).tolist(), reverse=True)
    assert first / second == pytest.approx(np.exp(gap), rel=1e-3)
    assert (round(ranked[0] / ranked[1]), round(np.exp(gap))) == (13, 778)


@pytest.mark.parametrize("text", TEXTS[1:])
def test_the_next_token_is_found_in_the_examples(text: str) -> None:
    assert f"“{text.split()[1]}”" in drawn(PAGE, "next_token", text=text).summary


def test_without_layers_only_the_last_character_counts() -> None:
    th, wh = NO_LAYERS("th")[0, -1], NO_LAYERS("wh")[0, -1]
    np.testing.assert_array_equal(th, wh)
    table = NO_LAYERS.W_E @ NO_LAYERS.W_U + NO_LAYERS.b_U
    np.testing.assert_allclose(th, table[NO_LAYERS.to_tokens("h")[0, -1]], atol=1e-4)
    assert not np.array_equal(TWO_LAYERS("th")[0, -1], TWO_LAYERS("wh")[0, -1])


def test_u_follows_q() -> None:
    assert drawn(PAGE, "letter_pairs").summary.startswith("The model is surest after “q”: “u” comes next with 1.00.")
    assert drawn(PAGE, "letter_pairs", text="q").summary.endswith("1.00.")


def test_without_layers_it_is_as_good_as_a_counted_table() -> None:
    made = zoo.facts("text-0l")["made"]
    assert abs(made["loss_held_out"] - made["bigram_table_held_out"]) < 0.0015
    assert not NO_LAYERS.W_pos.any()


def test_without_layers_it_writes_the_the_the() -> None:
    go_on = namespace(PAGE)["go_on"]
    assert go_on(NO_LAYERS, "t") == "he the the t"
    assert go_on(NO_LAYERS, "The moon is bright. Look at the m").startswith("e the the")


@pytest.mark.parametrize(
    ("text", "right"),
    [("The moon is bright. Look at the m", "oon"), ("Captain Jones called. Captain J", "ones"), ("I saw a q", "u")],
)
def test_two_layers_find_the_word_again(text: str, right: str) -> None:
    assert str(drawn(PAGE, "writes", text=text).table.rows[0][1]).startswith(right)
