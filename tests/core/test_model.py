import tracemalloc
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from circuit_explainer.core import HookPoint, SymbolTokenizer, TextError, Transformer
from circuit_explainer.core.forward import head_results

Make = Callable[..., Transformer]
TOKENS = np.array([[1, 2, 3, 4, 1, 2], [5, 6, 7, 5, 6, 7]])
Z0 = "blocks.0.attn.hook_z"


def slow_logits(model: Transformer, tokens: Any) -> Any:
    """One sequence at a time, one head at a time, from the definitions, in float64."""
    cfg, w = model.cfg, {name: array.astype(float) for name, array in model.weights.items()}
    out = []
    for sequence in tokens:
        pos = w["pos_embed.W_pos"][: len(sequence)]
        resid = w["embed.W_E"][sequence]
        if cfg.positional_embedding_type == "standard":
            resid = resid + pos
        for layer in range(cfg.n_layers):
            normed = slow_norm(model, f"blocks.{layer}.ln1", resid)
            placed = normed if cfg.positional_embedding_type == "standard" else normed + pos
            attn = {kind: w[f"blocks.{layer}.attn.{kind}"] for kind in ("W_Q", "W_K", "W_V", "W_O")}
            bias = {kind: w[f"blocks.{layer}.attn.{kind}"] for kind in ("b_Q", "b_K", "b_V", "b_O")}
            added = np.zeros_like(resid) + bias["b_O"]
            for head in range(cfg.n_heads):
                q = placed @ attn["W_Q"][head] + bias["b_Q"][head]
                k = placed @ attn["W_K"][head] + bias["b_K"][head]
                v = normed @ attn["W_V"][head] + bias["b_V"][head]
                for i in range(len(sequence)):
                    weight = np.exp([q[i] @ k[j] / cfg.d_head**0.5 for j in range(i + 1)])
                    added[i] += (weight / weight.sum()) @ v[: i + 1] @ attn["W_O"][head]
            resid = resid + added
        out.append(slow_norm(model, "ln_final", resid) @ w["unembed.W_U"] + w["unembed.b_U"])
    return np.array(out)


def slow_norm(model: Transformer, name: str, x: Any) -> Any:
    if model.cfg.normalization_type is None:
        return x
    normed = np.array([(row - row.mean()) / np.sqrt(row.var() + model.cfg.eps) for row in x])
    if model.cfg.normalization_type == "LNPre":
        return normed
    return normed * model.weights[f"{name}.w"] + model.weights[f"{name}.b"]


@pytest.mark.parametrize("normalization", [None, "LN", "LNPre"])
@pytest.mark.parametrize("positions", ["standard", "shortformer"])
@pytest.mark.parametrize("result", [False, True])
def test_logits_equal_the_loops(make_model: Make, normalization: str | None, positions: str, result: bool) -> None:
    model = make_model(normalization_type=normalization, positional_embedding_type=positions, use_attn_result=result)
    # Both in float64: rounding of a few hundred sums, and softmax of scores up to some hundreds.
    np.testing.assert_allclose(model(TOKENS), slow_logits(model, TOKENS), rtol=1e-9, atol=1e-9)


def test_all_ways_to_run_give_the_same_logits(make_model: Make) -> None:
    model = make_model()
    logits, cache = model.run_with_cache(TOKENS)
    np.testing.assert_array_equal(model(TOKENS), logits)
    np.testing.assert_array_equal(model.run_with_hooks(TOKENS), logits)
    np.testing.assert_array_equal(cache["unembed.hook_out"], logits)
    np.testing.assert_array_equal(model(TOKENS[0])[0], model(TOKENS[:1].tolist())[0])


def test_later_tokens_change_nothing_before_them(make_model: Make) -> None:
    model = make_model()
    changed = TOKENS.copy()
    changed[:, -1] = 12
    np.testing.assert_array_equal(model(changed)[:, :-1], model(TOKENS)[:, :-1])
    assert (model(changed)[:, -1] != model(TOKENS)[:, -1]).any()


