import tracemalloc
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from circuit_explainer.core import HookPoint, SymbolTokenizer, TextError, Transformer
from circuit_explainer.core.run.forward import head_results
from tests.core.kinds import KINDS
from tests.core.slow import same, slow_run

Make = Callable[..., Transformer]
TOKENS = np.array([[1, 2, 3, 4, 1, 2], [5, 6, 7, 5, 6, 7]])
Z0 = "blocks.0.attn.hook_z"


@pytest.mark.parametrize("kind", KINDS)
def test_every_activation_equals_the_loops(make_model: Make, kind: str) -> None:
    model = make_model(**KINDS[kind])
    logits, cache = model.run_with_cache(TOKENS)
    same(cache, slow_run(model, TOKENS))
    np.testing.assert_array_equal(logits, cache["unembed.hook_out"])


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


def test_each_head_can_get_an_input_of_its_own(make_model: Make) -> None:
    model = make_model(n_heads=6, n_key_value_heads=3, normalization_type="LN", use_split_qkv_input=True)
    _, clean = model.run_with_cache(TOKENS)
    scales: list[tuple[int, ...]] = []

    def halve(value: Any, hook: HookPoint) -> None:
        value[:, :, 1] /= 2

    hooks = [("blocks.0.hook_k_input", halve), ("blocks.0.ln1.hook_scale", lambda x, hook: scales.append(x.shape))]
    _, cache = model.run_with_cache(TOKENS, fwd_hooks=hooks)
    # The queries' six, then three of keys and three of values.
    assert scales == [(2, 6, 6, 1), (2, 6, 3, 1), (2, 6, 3, 1)]
    np.testing.assert_array_equal(cache["q", 0], clean["q", 0])
    np.testing.assert_array_equal(cache["v", 0], clean["v", 0])
    changed = (cache["k", 0] != clean["k", 0]).any(axis=(0, 1, 3))
    assert changed.tolist() == [False, True, False]
    changed = (cache["pattern", 0] != clean["pattern", 0]).any(axis=(0, 2, 3))
    assert changed.tolist() == [False, False, True, True, False, False]


def test_the_mlp_alone_reads_its_input(make_model: Make) -> None:
    model = make_model(attn_only=False, act_fn="relu", use_hook_mlp_in=True)
    _, cache = model.run_with_cache(TOKENS, fwd_hooks=[("blocks.0.hook_mlp_in", lambda x, hook: 0 * x)])
    np.testing.assert_array_equal(cache["mlp_in", 0], 0 * cache["resid_mid", 0])
    np.testing.assert_array_equal(cache["resid_post", 0], cache["resid_mid", 0] + cache["mlp_out", 0])
    np.testing.assert_array_equal(cache["pre", 0], np.broadcast_to(model.b_in[0], cache["pre", 0].shape))


def returning(value: Any) -> Callable[[Any, HookPoint], Any]:
    return lambda activation, hook: value


def test_hooks_read_and_replace_tokens(make_model: Make) -> None:
    model = make_model(use_hook_tokens=True)
    logits, cache = model.run_with_cache(TOKENS)
    np.testing.assert_array_equal(cache["hook_tokens"], TOKENS)
    np.testing.assert_array_equal(logits, make_model()(TOKENS))
    others = TOKENS[::-1]

    def write(tokens: Any, hook: HookPoint) -> None:
        tokens[...] = others

    np.testing.assert_array_equal(model.run_with_hooks(TOKENS, [("hook_tokens", write)]), model(others))
    np.testing.assert_array_equal(model.run_with_hooks(TOKENS, [("hook_tokens", returning(others))]), model(others))
    unfit: list[tuple[Any, str]] = [
        (others + 0.5, "Hook at 'hook_tokens': expected integers; got float64."),
        (others + 9, "Tokens must lie between 0 and d_vocab - 1 = 12; got 16."),
        (others[:1], r"Hook at 'hook_tokens': expected an array of shape \(2, 6\); got \(1, 6\)."),
    ]
    for returned, message in unfit:
        with pytest.raises(ValueError, match=message):
            model.run_with_hooks(TOKENS, [("hook_tokens", returning(returned))])


def test_stopping_at_a_layer_gives_the_stream_before_it(make_model: Make) -> None:
    model = make_model(n_layers=3, normalization_type="LN")
    _, cache = model.run_with_cache(TOKENS)
    for stop in range(-3, 3):
        np.testing.assert_array_equal(model(TOKENS, stop_at_layer=stop), cache["resid_pre", stop])
    np.testing.assert_array_equal(model(TOKENS, stop_at_layer=3), cache["resid_post", 2])
    calls: list[str] = []
    model.run_with_hooks(TOKENS, [(lambda name: True, lambda x, hook: calls.append(hook.name))], stop_at_layer=1)
    assert calls == [name for name in cache if name.startswith(("hook", "blocks.0"))]
    with pytest.raises(ValueError, match=r"This run has no activation 'unembed.hook_out'"):
        model.run_with_cache(TOKENS, "unembed.hook_out", stop_at_layer=2)
    wrong: Any
    for wrong in (4, -4, 1.5, "1", True):
        message = rf"^stop_at_layer must be a whole number between -3 and 3; got stop_at_layer={wrong!r}\.$"
        with pytest.raises(ValueError, match=message):
            model(TOKENS, stop_at_layer=wrong)


