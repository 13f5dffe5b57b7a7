"""The weights that make a model: what they must be, and what may be left out."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from circuit_explainer.core import Transformer
from tests.core.kinds import KINDS

Make = Callable[..., Transformer]
TOKENS = np.array([[1, 2, 3, 4, 1, 2], [5, 6, 7, 5, 6, 7]])


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
