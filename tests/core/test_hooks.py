"""Hooks: they read, replace and write in place, in order; wrong ones are named."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from circuit_explainer.core import HookPoint, Transformer
from circuit_explainer.core.run.forward import head_results

Make = Callable[..., Transformer]
TOKENS = np.array([[1, 2, 3, 4, 1, 2], [5, 6, 7, 5, 6, 7]])
Z0 = "blocks.0.attn.hook_z"


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

    def note(letter: str) -> Callable[[Any, HookPoint], None]:
        return lambda value, hook: order.append(f"{letter} {hook.name}")

    make_model().run_with_hooks(TOKENS, [(lambda name: name.endswith("hook_z"), note("a")), (Z0, note("b"))])
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