@pytest.mark.parametrize(
    ("wanted", "kept"),
    [
        (Z0, [Z0]),
        ([Z0, "hook_embed"], ["hook_embed", Z0]),
        (lambda name: name.endswith("pattern"), ["blocks.0.attn.hook_pattern", "blocks.1.attn.hook_pattern"]),
        ([], []),
    ],
)
def test_names_filter(make_model: Make, wanted: Any, kept: list[str]) -> None:
    assert list(make_model().run_with_cache(TOKENS, wanted)[1]) == kept


def test_hooks_read_replace_and_write_in_place(make_model: Make) -> None:
    model = make_model()
    clean, cache = model.run_with_cache(TOKENS)
    seen: list[tuple[str, Any]] = []

    def read(value: Any, hook: HookPoint) -> None:
        seen.append((hook.name, value.copy()))

    def in_place(value: Any, hook: HookPoint) -> None:
        value[:, :, 1] = 0

    def replace(value: Any, hook: HookPoint) -> Any:
        return value * (np.arange(3) != 1)[:, None]

    np.testing.assert_array_equal(model.run_with_hooks(TOKENS, [(Z0, read)]), clean)
    assert seen[0][0] == Z0
    np.testing.assert_array_equal(seen[0][1], cache["z", 0])
    ablated = model.run_with_hooks(TOKENS, [(Z0, replace)])
    assert np.abs(ablated - clean).max() > 0.1
    np.testing.assert_array_equal(model.run_with_hooks(TOKENS, [(Z0, in_place)]), ablated)
    np.testing.assert_array_equal(model(TOKENS), clean)


def test_removing_a_head_removes_its_result(make_model: Make) -> None:
    model = make_model()
    _, clean = model.run_with_cache(TOKENS)

    def zero(value: Any, hook: HookPoint) -> Any:
        value[:, :, 2] = 0
        return value

    _, cache = model.run_with_cache(TOKENS, fwd_hooks=[(Z0, zero)])
    result = head_results(clean["z", 0], model.W_O[0])[:, :, 2]
    # float64; a difference of sums of a few terms.
    np.testing.assert_allclose(clean["attn_out", 0] - cache["attn_out", 0], result, atol=1e-12)
    assert (cache["z", 0][:, :, 2] == 0).all()


def test_a_hook_that_writes_in_place_spoils_nothing_kept_before(make_model: Make) -> None:
    def wipe(value: Any, hook: HookPoint) -> None:
        value[...] = 0

    _, cache = make_model().run_with_cache(TOKENS, fwd_hooks=[("blocks.1.hook_resid_pre", wipe)])
    assert np.abs(cache["resid_post", 0]).min() > 0
    assert np.abs(cache["resid_pre", 1]).max() == 0


def test_hooks_run_in_order_and_by_function_of_names(make_model: Make) -> None:
    order: list[str] = []
    hooks = [
        (lambda name: name.endswith("hook_z"), lambda value, hook: order.append(f"a {hook.name}")),
        (Z0, lambda value, hook: order.append(f"b {hook.name}")),
    ]
    make_model().run_with_hooks(TOKENS, hooks)  # type: ignore[arg-type]
    assert order == [f"a {Z0}", f"b {Z0}", "a blocks.1.attn.hook_z"]


