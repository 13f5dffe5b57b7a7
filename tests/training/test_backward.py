import dataclasses
from typing import Any

import numpy as np
import pytest

from circuit_explainer.core import weight_shapes
from circuit_explainer.core.run import ops
from circuit_explainer.training import loss_and_gradients
from circuit_explainer.training.backward import cross_entropy
from tests.training.models import CASES, PLAIN, Sample, sample


def gradients(made: Sample, into: dict[str, Any] | None = None) -> Any:
    return loss_and_gradients(made.cfg, made.weights, made.tokens, made.counted, into)[1]


@pytest.mark.parametrize("blas", [True, False])
@pytest.mark.parametrize("case", CASES)
def test_gradients_equal_finite_differences(case: str, blas: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ops, "BLAS", blas)
    made = sample(CASES[case])
    grads = gradients(made)
    rng = np.random.default_rng(1)
    for name, array in made.weights.items():
        assert grads[name].shape == array.shape
        for index in (np.unravel_index(n, array.shape) for n in rng.permutation(array.size)[:3]):
            unit = np.zeros_like(array)
            unit[index] = 1
            # Central differences err by step**2 times a third derivative, and by rounding over step: about 1e-10.
            assert grads[name][index] == pytest.approx(made.slope({name: unit}, 1e-5), rel=1e-6, abs=1e-9), name


def test_losses_are_those_of_each_position() -> None:
    made = sample({})
    losses, _ = loss_and_gradients(made.cfg, made.weights, made.tokens, made.counted)
    assert losses.shape == (2, 8)
    mean = (losses * made.counted).sum() / made.counted.sum()
    assert mean == pytest.approx(made.loss(made.weights), rel=1e-12)


@pytest.mark.parametrize("positions", ["standard", "shortformer"])
def test_positions_and_tokens_that_do_not_occur_get_no_gradient(positions: str) -> None:
    made = sample({"positional_embedding_type": positions})
    # Memory that held something before.
    into = {name: np.full_like(array, np.nan) for name, array in made.weights.items()}
    grads = gradients(made, into)
    assert not grads["pos_embed.W_pos"][9:].any()
    absent = sorted(set(range(13)) - set(made.tokens.flat))
    assert absent
    assert not grads["embed.W_E"][absent].any()


@pytest.mark.parametrize("case", CASES)
def test_only_the_wanted_gradients_are_written(case: str) -> None:
    made = sample(CASES[case])
    whole = gradients(made)
    assert set(whole) == set(made.weights)
    for wanted in (list(whole)[::2], list(whole)[1::2]):
        into = {name: np.full_like(made.weights[name], np.nan) for name in wanted}
        assert gradients(made, into) is into
        for name in wanted:
            np.testing.assert_array_equal(into[name], whole[name], err_msg=name)


@pytest.mark.parametrize("case", CASES)
def test_float32_stays_float32(case: str) -> None:
    made = sample(CASES[case])
    single = {name: array.astype(np.float32) for name, array in made.weights.items()}
    losses, grads = loss_and_gradients(made.cfg, single, made.tokens, made.counted)
    assert {array.dtype.name for array in (losses, *grads.values())} == {"float32"}
    for name, expected in gradients(made).items():
        # float32 through some tens of operations.
        np.testing.assert_allclose(grads[name], expected, rtol=0, atol=2e-5 * max(1, np.abs(expected).max()))


def test_float32_is_kept_on_the_way(monkeypatch: pytest.MonkeyPatch) -> None:
    made = sample(CASES["adjacent pairs, gated"])
    single = {name: array.astype(np.float32) for name, array in made.weights.items()}
    real, met = ops.product, set()

    def product(a: Any, b: Any) -> Any:
        met.update({a.dtype.name, b.dtype.name})
        return real(a, b)

    monkeypatch.setattr(ops, "product", product)
    loss_and_gradients(made.cfg, single, made.tokens, made.counted)
    assert met == {"float32"}


def test_switches_that_show_more_change_nothing() -> None:
    made = sample({**CASES["gelu_new"], "n_layers": 2})
    shown = dataclasses.replace(
        made.cfg, use_attn_result=True, use_split_qkv_input=True, use_attn_in=True, use_hook_mlp_in=True
    )
    grads = gradients(dataclasses.replace(made, cfg=shown))
    for name, expected in gradients(made).items():
        np.testing.assert_array_equal(grads[name], expected, err_msg=name)


def test_the_gradient_of_the_logits_sums_to_zero() -> None:
    made = sample({})
    _, d_logits = cross_entropy(np.random.default_rng(0).standard_normal((2, 9, 13)), made.tokens, made.counted)
    # Softmax ignores a constant added to all logits; float64.
    np.testing.assert_allclose(d_logits.sum(axis=-1), 0, atol=1e-15)
    assert not d_logits[:, -1].any()


def test_all_weights_of_the_table_have_gradients() -> None:
    for fields in CASES.values():
        made = sample(fields)
        assert list(gradients(made)) == list(weight_shapes(made.cfg))


def test_the_sizes_of_the_cases_differ() -> None:
    sizes = [PLAIN[name] for name in ("n_layers", "d_model", "n_ctx", "d_head", "n_heads", "d_vocab")]
    assert len(set(sizes)) == 6


COUNTED = np.ones((1, 2))


@pytest.mark.parametrize(
    ("tokens", "counted", "said"),
    [
        ([[0, 1, 13]], COUNTED, "Tokens must lie between 0 and d_vocab - 1 = 12; got 13"),
        ([[0, -1, 3]], COUNTED, "Tokens must lie between 0 and d_vocab - 1 = 12; got -1"),
        ([[0.0, 1.0, 2.0]], COUNTED, "Tokens must be integers; got float64"),
        (np.zeros((1, 12), int), np.ones((1, 11)), "The model reads at most n_ctx=11 tokens; got 12"),
        ([[3]], np.ones((1, 0)), r"tokens must be integers \[b, p\] with p of at least 2; got shape \(1, 1\)"),
        ([3, 4, 5], COUNTED, r"tokens must be integers \[b, p\] with p of at least 2; got shape \(3,\)"),
        ([[0, 1, 2]], np.ones((1, 3)), r"counted must have shape \[b, p-1\] = \(1, 2\), .*; got \(1, 3\)"),
        ([[0, 1, 2]], 0 * COUNTED, "counted must be finite, not negative and not zero throughout, .* a sum of 0 "),
        ([[0, 1, 2]], np.array([[1, -1]]), "counted must be .*; got a sum of 0 and a least of -1"),
        ([[0, 1, 2]], np.array([[1, np.nan]]), "counted must be .*; got a sum of nan and a least of nan"),
        ([[0, 1, 2]], np.array([[1, np.inf]]), "counted must be .*; got a sum of inf and a least of 1"),
        (np.zeros((0, 3), int), np.ones((0, 2)), r"Tokens must .* not be empty; got \(0, 3\)"),
    ],
)
def test_bad_batches_are_named(tokens: Any, counted: Any, said: str) -> None:
    made = sample({})
    with pytest.raises(ValueError, match=f"^{said}"):
        loss_and_gradients(made.cfg, made.weights, np.array(tokens), counted)
