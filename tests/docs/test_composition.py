"""What the lesson on composition claims, measured on the models that ship."""

import numpy as np
import pytest

from circuit_explainer import zoo
from circuit_explainer.charts import softmax
from circuit_explainer.circuits import (
    composition_scores,
    composition_test,
    diagonal_accuracy,
    full_k_composition,
    head_scores,
    random_composition,
)
from circuit_explainer.core.model import Transformer
from tests.docs.drawn import drawn, namespace

BY_HAND, TWO, FOUR, READER = (zoo.load(name) for name in ("by-hand", "induction-2l", "induction-4l", "text-2l"))
PAGE = "lessons/composition.md"
TEXT = "the cat sat . the cat"
TEXTS = (TEXT, "Ann met Bob , then Ann", "red blue green red")
PAIRS = [(early, late) for early in (0, 1) for late in (0, 1)]


@pytest.mark.parametrize(("text", "source"), list(zip(TEXTS, ("sat", "met", "blue"), strict=True)))
def test_by_hand_only_the_keys_need_the_notes(text: str, source: str) -> None:
    for cut, after in (("queries", source), ("keys", "<BOS>"), ("values", source)):
        told = drawn(PAGE, "cut_one", text=text, cut=cut).summary
        assert f"looks at “{source}” with 1.00." in told
        assert told.endswith(f"Without notes in the {cut} it looks at “{after}” with 1.00.")


@pytest.mark.parametrize("through", ["q", "v"])
def test_by_hand_goes_on_as_before_without_the_notes_in_queries_or_values(through: str) -> None:
    tokens = BY_HAND.to_tokens(TEXT)
    _, cache = BY_HAND.run_with_cache(tokens)
    split = BY_HAND.replace(use_split_qkv_input=True)
    hooks = [(f"blocks.1.hook_{through}_input", lambda x, hook: x - cache["attn_out", 0][:, :, None])]
    probabilities = softmax(split.run_with_hooks(tokens, fwd_hooks=hooks)[0, -1])
    assert probabilities.argmax() == tokens[0, 3]
    assert probabilities.max() > 0.99


def test_the_score_is_the_formula_and_contracts_over_d_model() -> None:
    found = composition_scores(TWO, "K").scores[0, :, 1]
    for early, late in PAIRS:
        w_ov = TWO.W_V[0, early].astype(float) @ TWO.W_O[0, early]
        w_qk = TWO.W_Q[1, late].astype(float) @ TWO.W_K[1, late].T
        expected = np.linalg.norm(w_ov @ w_qk.T) / (np.linalg.norm(w_ov) * np.linalg.norm(w_qk))
        assert found[early, late] == pytest.approx(expected)
    assert TWO.W_O[0, 0].shape == TWO.W_K[1, 0].T.shape == (32, 64)


def turned(model: Transformer) -> Transformer:
    """The same model with the heads of layer 0 turned inside."""
    rotation = np.linalg.qr(np.random.default_rng(1).standard_normal((model.cfg.d_head, model.cfg.d_head)))[0]
    weights = dict(model.weights)
    weights["blocks.0.attn.W_V"] = (weights["blocks.0.attn.W_V"] @ rotation).astype(np.float32)
    weights["blocks.0.attn.W_O"] = (rotation.T @ weights["blocks.0.attn.W_O"]).astype(np.float32)
    return Transformer(model.cfg, weights, model.tokenizer, model.bos)


def test_a_model_turned_inside_computes_the_same() -> None:
    other = turned(TWO)
    tokens = TWO.to_tokens(TEXT)
    assert np.abs(other.W_O[0] - TWO.W_O[0]).max() > 0.1
    # float32 in other sums
    np.testing.assert_allclose(other(tokens), TWO(tokens), atol=1e-3)


def test_only_the_score_over_d_head_changes_and_all_pairs_have_about_the_same() -> None:
    tables = [drawn(PAGE, "two_axes", turns=turns).table for turns in range(6)]
    over_d_model, over_d_head = (np.array([[row[n] for row in table.rows] for table in tables]) for n in (1, 2))
    np.testing.assert_allclose(over_d_model, over_d_model[:1].repeat(6, axis=0), rtol=1e-5)
    np.testing.assert_allclose(over_d_model[0], composition_scores(TWO, "K").scores[0, :, 1].ravel(), rtol=1e-5)
    assert (np.abs(np.diff(over_d_head, axis=0)) > 1e-4).all()
    # What random matrices give is one over the root of d_head.
    np.testing.assert_allclose(over_d_head, TWO.cfg.d_head**-0.5, rtol=0.05)
    assert over_d_model[0, 2:].min() > 1.5 * over_d_model[0, :2].max()


def test_l0h0_and_l1h0_score_what_random_matrices_do() -> None:
    by_keys = composition_scores(TWO, "K")
    assert by_keys.baseline == random_composition(64, 32)
    assert by_keys.baseline.deviation < 0.005
    assert 0 < by_keys.above_baseline[0, 0, 1, 0] < 2 * by_keys.baseline.deviation
    hand = composition_scores(BY_HAND, "K").scores[0, 0, 1, 0]
    assert hand < 0.2
    assert composition_test(BY_HAND, (0, 0), (1, 0)).without["k"] < 0.01


def test_layer_1_reads_more_of_l0h1_than_of_random_matrices() -> None:
    above = composition_scores(TWO, "K").above_baseline[0, :, 1]
    assert above[1].min() > 0.08
    assert above[0].max() < 0.01
    assert "L0H1→L1H1" in drawn(PAGE, "pairs").summary


