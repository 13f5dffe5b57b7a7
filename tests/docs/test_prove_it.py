"""What the lesson "Prove it" claims, measured on the models that ship."""

from functools import partial

import numpy as np
import pytest

from circuit_explainer import zoo
from circuit_explainer.circuits import (
    ablation_test,
    composition_scores,
    composition_test,
    head_jobs,
    head_scores,
    induction,
    loss_on_repeats,
    mean_heads,
    repeated_tokens,
    zero_heads,
)
from circuit_explainer.core.arrays import Array
from circuit_explainer.exhibits import ReaderError
from tests.docs.drawn import drawn, namespace

TRAINED, BY_HAND, ONE_LAYER = (zoo.load(name) for name in ("induction-2l", "by-hand", "induction-1l"))
PAGE = "lessons/prove-it.md"
TEXTS = ("the cat sat . the cat", "Ann met Bob , then Ann", "red blue green red")
SOURCES = ("sat", "met", "blue")
CUTS = ("L0H1 from the keys", "L0H0 from the keys", "L0H1 from the queries", "L0H0 from the queries")
GUESS = np.log(TRAINED.cfg.d_vocab - 1)


def induction_after(cuts: list[str]) -> Array:
    """The induction scores of L1H0 and L1H1 after these cuts."""
    return np.array([row[2] for row in drawn(PAGE, "two_paths", cuts=cuts).table.rows])


def test_three_heads_have_a_job_and_the_other_has_none() -> None:
    table = head_scores(TRAINED)
    assert head_jobs(table) == {(0, 1): "previous token", (1, 0): "induction", (1, 1): "induction"}
    told = "These heads reach 0.5: L0H1 (previous token), L1H0 (induction), L1H1 (induction)."
    assert drawn(PAGE, "find_heads").summary == told
    assert drawn(PAGE, "find_heads", name="induction-1l").summary == "No head reaches 0.5."


def test_without_l0h1_almost_nothing_is_left() -> None:
    test = ablation_test(TRAINED, [(0, 1)])
    assert test.before.column("induction")[1].min() > 0.98
    assert test.after.column("induction")[1].max() < 0.05
    assert test.loss_before < 0.05
    assert test.loss_after > GUESS
    assert drawn(PAGE, "switch_off").summary == "The loss on repeats is 0.01 nats, and without L0H1 5.76."


def test_the_mean_in_place_of_zero_changes_nothing_in_that() -> None:
    _, reference = TRAINED.run_with_cache(repeated_tokens(64, 64, seed=1).tokens)
    test = ablation_test(TRAINED, [(0, 1)], how=partial(mean_heads, reference=reference))
    assert test.after.column("induction")[1].max() < 0.01
    assert test.loss_after > GUESS
    rows = drawn(PAGE, "switch_off", off=["L0H1"], how="its mean").table.rows
    np.testing.assert_allclose([row[2] for row in rows[2:]], test.after.column("induction")[1])


def test_with_the_patterns_kept_l0h1_is_not_missed() -> None:
    test = ablation_test(TRAINED, [(0, 1)], preserve_patterns=True)
    assert test.loss_after == pytest.approx(test.loss_before, abs=1e-3)
    told = drawn(PAGE, "switch_off", off=["L0H1"], kept="kept").summary
    assert told == "The loss on repeats is 0.01 nats, and without L0H1 0.01."


def test_by_hand_the_keys_explain_everything() -> None:
    test = composition_test(BY_HAND, (0, 0), (1, 0))
    assert test.without["k"] < 0.005
    assert min(test.clean, test.without["q"], test.without["v"]) > 0.995


def test_in_the_trained_model_the_cut_of_the_keys_leaves_most() -> None:
    for later, left in (((1, 0), 0.86), ((1, 1), 0.82)):
        test = composition_test(TRAINED, (0, 1), later)
        assert test.without["k"] == pytest.approx(left, abs=0.005)
        assert min(test.without["q"], test.without["v"]) > 0.98
        assert max(test.ablated, test.without["qkv"]) < 0.05
    told = drawn(PAGE, "one_path").summary
    assert told == (
        "With L0H1 cut out of the keys alone, 0.86 and 0.82 are left; cut out of all inputs, 0.02 and 0.03."
    )


def test_alone_l0h0_is_not_missed() -> None:
    for later in ((1, 0), (1, 1)):
        test = composition_test(TRAINED, (0, 0), later)
        assert test.without["qkv"] == pytest.approx(test.clean, abs=0.001)
        assert test.without["k"] > 0.97
    assert "0.97 and 1.00 are left" in drawn(PAGE, "one_path", earlier="L0H0").summary


def test_each_of_two_further_cuts_stops_the_second_way_and_no_other() -> None:
    l0h1_keys, l0h0_keys, l0h1_queries, l0h0_queries = CUTS
    assert induction_after([l0h1_keys, l0h0_keys]).max() < 0.05
    assert induction_after([l0h1_keys, l0h1_queries]).max() < 0.05
    assert induction_after([l0h1_keys, l0h0_queries]).min() > 0.8
    # And none of them hurts as long as the first route is there.
    assert induction_after([l0h0_keys, l0h1_queries, l0h0_queries]).min() > 0.97
    assert induction_after([]).min() > 0.98


def test_a_cut_of_the_bench_is_that_of_the_composition_test() -> None:
    tests = [composition_test(TRAINED, (0, 1), later) for later in ((1, 0), (1, 1))]
    for letter, name in (("k", "keys"), ("q", "queries")):
        expected = [test.without[letter] for test in tests]
        np.testing.assert_allclose(induction_after([f"L0H1 from the {name}"]), expected, atol=1e-5)


