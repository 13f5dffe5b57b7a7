"""A model run: its logits, its cache, its tokens, and what it needs of memory."""

import tracemalloc
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from circuit_explainer.core import SymbolTokenizer, TextError, Transformer
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
