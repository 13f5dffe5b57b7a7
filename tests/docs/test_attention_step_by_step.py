"""What the lesson on attention claims, computed step by step from the weights and measured on the models that ship."""

from typing import Any

import numpy as np
import pytest

from circuit_explainer import zoo
from circuit_explainer.charts import ATTENTION_STEPS, softmax
from circuit_explainer.circuits import loss_on_repeats, value_weighted_attention
from tests.docs.drawn import drawn, namespace

MODEL, BY_HAND = zoo.load("induction-1l"), zoo.load("by-hand")
PAGE = "lessons/attention-step-by-step.md"
TEXT = "the cat sat ."
TEXTS = (TEXT, "red blue green red", "Ann met Bob , Ann")
SCORES = "blocks.0.attn.hook_attn_scores"
texts = pytest.mark.parametrize("text", TEXTS)
# Single precision in the model, single or double here.
CLOSE: dict[str, Any] = {"rtol": 1e-4, "atol": 1e-4}


def by_steps(text: str, head: int) -> dict[str, Any]:
    """Every step of one head, from the weights and the stream alone."""
    _, cache = MODEL.run_with_cache(text, names_filter="blocks.0.hook_resid_pre")
    x = cache["resid_pre", 0][0].astype(float)
    w = {kind: getattr(MODEL, f"W_{kind}")[0, head].astype(float) for kind in "QKVO"}
    q, k, v = (x @ w[kind] for kind in "QKV")
    dots = np.array([[sum(q[i] * k[j]) for j in range(len(x))] for i in range(len(x))])
    scores = dots / np.sqrt(32)
    pattern = np.zeros_like(scores)
    for i in range(len(x)):
        powers = np.exp(scores[i, : i + 1])
        pattern[i, : i + 1] = powers / powers.sum()
    z = np.stack([sum(pattern[i, j] * v[j] for j in range(len(x))) for i in range(len(x))])
    return {"x": x, "v": v, "dots": dots, "scores": scores, "pattern": pattern, "z": z, "result": z @ w["O"]}


@texts
def test_the_six_steps_are_what_the_model_does(text: str) -> None:
    _, cache = MODEL.replace(use_attn_result=True).run_with_cache(text)
    heads = [by_steps(text, head) for head in range(2)]
    for head, made in enumerate(heads):
        seen = np.tril(np.ones_like(made["scores"])) > 0
        scores = cache["attn_scores", 0][0, head]
        np.testing.assert_allclose(scores[seen], made["scores"][seen], **CLOSE)
        assert np.isneginf(scores[~seen]).all()
        np.testing.assert_allclose(cache["pattern", 0][0, head], made["pattern"], **CLOSE)
        np.testing.assert_allclose(cache["z", 0][0, :, head], made["z"], **CLOSE)
        np.testing.assert_allclose(cache["result", 0][0, :, head], made["result"], **CLOSE)
    added = heads[0]["result"] + heads[1]["result"]
    np.testing.assert_allclose(cache["attn_out", 0][0], added, **CLOSE)
    np.testing.assert_allclose(cache["resid_post", 0][0], heads[0]["x"] + added, **CLOSE)


def numbers(text: str, step: int) -> np.ndarray[Any, Any]:
    """The table that the exhibit shows at a step, empty cells as NaN."""
    rows = drawn(PAGE, "six_steps", text=text, step=ATTENTION_STEPS[step]).table.rows
    return np.array([[{"−∞": -np.inf, None: np.nan}.get(cell, cell) for cell in row[1:]] for row in rows], float)


