from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from circuit_explainer.circuits import (
    logit_attribution,
    next_token_attribution,
    source_attribution,
    zero_heads,
)
from circuit_explainer.core import Transformer
from tests.core.slow import Acts, slow_run

Make = Callable[..., Transformer]
TOKENS = np.array([[1, 2, 3, 1, 2], [4, 5, 6, 4, 5]])


def slow_added(model: Transformer, acts: Acts, stream: Any, position: int, token: int, b: int) -> float:
    """What a part of the residual stream adds: centred, over the scale, times the weights, times the token's column."""
    if model.cfg.normalization_type in ("LN", "LNPre"):
        stream = stream - stream.mean()
    if model.cfg.normalization_type is not None:
        stream = stream / acts["ln_final.hook_scale"][b, position, 0]
    if model.cfg.normalization_type in ("LN", "RMS"):
        stream = stream * model.weights["ln_final.w"]
    return float(stream @ model.W_U[:, token])


def slow(model: Transformer, position: int, token: int, b: int) -> dict[str, float]:
    """Every component by the definition."""
    acts, cfg, w = slow_run(model, TOKENS), model.cfg, model.weights

    def added(stream: Any) -> float:
        return slow_added(model, acts, stream, position, token, b)

    parts = {"embedding": added(acts["hook_embed"][b, position])}
    if cfg.positional_embedding_type == "standard":
        parts["positions"] = added(acts["hook_pos_embed"][b, position])
    for layer in range(cfg.n_layers):
        for head in range(cfg.n_heads):
            z = acts[f"blocks.{layer}.attn.hook_z"][b, position, head]
            parts[f"L{layer}H{head}"] = added(z @ model.W_O[layer, head])
        if not cfg.attn_only:
            parts[f"L{layer} MLP"] = added(acts[f"blocks.{layer}.hook_mlp_out"][b, position])
    parts["output biases"] = added(model.b_O.sum(axis=0))
    parts["unembedding bias"] = float(model.b_U[token])
    if cfg.normalization_type == "LN":
        parts["unembedding bias"] += float(w["ln_final.b"] @ model.W_U[:, token])
    return parts


@pytest.mark.parametrize("position", [-1, 2])
def test_every_component_by_the_definition(any_model: Transformer, position: int) -> None:
    logits, cache = any_model.run_with_cache(TOKENS)
    parts = logit_attribution(any_model, cache, [3, 6], position)
    np.testing.assert_array_equal(parts.logit, logits[[0, 1], position, [3, 6]])
    for b, token in enumerate([3, 6]):
        expected = slow(any_model, position, token, b)
        assert parts.labels == tuple(expected)
        # float64 sums of about ten terms.
        np.testing.assert_allclose(parts.values[b], list(expected.values()), rtol=1e-8, atol=1e-10)


def test_labels_and_order(make_model: Make) -> None:
    heads = ("L0H0", "L0H1", "L0H2", "L1H0", "L1H1", "L1H2")
    model = make_model()
    cache = model.run_with_cache(TOKENS)[1]
    labels = logit_attribution(model, cache, 3).labels
    assert labels == ("embedding", "positions", *heads, "output biases", "unembedding bias")
    by_layer = logit_attribution(model, cache, 3, by="layer").labels
    assert by_layer == ("embedding", "positions", "L0 attention", "L1 attention", "unembedding bias")
    short = make_model(positional_embedding_type="shortformer", attn_only=False, d_mlp=17, act_fn="relu")
    cache = short.run_with_cache(TOKENS)[1]
    with_mlps = ("embedding", *heads[:3], "L0 MLP", *heads[3:], "L1 MLP", "output biases", "unembedding bias")
    assert logit_attribution(short, cache, 3).labels == with_mlps


def test_a_layer_is_its_heads_and_their_bias(any_model: Transformer) -> None:
    _, cache = any_model.run_with_cache(TOKENS)
    heads, layers = (logit_attribution(any_model, cache, 3, by=by) for by in ("head", "layer"))
    groups = [label for label in layers.labels if "attention" in label]
    inside = [n for n, label in enumerate(heads.labels) if "H" in label or label == "output biases"]
    grouped = layers.values[:, [layers.labels.index(label) for label in groups]].sum(axis=1)
    np.testing.assert_allclose(grouped, heads.values[:, inside].sum(axis=1), rtol=1e-9, atol=1e-10)


