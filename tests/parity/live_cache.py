"""The methods of the cache and of the model's weights against TransformerLens's own (``make parity``)."""

import secrets
import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import torch

from circuit_explainer.core import Config, Transformer
from tests.parity import reference

# As in live_hooks; sums of components lose a little more.
TOLERANCE = 1e-5

CALLS: list[tuple[str, dict[str, Any]]] = [
    ("accumulated_resid", {}),
    ("accumulated_resid", {"apply_ln": True, "pos_slice": -1}),
    ("accumulated_resid", {"layer": -1, "pos_slice": [0, 2]}),
    ("decompose_resid", {}),
    ("decompose_resid", {"layer": 0}),
    ("decompose_resid", {"mode": "attn", "apply_ln": True, "pos_slice": 2}),
    ("decompose_resid", {"layer": 0, "mlp_input": True, "incl_embeds": False}),
    ("stack_head_results", {}),
    ("stack_head_results", {"layer": 1, "incl_remainder": True, "pos_slice": (3,)}),
    ("stack_head_results", {"layer": 0}),
    ("get_full_resid_decomposition", {"expand_neurons": False, "apply_ln": True, "pos_slice": -1}),
    ("get_full_resid_decomposition", {"layer": 0, "mlp_input": True, "expand_neurons": False}),
]
# Where the heads of a layer have one input.
JOINT_CALLS: list[tuple[str, dict[str, Any]]] = [
    ("accumulated_resid", {"layer": 0, "apply_ln": True, "pos_slice": (1, 4)}),
    ("stack_head_results", {"layer": 1, "incl_remainder": True, "pos_slice": (3,), "apply_ln": True}),
]
MLP_CALLS: list[tuple[str, dict[str, Any]]] = [
    ("accumulated_resid", {"layer": 0, "incl_mid": True, "mlp_input": True, "apply_ln": True}),
    ("accumulated_resid", {"incl_mid": True}),
    ("decompose_resid", {"layer": 0, "mlp_input": True, "incl_embeds": False, "apply_ln": True}),
    ("decompose_resid", {"mode": "mlp", "incl_embeds": False}),
    ("stack_neuron_results", {"layer": 1, "pos_slice": -1}),
    ("stack_neuron_results", {"layer": -1, "neuron_slice": (2, 5), "incl_remainder": True, "apply_ln": True}),
    ("stack_neuron_results", {"layer": 0, "neuron_slice": [1, 3]}),
    ("get_full_resid_decomposition", {"apply_ln": True, "pos_slice": (0, 4, 2)}),
]


def both(case: str) -> tuple[Any, Any, Any, Any]:
    """Our cache, TransformerLens's, and the two models."""
    config, weights, theirs, tokens = reference.model(case, secrets.randbits(32))
    ours = Transformer(Config.from_dict(config), weights)
    with torch.no_grad():
        return ours.run_with_cache(tokens)[1], theirs.run_with_cache(torch.from_numpy(tokens))[1], ours, theirs


def close(actual: Any, expected: Any) -> None:
    expected = expected.detach().numpy()
    assert actual.shape == expected.shape
    largest = np.abs(expected).max(initial=1)
    np.testing.assert_allclose(actual, expected, rtol=0, atol=TOLERANCE * largest)


@pytest.fixture
def without_gradients() -> Iterator[None]:
    with torch.no_grad():
        yield


@pytest.mark.parametrize("case", reference.CASES)
def test_stacks(case: str) -> None:
    cache, their_cache, ours, _ = both(case)
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")
        cfg = ours.cfg
        by_head = cfg.use_attn_in or cfg.use_split_qkv_input
        for name, arguments in CALLS + MLP_CALLS * (not cfg.attn_only) + JOINT_CALLS * (not by_head):
            stack, labels = getattr(cache, name)(**arguments, return_labels=True)
            expected, their_labels = getattr(their_cache, name)(**arguments, return_labels=True)
            close(stack, expected)
            assert labels == their_labels
            np.testing.assert_array_equal(stack, getattr(cache, name)(**arguments))


