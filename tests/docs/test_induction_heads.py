"""What the lesson on induction heads claims, measured on the models that ship."""

import numpy as np
import pytest

from circuit_explainer import zoo
from circuit_explainer.circuits import full_k_composition, head_scores, induction_targets, zero_heads
from circuit_explainer.core.run import ops
from tests.docs.drawn import drawn

BY_HAND, TRAINED, READER = (zoo.load(name) for name in ("by-hand", "induction-2l", "text-2l"))
PAGE = "lessons/induction-heads.md"
TEXT = "the cat sat . the cat"
TEXTS = (TEXT, "Ann met Bob , then Ann", "red blue green red")
SOURCES = ("sat", "met", "blue")


@pytest.mark.parametrize(("text", "source"), list(zip(TEXTS, SOURCES, strict=True)))
def test_the_four_steps_say_what_each_model_does(text: str, source: str) -> None:
    said = [drawn(PAGE, "four_steps", text=text, step=step).summary for step in (
        "1 Read the tokens", "2 Note who came before", "3 Find the note", "4 Copy the token",
    )]  # fmt: skip
    assert "asks what comes next" in said[0]
    assert f"“{source}" in said[1]
    assert f"looks at “{source}" in said[2]
    assert said[3] == f"The head copies what it found. The model expects “{source}” next."


def test_the_steps_say_when_there_is_nothing_to_find() -> None:
    said = drawn(PAGE, "four_steps", text="the cat sat . the bird", step="3 Find the note").summary
    assert "the resting place: no note matches" in said
    said = drawn(PAGE, "four_steps", text="the cat sat . the bird", step="4 Copy the token").summary
    assert said == "The head has found nothing to copy. No token stands out."


def test_layer_0_looks_just_before_and_layer_1_at_the_note() -> None:
    _, cache = BY_HAND.run_with_cache(TEXT)
    assert np.diagonal(cache["pattern", 0][0, 0], -1).min() > 0.999
    assert "“cat₂” looks at “the₂” with 1.00" in drawn(PAGE, "previous_token_head").summary
    assert "“cat₂” looks at “sat” with 1.00" in drawn(PAGE, "induction_head").summary
    assert cache["pattern", 1][0, 0, 1:5, 0].min() > 0.999  # new words rest on BOS


def test_the_first_cat_has_the_note_the() -> None:
    _, cache = BY_HAND.run_with_cache(TEXT)
    note = cache["attn_out", 0][0]  # [p, d_model]
    v = BY_HAND.cfg.d_vocab
    carried = note[:, v + 2 : 2 * v + 2]  # where the weights by hand keep the token before
    assert carried.argmax(-1)[2] == BY_HAND.to_tokens(TEXT)[0, 1]


def test_a_new_last_word_leaves_every_word_as_likely_as_any_other() -> None:
    probabilities = ops.softmax(BY_HAND("the cat sat . the bird")[0, -1])
    np.testing.assert_allclose(probabilities, 1 / BY_HAND.cfg.d_vocab, rtol=1e-4)
    assert drawn(PAGE, "next_word", text="the cat sat . the bird").summary.startswith("No word stands out")


def test_the_match_is_large_where_the_tokens_are_equal() -> None:
    match = full_k_composition(BY_HAND, (0, 0), (1, 0)).AB[1:, 1:]
    off = match[~np.eye(len(match), dtype=bool)]
    assert np.diagonal(match).min() > 100 * np.abs(off).max()


def test_three_of_the_four_trained_heads_do_one_of_the_two_jobs() -> None:
    scores = {(row.layer, row.head): row for row in head_scores(TRAINED)}
    assert scores[0, 1].previous_token > 0.95
    assert min(scores[1, 0].induction, scores[1, 1].induction) > 0.95
    assert scores[0, 0].previous_token < 0.1
    assert scores[0, 0].induction < 0.1
    _, cache = TRAINED.run_with_cache(TEXT)
    assert np.diagonal(cache["pattern", 0][0, 0], -2).mean() > 0.9


@pytest.mark.parametrize("text", TEXTS)
def test_without_the_previous_token_head_the_induction_heads_find_nothing(text: str) -> None:
    target = int(induction_targets(TRAINED.to_tokens(text)[0])[-1].argmax())
    _, cache = TRAINED.run_with_cache(text, fwd_hooks=zero_heads(TRAINED.cfg, [(0, 1)]))
    assert cache["pattern", 1][0, :, -1, target].max() < 0.01


def test_four_heads_of_the_reader_look_for_repeats_and_l1h3_most() -> None:
    scores = {(row.layer, row.head): row for row in head_scores(READER)}
    assert all(scores[1, head].induction > 0.5 for head in range(4))
    assert max(scores, key=lambda head: scores[head].induction) == (1, 3)
    assert max(scores, key=lambda head: scores[head].previous_token) == (0, 0)


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("Zorblax went to the market. Zorb", "lax "),
        ("I gave the book to Pimwick. Pim", "wick"),
        ("Old Norblick sat by the fire, and Norb", "lick"),
    ],
)
def test_the_reader_goes_on_with_invented_names_until_two_heads_are_off(text: str, right: str) -> None:
    table = drawn(PAGE, "invented_name", text=text, off=["L0H0", "L1H3"]).table
    whole, without = (row[1] for row in table.rows)
    assert str(whole).replace("␣", " ").startswith(right)
    assert not str(without).replace("␣", " ").startswith(right)
    assert len(drawn(PAGE, "invented_name", text=text, off=[]).table.rows) == 1