@texts
def test_the_exhibit_shows_these_numbers(text: str) -> None:
    made = by_steps(text, 0)
    _, cache = MODEL.run_with_cache(text)
    later = np.triu(np.ones_like(made["scores"]), 1) > 0
    np.testing.assert_allclose(numbers(text, 0), made["dots"], rtol=1e-4, atol=1e-3)
    np.testing.assert_allclose(numbers(text, 1), made["scores"], **CLOSE)
    np.testing.assert_allclose(numbers(text, 2), np.where(later, -np.inf, made["scores"]), **CLOSE)
    shares = numbers(text, 3)
    np.testing.assert_allclose(shares[:, :-1], np.where(later, np.nan, made["pattern"]), **CLOSE)
    np.testing.assert_allclose(shares[:, -1], 1, rtol=1e-6)
    handed = numbers(text, 4)
    np.testing.assert_allclose(handed[:-1], (made["pattern"][-1][:, None] * made["v"])[:, :4], **CLOSE)
    np.testing.assert_allclose(handed[-1], made["z"][-1, :4], **CLOSE)
    before, this, other, after = numbers(text, 5)
    np.testing.assert_allclose(before, made["x"][-1, :4], **CLOSE)
    np.testing.assert_allclose(this, made["result"][-1, :4], **CLOSE)
    np.testing.assert_allclose(other, by_steps(text, 1)["result"][-1, :4], **CLOSE)
    np.testing.assert_allclose(after, cache["resid_post", 0][0, -1, :4], **CLOSE)


def test_each_step_tells_its_number() -> None:
    said = [drawn(PAGE, "six_steps", step=step).summary for step in ATTENTION_STEPS]
    assert said[0] == "The query of “.” and the key of “<BOS>” have the dot product 6.1, the largest of the last row."
    assert said[1] == "Each number is divided by √32 = 5.66. What was 6.1 is now 1.08."
    assert said[2].startswith("10 scores are set to −∞")
    assert said[3] == "Each row adds up to 1. “.” gives 0.61 to “<BOS>”: most of its attention."


def test_the_model_has_one_layer_of_two_heads_without_layernorm_or_biases() -> None:
    assert (MODEL.cfg.n_layers, MODEL.cfg.n_heads, MODEL.cfg.d_head, MODEL.cfg.d_vocab) == (1, 2, 32, 64)
    assert MODEL.cfg.normalization_type is None
    assert all(np.abs(array).max() == 0 for key, array in MODEL.weights.items() if ".b_" in key)
    sizes = {name: zoo.load(name).cfg for name in zoo.names()}
    assert [name for name, cfg in sizes.items() if cfg.n_layers == 1] == ["induction-1l"]
    with_heads = [name for name, cfg in sizes.items() if cfg.n_layers]
    assert min(with_heads, key=lambda name: zoo.facts(name)["parameters"]) == "induction-1l"


@pytest.mark.parametrize("width", [8, 32, 128])
def test_dot_products_spread_as_the_root_of_the_width(width: int) -> None:
    q, k = np.random.default_rng(1).standard_normal((2, 20_000, width))
    assert (q * k).sum(axis=1).std() == pytest.approx(np.sqrt(width), rel=0.03)
    assert ((q * k).sum(axis=1) / np.sqrt(width)).std() == pytest.approx(1, rel=0.03)


def test_the_numbers_of_the_prose() -> None:
    names = namespace(PAGE)
    assert names["row"][0] == names["row"].max() > 0.6
    assert names["spread"] == pytest.approx(np.sqrt(32), abs=0.1)
    assert names["spread_after"] == pytest.approx(1, abs=0.05)
    assert f"{names['sizes'][3] / names['sizes'][0]:.1f}" == "7.7"


@texts
def test_without_the_division_one_token_takes_nearly_everything(text: str) -> None:
    _, cache = MODEL.run_with_cache(text)
    rows = drawn(PAGE, "no_scale", text=text).table.rows
    clean, changed = (np.array([float(row[n]) for row in rows]) for n in (1, 2))
    np.testing.assert_allclose(clean, cache["pattern", 0][0, 0, -1], **CLOSE)
    assert 0.6 < clean[0] < 0.65
    assert changed[0] > 0.99
    np.testing.assert_allclose([clean.sum(), changed.sum()], 1, rtol=1e-6)


def test_the_loss_about_doubles_without_it() -> None:
    def undivided(scores: Any, hook: Any) -> Any:
        return scores * np.float32(np.sqrt(32))

    loss, changed = loss_on_repeats(MODEL), loss_on_repeats(MODEL, fwd_hooks=[(SCORES, undivided)])
    assert 1.8 < changed / loss < 2.2
    assert namespace(PAGE)["loss_undivided"] == pytest.approx(changed)


