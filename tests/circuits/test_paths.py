import math
from typing import Any

import numpy as np
import pytest

from circuit_explainer.circuits import logit_difference, path_patching, zero_heads
from circuit_explainer.circuits.heads import all_heads
from circuit_explainer.circuits.paths import Receivers, cut_path, head_output
from circuit_explainer.core import Transformer
from tests.circuits.conftest import random_model
from tests.core.slow import norm, turned

CLEAN = np.array([[1, 2, 3, 1, 2], [4, 5, 6, 4, 5]])
CORRUPTED = np.array([[1, 2, 7, 1, 8], [4, 9, 6, 10, 5]])
METRIC = logit_difference([3, 6], [7, 8])


def slow_receive(model: Transformer, stream: Any, head: tuple[int, int], changes: dict[str, Any]) -> tuple[Any, Any]:
    """What a head does with the residual stream ``[p, d]`` of one sequence, each of its inputs changed by itself."""
    cfg, (layer, index), made = model.cfg, head, {}
    weights = {"q": (model.W_Q, model.b_Q), "k": (model.W_K, model.b_K), "v": (model.W_V, model.b_V)}
    for name, (w, b) in weights.items():
        x = norm(model, dict(model.weights), {}, f"blocks.{layer}.ln1", stream + changes.get(name, 0))
        if cfg.positional_embedding_type == "shortformer" and name != "v":
            x = x + model.W_pos[: len(stream)]
        made[name] = x @ w[layer, index] + b[layer, index]
        if cfg.positional_embedding_type == "rotary" and name != "v":
            made[name] = np.array([turned(model, at, row) for at, row in enumerate(made[name])])
    pattern = np.zeros((len(stream), len(stream)))
    for i in range(len(stream)):
        scores = [made["q"][i] @ made["k"][j] / math.sqrt(cfg.d_head) for j in range(i + 1)]
        shares = [math.exp(score - max(scores)) for score in scores]
        pattern[i, : i + 1] = [share / sum(shares) for share in shares]
    return pattern, pattern @ made["v"]


@pytest.mark.parametrize("through", ["q", "k", "v", "qk", "qkv"])
def test_a_head_with_a_changed_input_equals_the_loop(any_model: Transformer, through: str) -> None:
    _, cache = any_model.run_with_cache(CLEAN)
    change = np.random.default_rng(0).standard_normal((2, 5, 7))
    receivers = Receivers(any_model)
    for layer, head in all_heads(any_model.cfg):
        received = receivers.receive(CLEAN, (layer, head), through, change)
        for b in range(2):
            changes = dict.fromkeys(through, change[b])
            pattern, z = slow_receive(any_model, cache["resid_pre", layer][b], (layer, head), changes)
            # float64; softmax and sums in another order.
            np.testing.assert_allclose(received.pattern[b], pattern, rtol=1e-8, atol=1e-10)
            np.testing.assert_allclose(received.z[b], z, rtol=1e-8, atol=1e-10)


def test_only_the_named_path_carries_the_change(any_model: Transformer) -> None:
    """Of all that the model did, nothing before the receiver changes, nor any other head beside it."""
    _, cache = any_model.run_with_cache(CLEAN)
    received = cut_path(Receivers(any_model), cache, CLEAN, (0, 1), (2, 0), "k")
    _, after = any_model.run_with_cache(CLEAN, fwd_hooks=received.hooks(any_model))
    for layer in range(3):
        np.testing.assert_array_equal(after["resid_pre", layer], cache["resid_pre", layer])
        np.testing.assert_array_equal(after["z", layer][:, :, 1:], cache["z", layer][:, :, 1:])
    assert (after["z", 2][:, 2:, 0] != cache["z", 2][:, 2:, 0]).any()
    np.testing.assert_array_equal(after["z", 2][:, :, 0], received.z)


def test_path_patching_equals_the_loop(any_model: Transformer) -> None:
    receiver = (2, 1)
    found = path_patching(any_model, CLEAN, CORRUPTED, METRIC, receiver)
    assert found.axes == ("input", "layer", "head")
    assert found.values.shape == (3, 3, any_model.cfg.n_heads)
    assert np.isnan(found.values[:, 2]).all()
    assert found.clean == pytest.approx(METRIC(any_model(CLEAN)))
    assert found.corrupted == pytest.approx(METRIC(any_model(CORRUPTED)))
    (_, clean), (_, damaged) = (any_model.run_with_cache(tokens) for tokens in (CLEAN, CORRUPTED))
    for number, through in enumerate("qkv"):
        for layer, head in ((0, 0), (1, 2)):
            change = (clean["z", layer] - damaged["z", layer])[:, :, head] @ any_model.W_O[layer, head]
            streams = damaged["resid_pre", 2]
            z = [slow_receive(any_model, streams[b], receiver, {through: change[b]})[1] for b in range(2)]

            def put(old: Any, hook: Any, z: Any = z) -> Any:
                old[:, :, 1] = z
                return old

            expected = METRIC(any_model.run_with_hooks(CORRUPTED, [("blocks.2.attn.hook_z", put)]))
            assert found.values[number, layer, head] == pytest.approx(expected, rel=1e-8, abs=1e-10)