def test_no_composition_score_gave_a_hint() -> None:
    by_keys, by_queries = (composition_scores(TRAINED, kind) for kind in "KQ")
    above, below = by_keys.above_baseline[0, 0, 1]
    assert 0 < above < 2 * by_keys.baseline.deviation
    assert below < -0.03
    assert by_queries.above_baseline[0, 1, 1].max() < 0


def two_back(model: str, head: int) -> float:
    """The mean attention of a head of layer 0 two steps back."""
    shown = zoo.load(model)
    _, cache = shown.run_with_cache(repeated_tokens(64, 64, batch=3).tokens)
    return float(np.diagonal(cache["pattern", 0][:, head], -2, 1, 2).mean())


@pytest.mark.parametrize("name", ["induction-2l", "induction-2l-layernorm", "induction-2l-rotary", "induction-2l-mlp"])
def test_every_model_has_a_head_that_looks_two_steps_back(name: str) -> None:
    one = head_scores(zoo.load(name)).best("previous_token")
    assert one.layer == 0
    assert two_back(name, 1 - one.head) > 0.7


def test_the_weights_match_the_one_note_with_the_other() -> None:
    assert [namespace(PAGE)["second_route"](head) for head in (0, 1)] == [1, 1]


def test_the_second_route_works_late_in_a_text() -> None:
    def left(before: int) -> list[float]:
        rng = np.random.default_rng(0)
        drawn_tokens = 1 + np.array([rng.permutation(63)[: before + 8] for _ in range(32)])
        bos, filler, block = np.zeros((32, 1), int), drawn_tokens[:, :before], drawn_tokens[:, before:]
        tokens = np.concatenate([bos, filler, block, block], axis=1)
        split = TRAINED.replace(use_split_qkv_input=True, use_attn_result=True)
        _, clean = split.run_with_cache(tokens)
        hooks = [("blocks.1.hook_k_input", lambda x, hook: x - clean["result", 0][:, :, None, 1])]
        _, cache = split.run_with_cache(tokens, fwd_hooks=hooks)
        return [float(induction(cache["pattern", 1][:, head], tokens).mean()) for head in (0, 1)]

    assert max(left(0)) < 0.2
    assert min(left(24)) > 0.7


def test_with_l0h0_silent_the_keys_explain_it() -> None:
    for later in ((1, 0), (1, 1)):
        test = composition_test(TRAINED, (0, 1), later, fwd_hooks=zero_heads(TRAINED.cfg, [(0, 0)]))
        assert test.clean > 0.98
        assert test.without["k"] < 0.05
        assert min(test.without["q"], test.without["v"]) > 0.98
    assert drawn(PAGE, "test_again").summary == "With L0H0 silent, the cut leaves 0.01 to L1H0 and 0.02 to L1H1."
    told = drawn(PAGE, "test_again", silent=False).summary
    assert told == "With all heads, the cut leaves 0.86 to L1H0 and 0.82 to L1H1."


def test_with_rotary_positions_one_head_needs_both_notes() -> None:
    rotary = zoo.load("induction-2l-rotary")
    clean = head_scores(rotary).column("induction")[1, 1]
    assert clean > 0.85
    for off in ((0, 0), (0, 1)):
        assert ablation_test(rotary, [off]).after.column("induction")[1, 1] < 0.15


@pytest.mark.parametrize(("text", "source"), list(zip(TEXTS, SOURCES, strict=True)))
def test_what_matters_moves_from_the_word_to_its_note_to_the_answer(text: str, source: str) -> None:
    rows = drawn(PAGE, "put_back", text=text).table.rows
    labels = [label.rstrip("₁₂") for label in drawn(PAGE, "put_back", text=text).table.columns[1:]]
    word = text.split()[-1]
    where = [[n for n, share in enumerate(row[1:]) if share > 0.99] for row in rows[::-1]]
    assert where == [[labels.index(word)], [labels.index(source)], [len(labels) - 1]]
    assert all(abs(share) < 0.01 or share > 0.99 for row in rows for share in row[1:])


def test_a_text_without_a_repeat_is_refused_in_words() -> None:
    with pytest.raises(ReaderError, match="The last word has to stand earlier in the text as well."):
        drawn(PAGE, "put_back", text="the cat sat . a bird")


@pytest.mark.parametrize(("text", "source"), list(zip(TEXTS, SOURCES, strict=True)))
def test_the_induction_heads_say_it_and_l0h1_speaks_against_it(text: str, source: str) -> None:
    chart = drawn(PAGE, "who_says_it", text=text)
    parts = dict(chart.table.rows)
    assert f"“{source}”" in chart.summary
    assert min(parts["L1H0"], parts["L1H1"]) > 3.5
    assert parts["L0H1"] < -0.5
    assert sum(value for name, value in parts.items() if name != "Sum") == pytest.approx(parts["Sum"], abs=1e-4)


def test_one_layer_cannot() -> None:
    assert max(row.induction for row in head_scores(ONE_LAYER)) < 0.02
    assert loss_on_repeats(ONE_LAYER) > GUESS
    for block in (8, 16, 31):
        rows = drawn(PAGE, "one_and_two_layers", block=block).table.rows
        one, two = (np.mean([row[n] for row in rows[block + 1 :]]) for n in (1, 2))
        assert one > 2.5
        assert two < 0.05