def test_temperature_makes_shares_even_or_sharp() -> None:
    shares = []
    for at in range(8):
        rows = drawn(PAGE, "temperature", at=at).table.rows
        clean, changed = (np.array([float(row[n]) for row in rows]) for n in (1, 2))
        assert changed.sum() == pytest.approx(1)
        assert list(changed.argsort()) == list(clean.argsort())  # the order stays
        shares.append(changed.max())
    assert shares == sorted(shares, reverse=True)
    assert shares[0] > 0.99
    np.testing.assert_allclose(drawn(PAGE, "temperature", at=3).table.rows[0][3], 0, atol=1e-6)
    np.testing.assert_allclose([row[2] for row in drawn(PAGE, "temperature", at=7).table.rows], 0.2, atol=0.01)


def test_no_division_is_a_temperature() -> None:
    assert f"{1 / np.sqrt(32):.2f}" == "0.18"
    warm, bare = (
        drawn(PAGE, name, **values).table.rows for name, values in (("temperature", {"at": 1}), ("no_scale", {}))
    )
    np.testing.assert_allclose([row[2] for row in warm], [row[2] for row in bare], atol=0.001)


@texts
def test_without_the_mask_the_next_word_is_read(text: str) -> None:
    rows = drawn(PAGE, "no_mask", text=text).table.rows
    assert [row[0] for row in rows] == text.split()
    # The text is random to the model: a word cannot be foretold. It can where a word comes again, a little.
    assert max(float(row[1]) for row in rows) < 0.15
    assert min(float(row[2]) for row in rows) > 0.75


def test_an_honest_guess_has_about_one_chance_in_64() -> None:
    logits = MODEL(TEXT)
    coming = MODEL.to_tokens(TEXT)[0, 1:]
    assert softmax(logits[0])[np.arange(4), coming].max() < 1.5 / 64


def test_without_the_mask_much_attention_goes_ahead() -> None:
    _, cache = MODEL.run_with_cache(TEXT)
    q, k = cache["q", 0][0], cache["k", 0][0]
    shares = softmax(np.einsum("qhe,khe->hqk", q, k) / np.sqrt(32))
    ahead = np.triu(shares, 1).sum(axis=-1)  # [head, query]
    assert ahead[:, 0].min() > 0.99
    assert ahead[:, 1].min() > 0.5
    assert ahead[:, -1].max() == 0


@texts
def test_the_token_that_is_looked_at_is_not_the_one_that_moves_most(text: str) -> None:
    _, cache = MODEL.run_with_cache(text)
    moved = value_weighted_attention(MODEL, cache, 0)[0, 0, -1]
    assert cache["pattern", 0][0, 0, -1].argmax() == 0
    assert moved.argmax() != 0
    rows = drawn(PAGE, "value_weighted", text=text).table.rows
    share, size, told = (np.array([float(row[n]) for row in rows]) for n in (1, 2, 3))
    np.testing.assert_allclose(share * size, told, rtol=1e-5)
    np.testing.assert_allclose(told, moved, rtol=1e-5)


def test_sat_moves_most() -> None:
    said = drawn(PAGE, "value_weighted").summary
    assert said == (
        "“.” gives 0.61 to “<BOS>”: most of its attention. That moves 1.93. The 0.14 for “sat” moves more: 3.54."
    )


def test_the_value_of_bos_is_empty_in_the_model_by_hand() -> None:
    names = namespace(PAGE)
    assert names["empty"] == 0
    assert names["rests"] > 0.999
    _, cache = BY_HAND.run_with_cache("the cat sat . the bird")
    assert np.abs(cache["attn_out", 1][0, -1]).max() < 1e-6


def test_the_model_bets_on_words_that_it_looked_at() -> None:
    rows = drawn(PAGE, "next_word").table.rows
    assert {row[0] for row in rows[:3]} == {"the", "cat", "sat"}
    assert min(float(row[1]) for row in rows[:3]) > 5 / 64
    assert drawn(PAGE, "next_word", on=[]).summary.startswith("No word stands out")