@pytest.mark.parametrize(
    ("name", "returned", "message"),
    [
        ("blocks.0.attn.hook_zz", None, "no activation 'blocks.0.attn.hook_zz'; did you mean 'blocks.0.attn.hook_z'"),
        ("blocks.2.attn.hook_z", None, "no activation 'blocks.2.attn.hook_z'"),
        ("blocks.0.attn.hook_result", None, r"'blocks.0.attn.hook_result'; .*model.replace\(use_attn_result=True\)"),
        ("blocks.0.hook_k_input", None, r"model.replace\(use_split_qkv_input=True\)"),
        ("blocks.0.hook_attn_in", None, r"model.replace\(use_attn_in=True\)"),
        ("blocks.0.hook_mlp_in", None, r"model.replace\(use_hook_mlp_in=True\)"),
        ("hook_tokens", None, r"model.replace\(use_hook_tokens=True\)"),
        (Z0, np.zeros((2, 6, 3)), r"Hook at 'blocks.0.attn.hook_z': expected .* \(2, 6, 3, 5\); got \(2, 6, 3\)."),
        (Z0, np.zeros((2, 6, 3, 5), complex), "Hook at 'blocks.0.attn.hook_z': expected real numbers; got complex128."),
        (Z0, np.full((2, 6, 3, 5), "a"), "Hook at 'blocks.0.attn.hook_z': expected real numbers; got <U1."),
        (Z0, [[1], [2, 3]], r"the hook at 'blocks.0.attn.hook_z' returns must have rows of one length; got \[\[1\],"),
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
        ([[1, 2], [3]], r"^Tokens must have rows of one length; got \[\[1, 2\], \[3\]\]\.$"),
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


def peak(model: Transformer, tokens: Any, cached: bool = False) -> int:
    """Bytes that a run needs at most, beside the model."""
    model(tokens)
    tracemalloc.start()
    kept = model.run_with_cache(tokens) if cached else model(tokens)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    del kept
    return most


@pytest.mark.parametrize("kind", ["attention only", "gpt2", "llama", "grouped and split"])
def test_a_run_without_cache_keeps_no_activations(make_model: Make, kind: str) -> None:
    tokens = np.zeros((8, 64), int)
    few, many = (make_model(**{**KINDS[kind], "n_layers": layers, "n_ctx": 64}) for layers in (4, 16))
    # Sixteen layers need no more than four, but for a tenth to spare; a cache needs far more.
    assert peak(many, tokens) < 1.1 * peak(few, tokens)
    assert peak(many, tokens, cached=True) > 3 * peak(few, tokens)


def test_long_texts_need_the_scores_of_one_head_at_a_time(make_model: Make) -> None:
    model = make_model(n_heads=8, n_layers=1, n_ctx=1024)
    tokens = np.zeros(1024, int)
    one = 1024 * 1024 * 8
    # One head's scores and a little more, where all eight would need eight.
    assert peak(model, tokens) < 3 * one
    # Scores and pattern of eight heads.
    assert peak(model, tokens, cached=True) > 16 * one


def test_weights_are_checked(make_model: Make) -> None:
    model = make_model()
    good: dict[str, Any] = dict(model.weights)

    def changed(**parts: Any) -> dict[str, Any]:
        return {**good, **{"unembed.b_U": parts["b_U"]}}

    cases: list[tuple[dict[str, Any], str]] = [
        (changed(b_U=np.zeros(12)), r"unembed.b_U: expected shape \(13,\) by the config; got \(12,\)."),
        (changed(b_U=np.zeros(13, np.int64)), "unembed.b_U: expected one of float16, float32, float64; got int64."),
        (changed(b_U=np.full(13, np.nan)), "unembed.b_U: expected finite numbers"),
        (good | {"extra": np.zeros(1)}, r"missing \[\], unknown \['extra'\]"),
        ({"embed.W_E": model.W_E}, r"missing \['blocks.0.attn.W_K', .*unknown \[\]"),
    ]
    for weights, message in cases:
        with pytest.raises(ValueError, match=message):
            Transformer(model.cfg, weights)


def test_biases_may_be_left_out_in_all_layers_alike(make_model: Make) -> None:
    model = make_model(**KINDS["llama"])
    bare = {name: array for name, array in model.weights.items() if "b_" not in name}
    silent = {name: array * ("b_" not in name) for name, array in model.weights.items()}
    assert len(bare) < len(silent)
    again = Transformer(model.cfg, bare)
    np.testing.assert_array_equal(again(TOKENS), Transformer(model.cfg, silent)(TOKENS))
    assert list(again.weights) == list(model.weights)
    half = {name: array.astype(np.float32) for name, array in bare.items()}
    assert Transformer(model.cfg, half)(TOKENS).dtype == np.float32
    with pytest.raises(ValueError, match=r"missing \['blocks.0.attn._b_K'\], unknown \[\]"):
        Transformer(model.cfg, {**bare, "blocks.1.attn._b_K": model.weights["blocks.1.attn._b_K"]})
    with pytest.raises(ValueError, match=r"missing \['blocks.0.ln1.w', 'blocks.0.ln2.w', .*unknown \[\]"):
        Transformer(model.cfg, {name: array for name, array in bare.items() if not name.endswith(".w")})


def test_weights_are_read_only_and_of_one_dtype(make_model: Make) -> None:
    model = make_model()
    with pytest.raises(ValueError, match="read-only"):
        model.W_E[0, 0] = 1
    half = {name: array.astype(np.float16) for name, array in model.weights.items()}
    assert Transformer(model.cfg, half)(TOKENS).dtype == np.float32
    mixed: dict[str, Any] = {**half, "unembed.b_U": np.zeros(13)}
    assert Transformer(model.cfg, mixed)(TOKENS).dtype == np.float64