@pytest.mark.parametrize(
    ("name", "returned", "message"),
    [
        ("blocks.0.attn.hook_zz", None, "no activation 'blocks.0.attn.hook_zz'; did you mean 'blocks.0.attn.hook_z'"),
        ("blocks.2.attn.hook_z", None, "no activation 'blocks.2.attn.hook_z'"),
        ("blocks.0.attn.hook_result", None, r"'blocks.0.attn.hook_result'; .*model.replace\(use_attn_result=True\)"),
        (Z0, np.zeros((2, 6, 3)), r"Hook at 'blocks.0.attn.hook_z': expected .* \(2, 6, 3, 5\); got \(2, 6, 3\)."),
    ],
)
def test_bad_hooks(make_model: Make, name: str, returned: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make_model().run_with_hooks(TOKENS, [(name, lambda value, hook: returned)])


@pytest.mark.parametrize(
    ("tokens", "message"),
    [
        ([[0.5]], "Tokens must be integers; got float64."),
        ([True], "Tokens must be integers; got bool."),
        ([], "Tokens must be integers; got float64."),
        (np.zeros((2, 0), int), r"not be empty; got \(2, 0\)."),
        (np.zeros((1, 1, 1), int), r"shape \[pos\] or \[batch, pos\] .*; got \(1, 1, 1\)."),
        (np.zeros(12, int), "at most n_ctx=11 tokens; got 12: shorten them."),
        ([0, 13], "between 0 and d_vocab - 1 = 12; got 13."),
        ([0, -1], "between 0 and d_vocab - 1 = 12; got -1."),
    ],
)
def test_unfit_tokens(make_model: Make, tokens: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make_model()(tokens)


def test_text(make_model: Make) -> None:
    plain = make_model()
    model = Transformer(plain.cfg, plain.weights, SymbolTokenizer(13, 11))
    np.testing.assert_array_equal(model("b a b"), plain([[0, 1, 2, 1]]))
    assert model.to_tokens("b a b").tolist() == [[0, 1, 2, 1]]
    assert model.to_str_tokens("b a b") == ["<BOS>", "b", "a", "b"]
    assert model.to_str_tokens(np.array([[0, 5]])) == ["0", "5"]
    with pytest.raises(TextError, match="at most 10 words; yours has 11"):
        model.run_with_cache("a " * 11)
    with pytest.raises(ValueError, match="This model has no tokenizer"):
        plain("b a b")


def test_a_run_without_cache_keeps_no_activations(make_model: Make) -> None:
    def peak(layers: int, cached: bool) -> int:
        model = make_model(n_layers=layers, n_ctx=64)
        tokens = np.zeros((8, 64), int)
        model(tokens)
        tracemalloc.start()
        kept = model.run_with_cache(tokens) if cached else model(tokens)
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        del kept
        return most

    # Eight layers need no more than two, but for a tenth to spare; a cache needs far more.
    assert peak(8, cached=False) < 1.1 * peak(2, cached=False)
    assert peak(8, cached=True) > 3 * peak(2, cached=False)


def test_weights_are_checked(make_model: Make) -> None:
    model = make_model()
    good: dict[str, Any] = dict(model.weights)

    def changed(**parts: Any) -> dict[str, Any]:
        return {**good, **{"unembed.b_U": parts["b_U"]}}

    cases: list[tuple[dict[str, Any], str]] = [
        (changed(b_U=np.zeros(12)), r"unembed.b_U: expected shape \(13,\) by the config; got \(12,\)."),
        (changed(b_U=np.zeros(13, int)), "unembed.b_U: expected one of float16, float32, float64; got int64."),
        (changed(b_U=np.full(13, np.nan)), "unembed.b_U: expected finite numbers"),
        (good | {"extra": np.zeros(1)}, r"missing \[\], unknown \['extra'\]"),
        ({"embed.W_E": model.W_E}, r"missing \['blocks.0.attn.W_K', .*unknown \[\]"),
    ]
    for weights, message in cases:
        with pytest.raises(ValueError, match=message):
            Transformer(model.cfg, weights)


def test_weights_are_read_only_and_of_one_dtype(make_model: Make) -> None:
    model = make_model()
    with pytest.raises(ValueError, match="read-only"):
        model.W_E[0, 0] = 1
    half = {name: array.astype(np.float16) for name, array in model.weights.items()}
    assert Transformer(model.cfg, half)(TOKENS).dtype == np.float32
    mixed: dict[str, Any] = {**half, "unembed.b_U": np.zeros(13)}
    assert Transformer(model.cfg, mixed)(TOKENS).dtype == np.float64