@pytest.mark.parametrize("case", reference.CASES)
@pytest.mark.usefixtures("without_gradients")
def test_logits_and_slices(case: str) -> None:
    cache, their_cache, ours, _ = both(case)
    batch = cache["embed"].shape[0]
    tokens, others = np.arange(batch) % ours.cfg.d_vocab, (np.arange(batch) + 1) % ours.cfg.d_vocab
    for where in (-1, 1):
        stack, expected = cache.decompose_resid(pos_slice=where), their_cache.decompose_resid(pos_slice=where)
        close(cache.logit_attrs(stack, 3, pos_slice=where), their_cache.logit_attrs(expected, 3, pos_slice=where))
        close(
            cache.logit_attrs(stack, tokens, others, pos_slice=where),
            their_cache.logit_attrs(expected, torch.tensor(tokens), torch.tensor(others), pos_slice=where),
        )
    stack, expected = cache.decompose_resid(), their_cache.decompose_resid()
    for part in (0, (0, 1), [0]):
        close(
            cache.logit_attrs(stack, 2, 1, batch_slice=part), their_cache.logit_attrs(expected, 2, 1, batch_slice=part)
        )
        sliced, expected_slice = cache.apply_slice_to_batch_dim(part), their_cache.apply_slice_to_batch_dim(part)
        close(sliced["pattern", 0], expected_slice["pattern", 0])
        assert sliced.has_batch_dim == expected_slice.has_batch_dim
        close(sliced.accumulated_resid(apply_ln=True), expected_slice.accumulated_resid(apply_ln=True))
    close(cache.stack_activation("q"), their_cache.stack_activation("q"))
    one = cache.apply_slice_to_batch_dim([0]).remove_batch_dim()
    close(one.stack_head_results(), their_cache.apply_slice_to_batch_dim([0]).remove_batch_dim().stack_head_results())
    cache.compute_head_results()
    their_cache.compute_head_results()
    close(cache["result", 0], their_cache["result", 0])


@pytest.mark.parametrize("case", reference.CASES)
@pytest.mark.usefixtures("without_gradients")
def test_weights(case: str) -> None:
    _, _, ours, theirs = both(case)
    names = ["W_E", "W_U", "b_U", "W_Q", "W_K", "W_V", "W_O", "b_Q", "b_K", "b_V", "b_O"]
    if ours.cfg.positional_embedding_type != "rotary":
        names += ["W_pos", "W_E_pos"]
    if not ours.cfg.attn_only:
        names += ["W_in", "W_out", "b_in", "b_out"] + ["W_gate"] * ours.cfg.gated_mlp
    for name in names:
        close(getattr(ours, name), getattr(theirs, name))
    close(ours.QK.AB, theirs.QK.AB)
    close(ours.OV.AB, theirs.OV.AB)
    assert ours.all_head_labels() == theirs.all_head_labels()
    for layer in range(ours.cfg.n_layers):
        for mlps in (False, True)[: 2 - ours.cfg.attn_only]:
            close(ours.accumulated_bias(layer, True, mlps), theirs.accumulated_bias(layer, True, mlps))
    for tokens in (3, [3], [1, 2], [[0, 1], [2, 3]]):
        expected = theirs.tokens_to_residual_directions(tokens if tokens == 3 else torch.tensor(tokens))
        close(ours.tokens_to_residual_directions(tokens), expected)


@pytest.mark.parametrize("case", ["plain", "layernorm", "grouped"])
def test_stopping_at_a_layer(case: str) -> None:
    config, weights, theirs, tokens = reference.model(case, secrets.randbits(32))
    ours = Transformer(Config.from_dict(config), weights)
    for stop in range(-ours.cfg.n_layers, ours.cfg.n_layers + 1):
        with torch.no_grad():
            expected, their_cache = theirs.run_with_cache(torch.from_numpy(tokens), stop_at_layer=stop)
        out, cache = ours.run_with_cache(tokens, stop_at_layer=stop)
        close(out, expected)
        assert list(cache) == list(their_cache)
