from collections.abc import Callable

import numpy as np
import pytest

from circuit_explainer.core import Transformer
from tests.core.cache.test_residual import ADDED, TOKENS, cached, close
from tests.core.kinds import KINDS

Make = Callable[..., Transformer]
MLPS = [kind for kind, fields in KINDS.items() if "act_fn" in fields]


@pytest.mark.parametrize("kind", KINDS)
def test_heads_and_their_bias_sum_to_what_attention_adds(make_model: Make, kind: str) -> None:
    cache = cached(make_model, kind)
    model, heads = cache.model, cache.model.cfg.n_heads
    stack, labels = cache.stack_head_results(return_labels=True)
    assert labels == model.all_head_labels()
    assert stack.shape == (2 * heads, 2, 6, 7)
    for layer in range(2):
        close(stack[layer * heads : (layer + 1) * heads].sum(axis=0) + model.b_O[layer], cache["attn_out", layer])
    expected = cache["z", 1][1, 3, 1] @ model.W_O[1, 1]
    close(stack[heads + 1, 1, 3], expected)
    close(cache.stack_head_results(pos_slice=-1), stack[:, :, -1])
    close(cache.stack_head_results(1, pos_slice=(1, 3)), stack[:heads, :, 1:3])
    whole, names = cache.stack_head_results(1, incl_remainder=True, return_labels=True)
    assert names == [*labels[:heads], "remainder"]
    close(whole.sum(axis=0), cache["resid_post", 0])
    assert cache.stack_head_results(0).shape == (0, 2, 6, 7)
    assert cache.stack_head_results(0, pos_slice=2).shape == (0, 2, 7)
    close(cache.stack_head_results(0, incl_remainder=True)[0], cache["resid_pre", 0])
    if model.cfg.normalization_type is not None:
        scaled = cache.stack_head_results(apply_ln=True, incl_remainder=True)
        close(scaled.sum(axis=0), cache["ln_final.hook_normalized"])


def test_heads_without_their_results_in_the_cache(make_model: Make) -> None:
    model = make_model(use_attn_result=True)
    _, cache = model.run_with_cache(TOKENS)
    _, bare = model.run_with_cache(TOKENS, lambda name: name.endswith("hook_z"))
    close(bare.stack_head_results(), cache.stack_head_results())
    bare.compute_head_results()
    close(bare["result", 1], cache["result", 1])
    # A result that a hook changed is the one that counts.
    _, hooked = model.run_with_cache(TOKENS, fwd_hooks=[("blocks.0.attn.hook_result", lambda x, hook: 0 * x)])
    assert not hooked.stack_head_results(1).any()


@pytest.mark.parametrize("kind", MLPS)
def test_neurons_and_their_bias_sum_to_what_the_mlp_adds(make_model: Make, kind: str) -> None:
    cache = cached(make_model, kind)
    model, size = cache.model, cache.model.cfg.d_mlp or 0
    stack, labels = cache.stack_neuron_results(-1, return_labels=True)
    assert stack.shape == (2 * size, 2, 6, 7)
    assert (labels[0], labels[size + 1]) == ("L0N0", "L1N1")
    close(stack[size:].sum(axis=0) + model.b_out[1], cache["mlp_out", 1])
    close(stack[size + 3, 1, 2], cache["post", 1][1, 2, 3] * model.W_out[1, 3])
    part, names = cache.stack_neuron_results(None, -1, (2, 5), return_labels=True)
    assert names == [f"L{layer}N{neuron}" for layer in range(2) for neuron in (2, 3, 4)]
    close(part, np.concatenate([stack[2:5], stack[size + 2 : size + 5]])[:, :, -1])
    assert cache.stack_neuron_results(1, neuron_slice=4, return_labels=True)[1] == ["L0N4"]
    close(cache.get_neuron_results(1, neuron_slice=[3])[..., 0, :], stack[size + 3])


@pytest.mark.parametrize("kind", ADDED)
@pytest.mark.parametrize("expand_neurons", [True, False])
def test_everything_sums_to_the_stream(make_model: Make, kind: str, expand_neurons: bool) -> None:
    cache = cached(make_model, kind)
    for layer in range(3):
        stack, labels = cache.get_full_resid_decomposition(layer, expand_neurons=expand_neurons, return_labels=True)
        assert len(stack) == len(labels)
        assert labels[-1] == "bias"
        close(stack.sum(axis=0), cache["resid_pre", layer] if layer < 2 else cache["resid_post", 1])
    if not cache.model.cfg.attn_only:
        stack = cache.get_full_resid_decomposition(1, mlp_input=True, expand_neurons=expand_neurons, pos_slice=3)
        close(stack.sum(axis=0), cache["resid_mid", 1][:, 3])
    if cache.model.cfg.normalization_type is not None:
        stack = cache.get_full_resid_decomposition(apply_ln=True, pos_slice=-1)
        close(stack.sum(axis=0), cache["ln_final.hook_normalized"][:, -1])


def test_one_activation_of_every_layer(make_model: Make) -> None:
    cache = cached(make_model, "results")
    np.testing.assert_array_equal(cache.stack_activation("pattern")[1], cache["pattern", 1])
    assert cache.stack_activation("scale", 1, "ln1").shape == (1, 2, 6, 1)