def test_what_a_head_writes(any_model: Transformer) -> None:
    _, cache = any_model.run_with_cache(CLEAN)
    results = cache.stack_head_results()
    for number, head in enumerate(all_heads(any_model.cfg)):
        np.testing.assert_allclose(head_output(any_model, cache, head), results[number], rtol=1e-10, atol=1e-12)


def test_cutting_all_inputs_is_ablation_where_nothing_lies_between(any_model: Transformer) -> None:
    _, cache = any_model.run_with_cache(CLEAN)
    # The whole model with the sender silent: in the layer behind, every head misses it in all inputs. An MLP in the
    # sender's own layer would miss it too, so it is held to what it said.
    silent = zero_heads(any_model.cfg, [(0, 2)])
    if not any_model.cfg.attn_only:
        silent.append(("blocks.0.hook_mlp_out", lambda mlp_out, hook: cache["mlp_out", 0]))
    _, ablated = any_model.run_with_cache(CLEAN, fwd_hooks=silent)
    assert (ablated["z", 1] != cache["z", 1]).any()
    for head in range(any_model.cfg.n_heads):
        received = cut_path(Receivers(any_model), cache, CLEAN, (0, 2), (1, head), "qkv")
        np.testing.assert_allclose(received.z, ablated["z", 1][:, :, head], rtol=1e-8, atol=1e-10)


def test_hooks_of_every_run_reach_the_receiver() -> None:
    model = random_model(n_layers=3)
    hooks = [*zero_heads(model.cfg, [(0, 0)]), *zero_heads(model.cfg, [(2, 0)])]
    _, cache = model.run_with_cache(CLEAN, fwd_hooks=hooks)
    received = Receivers(model, hooks).receive(CLEAN, (1, 1), "q", np.zeros((2, 5, 7)))
    np.testing.assert_allclose(received.z, cache["z", 1][:, :, 1], rtol=1e-10)


def test_unfit_paths() -> None:
    model = random_model()
    _, cache = model.run_with_cache(CLEAN)
    receivers = Receivers(model)
    for through in ("", "o", "kk2"):
        with pytest.raises(ValueError, match=f"made of the letters q, k, v; got through='{through}'"):
            receivers.receive(CLEAN, (1, 0), through, np.zeros((2, 5, 7)))
    with pytest.raises(ValueError, match="earlier layer; got L1H0 and L1H1"):
        cut_path(receivers, cache, CLEAN, (1, 0), (1, 1), "k")
    with pytest.raises(ValueError, match=r"same shape; got \(2, 5\) and \(2, 3\)"):
        path_patching(model, CLEAN, CORRUPTED[:, :3], METRIC, (1, 0))
    with pytest.raises(ValueError, match=r"got \(2, 0\)"):
        path_patching(model, CLEAN, CORRUPTED, METRIC, (2, 0))


def test_the_note_goes_by_the_keys_alone(by_hand: Transformer) -> None:
    tokens = by_hand.to_tokens("the cat sat . the cat")
    changed = tokens.copy()
    changed[0, 2] = 20
    found = path_patching(by_hand, tokens, changed, logit_difference(tokens[0, 3]), (1, 0))
    # Queries, keys, values; the word that the note is about is the same in both texts where the queries are.
    np.testing.assert_allclose(found.restored[:, 0, 0], [0, 1, 0], atol=1e-3)
    # The other way round, the path is broken instead of restored.
    broken = path_patching(by_hand, changed, tokens, logit_difference(tokens[0, 3]), (1, 0))
    np.testing.assert_allclose(broken.restored[:, 0, 0], [0, 1, 0], atol=1e-3)


def test_in_the_trained_circuit_too_the_keys_carry_it_and_nothing_else_does(trained: Transformer) -> None:
    tokens = trained.to_tokens("the cat sat . the cat")
    changed = tokens.copy()
    changed[0, 2] = 20
    metric = logit_difference(tokens[0, 3])
    found = np.array([path_patching(trained, tokens, changed, metric, (1, head)).restored[:, 0] for head in range(2)])
    # Receivers, inputs, senders: both heads read the note of L0H1 by their keys, and share the work.
    assert (found[:, 1, 1] > 0.3).all()
    found[:, 1, 1] = 0
    np.testing.assert_allclose(found, 0, atol=0.02)
