from collections.abc import Callable

import numpy as np
import pytest

from circuit_explainer.core import HookPoint, Transformer
from circuit_explainer.core.arrays import Array
from circuit_explainer.core.run import ops
from circuit_explainer.core.run.forward import finished, forward, pack
from circuit_explainer.core.shapes import activation_names

TOKENS = np.array([[1, 2, 3, 4, 1, 2]])


def test_only_what_is_watched_is_shown(make_model: Callable[..., Transformer]) -> None:
    model = make_model()
    packed, shown = pack(model.cfg, model.weights), list[str]()

    def visit(name: str, value: Array) -> Array:
        shown.append(name)
        return value

    whole = forward(model.cfg, packed, TOKENS, visit)
    assert tuple(shown) == activation_names(model.cfg)
    for watched in ([], ["blocks.1.attn.hook_pattern"], ["hook_embed", "blocks.0.attn.hook_attn_scores"]):
        shown.clear()
        np.testing.assert_allclose(forward(model.cfg, packed, TOKENS, visit, watched), whole, rtol=1e-12)
        assert shown == watched


def test_both_sides_of_the_switch_agree(
    make_model: Callable[..., Transformer], monkeypatch: pytest.MonkeyPatch
) -> None:
    model = make_model(normalization_type="LN", positional_embedding_type="shortformer")
    outputs = []
    for blas in (True, False):
        monkeypatch.setattr(ops, "BLAS", blas)
        outputs.append(forward(model.cfg, pack(model.cfg, model.weights), TOKENS, lambda name, value: value))
    # float64, sums in another order.
    np.testing.assert_allclose(outputs[0], outputs[1], rtol=1e-10, atol=1e-10)


def test_a_run_in_steps_stops_before_each_layer(make_model: Callable[..., Transformer]) -> None:
    model = make_model()
    met: list[str] = []

    def note(value: Array, hook: HookPoint) -> None:
        met.append(hook.name)

    hooks = [(lambda name: name.endswith("hook_resid_post"), note)]
    steps = model.run_in_steps(TOKENS, "blocks.0.attn.hook_z", hooks)
    assert next(steps) == 0
    assert met == []
    assert next(steps) == 1
    assert met == ["blocks.0.hook_resid_post"]
    assert next(steps) == 2
    logits, cache = finished(steps)
    expected, whole = model.run_with_cache(TOKENS)
    np.testing.assert_array_equal(logits, expected)
    assert list(cache) == ["blocks.0.attn.hook_z"]
    np.testing.assert_array_equal(cache["z", 0], whole["z", 0])


def test_a_run_in_steps_refuses_what_any_run_does(make_model: Callable[..., Transformer]) -> None:
    with pytest.raises(ValueError, match="no activation 'hook_none'"):
        next(make_model().run_in_steps(TOKENS, "hook_none"))