def test_every_position_is_explained_as_it_is_alone(any_model: Transformer) -> None:
    _, cache = any_model.run_with_cache(TOKENS)
    together = next_token_attribution(any_model, cache, TOKENS)
    assert together.values.shape[:2] == together.logit.shape == (2, 4)
    for position in range(4):
        alone = logit_attribution(any_model, cache, TOKENS[:, position + 1], position)
        np.testing.assert_allclose(together.values[:, position], alone.values, rtol=1e-10, atol=1e-12)
        np.testing.assert_array_equal(together.logit[:, position], alone.logit)


def test_a_last_layer_head_adds_what_its_removal_takes_away(make_model: Make) -> None:
    model = make_model()
    logits, cache = model.run_with_cache(TOKENS)
    without = model.run_with_hooks(TOKENS, zero_heads(model.cfg, [(1, 2)]))
    parts = logit_attribution(model, cache, 7)
    lost = (logits - without)[:, -1, 7]
    # Nothing reads the last layer but the unembedding, so its effect is all direct; float64.
    np.testing.assert_allclose(parts.values[:, parts.labels.index("L1H2")], lost, rtol=1e-9, atol=1e-12)
    assert np.abs(lost).min() > 1e-3


def test_a_source_by_the_definition(any_model: Transformer) -> None:
    _, cache = any_model.run_with_cache(TOKENS)
    acts = slow_run(any_model, TOKENS)
    found = source_attribution(any_model, cache, 7, position=3).values
    for b, layer, head, key in np.ndindex(*found.shape):
        attn = f"blocks.{layer}.attn"
        v = acts[f"{attn}.hook_v"][b, key]
        moved = v[head * len(v) // any_model.cfg.n_heads] @ any_model.W_O[layer, head]
        expected = slow_added(any_model, acts, acts[f"{attn}.hook_pattern"][b, head, 3, key] * moved, 3, 7, b)
        # float64, through three layers that were computed twice.
        assert found[b, layer, head, key] == pytest.approx(expected, rel=1e-8, abs=1e-10)
    # Nothing comes from behind the position.
    np.testing.assert_array_equal(found[..., 4], 0)


def test_the_induction_heads_make_the_prediction_from_the_word_that_came_after(trained: Transformer) -> None:
    text = "the cat sat . the cat"
    logits, cache = trained.run_with_cache(text)
    answer = int(logits[0, -1].argmax())
    sources = source_attribution(trained, cache, answer).values[0]
    assert trained.to_str_tokens(text)[int(sources[1].sum(axis=0).argmax())] == "sat"
    assert sources[1, :, 3].sum() > 0.9 * logits[0, -1, answer]


@pytest.mark.parametrize("token", [13, -1, 0.5, "cat"])
def test_unfit_tokens(make_model: Make, token: object) -> None:
    model = make_model()
    cache = model.run_with_cache(TOKENS)[1]
    with pytest.raises(ValueError, match="token must be an integer between 0 and 12; got"):
        logit_attribution(model, cache, token)
    with pytest.raises(ValueError, match="against must be an integer between 0 and 12; got"):
        source_attribution(model, cache, 3, against=token)


def test_unfit_questions(make_model: Make) -> None:
    model = make_model()
    cache = model.run_with_cache(TOKENS)[1]
    with pytest.raises(ValueError, match=r"one token for each of 2 sequences; got shape \(3,\)"):
        logit_attribution(model, cache, [1, 2, 3])
    with pytest.raises(ValueError, match="by must be 'head' or 'layer'; got by='neuron'"):
        logit_attribution(model, cache, 3, by="neuron")
    for ask in (logit_attribution, source_attribution):
        wrong: Any
        for wrong in (5, -6, 1.5, "last"):
            with pytest.raises(ValueError, match=f"position must be a whole number between -5 and 4; got .*={wrong!r}"):
                ask(model, cache, 3, wrong)
    with pytest.raises(ValueError, match=r"tokens must have rows of one length; got \[\[1, 2\], \[3\]\]"):
        next_token_attribution(model, cache, [[1, 2], [3]])
    with pytest.raises(ValueError, match="batch axis"):
        logit_attribution(model, model.run_with_cache(TOKENS[:1], remove_batch_dim=True)[1], 3)