def test_by_the_values_no_pair_stands_out_and_none_is_missed() -> None:
    by_values = composition_scores(TWO, "V").above_baseline[0, :, 1]
    assert by_values.max() < -0.08
    for early, late in PAIRS:
        test = composition_test(TWO, (0, early), (1, late))
        assert test.loss_without["v"] == pytest.approx(test.clean_loss, abs=0.002)


def test_one_pair_stands_out_by_the_values_and_is_a_virtual_head() -> None:
    for name in zoo.names():
        model = zoo.load(name)
        if model.cfg.n_layers > 1 and name != "induction-4l":
            assert np.nanmax(composition_scores(model, "V").above_baseline) < 0.01
    above = composition_scores(FOUR, "V").above_baseline
    assert above[0, 1, 1, 1] == np.nanmax(above)
    assert above[0, 1, 1, 1] > 0.07
    scores = {(row.layer, row.head): row.previous_token for row in head_scores(FOUR)}
    assert min(scores[0, 1], scores[1, 1]) > 0.9
    assert namespace(PAGE)["two_back"] > 0.8


def test_the_highest_score_into_l3h2_is_that_of_a_head_it_does_not_need() -> None:
    above = composition_scores(FOUR, "K").above_baseline[:3, :, 3, 2]
    assert above[2, 0] == above.max()
    assert above[1, 3] == pytest.approx(above[2, 0] / 2, abs=0.01)
    resting, needed = (composition_test(FOUR, earlier, (3, 2)) for earlier in ((2, 0), (1, 3)))
    assert resting.clean > 0.95
    assert resting.without["k"] == pytest.approx(resting.clean, abs=1e-5)
    assert needed.without["k"] < 0.15
    told = drawn(PAGE, "score_and_use").summary
    assert told.startswith("L2H0 by the keys has the highest score, +0.14: ")
    assert "from 0.96 to 0.96" in told
    assert "The cut that costs most is that of L1H3 by the keys, +0.07: from 0.96 to 0.13." in told


def test_l2h0_writes_the_same_everywhere_and_adds_the_same_to_every_score() -> None:
    _, cache = FOUR.replace(use_attn_result=True).run_with_cache(TEXT)
    assert cache["pattern", 2][0, 0, :, 0].min() > 0.999
    written = cache["result", 2][0, :, 0]
    np.testing.assert_allclose(written, written[:1].repeat(len(written), axis=0), atol=1e-6)
    for text, source in zip(TEXTS, ("sat", "met", "blue"), strict=True):
        chart = drawn(PAGE, "added_to_scores", text=text)
        added = [row[1] for row in chart.table.rows]
        assert max(added) - min(added) < 1e-5
        assert f"L1H3 adds most at “{source}”" in chart.summary


def test_what_is_added_is_a_share_of_the_score() -> None:
    _, cache = FOUR.replace(use_attn_result=True).run_with_cache(TEXT)
    shares = [row[1:3] for row in drawn(PAGE, "added_to_scores").table.rows]
    query, stream = cache["q", 3][0, -1, 2], cache["resid_pre", 3][0]
    for (layer, head), column in (((2, 0), 0), ((1, 3), 1)):
        without = (stream - cache["result", layer][0, :, head]) @ FOUR.W_K[3, 2] + FOUR.b_K[3, 2]
        rest = without @ query / np.sqrt(FOUR.cfg.d_head)
        whole = rest + np.array([share[column] for share in shares])
        np.testing.assert_allclose(whole, cache["attn_scores", 3][0, 2, -1], rtol=1e-3, atol=1e-3)


def test_a_pair_below_the_baseline_is_used() -> None:
    above = composition_scores(READER, "Q").above_baseline[0, 0, 1, 3]
    assert -0.015 < above < -0.005
    test = composition_test(READER, (0, 0), (1, 3))
    assert test.clean - test.without["q"] > 0.15
    assert test.loss_without["q"] > 5 * test.clean_loss
    told = drawn(PAGE, "score_and_use", later="L1H3 of text-2l").summary
    assert "L0H0 by the queries lies below the baseline, and its cut costs too: from 0.94 to 0.74." in told


def test_the_diagonal_wins_for_every_token_but_bos() -> None:
    for late in (0, 1):
        circuit = full_k_composition(TWO, (0, 1), (1, late))
        assert diagonal_accuracy(circuit, range(1, TWO.cfg.d_vocab)) == 1
        assert diagonal_accuracy(circuit, [0]) == 0
        assert diagonal_accuracy(full_k_composition(TWO, (0, 0), (1, late))) <= 0.05
    assert drawn(PAGE, "notes").summary == "In 0.98 of the rows the largest score stands on the diagonal."


def test_a_whole_diagonal_is_no_proof_either() -> None:
    assert diagonal_accuracy(full_k_composition(FOUR, (0, 1), (3, 0))) > 0.98
    spare, used = (composition_test(FOUR, earlier, (3, 0)) for earlier in ((0, 1), (1, 3)))
    for through in ("q", "k", "v", "qkv"):
        assert spare.without[through] == pytest.approx(spare.clean, abs=0.01)
    assert spare.loss_without["qkv"] == pytest.approx(spare.clean_loss, abs=1e-3)
    # Another head leaves the same note.
    assert diagonal_accuracy(full_k_composition(FOUR, (1, 3), (3, 0))) > 0.98
    assert used.without["k"] < 0.4
