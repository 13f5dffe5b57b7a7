from typing import Any

import numpy as np
import pytest

from circuit_explainer import zoo
from circuit_explainer.charts.labels import numbered, signed
from circuit_explainer.core import activation_shapes
from circuit_explainer.core.shapes import activation_axes
from circuit_explainer.workbench.playground.views import slices
from circuit_explainer.workbench.playground.views.hook_explorer import HOOK_EXPLORER
from circuit_explainer.workbench.playground.views.words import read
from tests.circuits.conftest import random_model as make_model
from tests.core.kinds import KINDS
from tests.workbench.playground.views.shown import column, drawn, runs_of


@pytest.mark.parametrize("kind", KINDS)
def test_every_activation_of_every_kind_of_model(kind: str) -> None:
    model = make_model(**KINDS[kind])
    whole = model.run_with_cache(np.array([[3, 1, 4, 1, 5]]))[1]
    control: Any = HOOK_EXPLORER.controls(model, {})["hook"]
    assert control.options == tuple(activation_shapes(model.cfg, 1, 5))
    for hook in control.options:
        found: Any = HOOK_EXPLORER.controls(model, {"hook": hook})
        values = whole[hook][0]
        heads = [n for n, axis in enumerate(activation_axes(model.cfg)[hook][1:]) if axis in "hg"]
        runs = runs_of(HOOK_EXPLORER, model, "3 1 4 1 5", hook=hook)
        chart = drawn(HOOK_EXPLORER, runs, hook=hook)
        assert chart.summary.startswith(f"{hook} has the shape {list(whole[hook].shape)}: batch, ")
        assert len(chart.table.rows) == 5
        expected, piece = values, ""
        if heads:
            last = values.shape[heads[0]] - 1
            expected, piece = values.take(last, axis=heads[0]), f"head {last}"
            assert "piece" not in found or found["piece"].options == tuple(f"head {n}" for n in range(last + 1))
            assert ("piece" in found) == (last > 0)
            chart = drawn(HOOK_EXPLORER, runs, hook=hook, piece=piece)
        numbers = HOOK_EXPLORER.numbers(runs, runs.clean_logits, runs.clean, hook=hook, piece=piece)
        np.testing.assert_array_equal(numbers, np.where(np.isinf(expected), np.nan, expected))
        shown = np.where(np.isfinite(expected), expected, 0).reshape(5, -1).astype(float)
        np.testing.assert_allclose(column(chart, "length"), np.sqrt((shown**2).sum(1)), rtol=1e-5)
        biggest = np.abs(shown).max()
        assert (
            f"furthest from zero is {'+' if shown.flat[np.abs(shown).argmax()] > 0 else '−'}{biggest:.2f}"
            in chart.summary
        )


def test_both_runs_and_the_difference() -> None:
    model = zoo.load("induction-2l")
    hook = "blocks.1.attn.hook_pattern"
    runs = runs_of(HOOK_EXPLORER, model, "the cat sat . the cat", ["zero 0.1"], hook=hook)
    assert runs.cache is not None
    one, two = (cache[hook][0, 1] for cache in (runs.clean, runs.cache))
    for run, values in (("clean", one), ("intervened", two), ("difference", two - one)):
        chart = drawn(HOOK_EXPLORER, runs, hook=hook, piece="head 1", run=run)
        assert chart.figure["data"][0]["zmax"] == pytest.approx(np.abs(values).max())
        assert ("autocolorscale" in chart.figure["data"][0]) == (run == "difference")
    moved = np.abs(two - one)
    query, key = np.unravel_index(moved.argmax(), moved.shape)
    labels = numbered(runs.labels)
    was, now = signed(float(one[query, key])), signed(float(two[query, key]))
    assert f"goes from {was} in the clean run to {now} in the intervened one" in chart.summary
    assert chart.summary.endswith(f"at “{labels[query]}” for “{labels[key]}”.")
    np.testing.assert_allclose(column(chart, "clean: length"), np.linalg.norm(one, axis=1), rtol=1e-5)
    np.testing.assert_allclose(column(chart, "intervened: length"), np.linalg.norm(two, axis=1), rtol=1e-5)
    np.testing.assert_allclose(column(chart, "length of what is added"), np.linalg.norm(two - one, axis=1), atol=1e-6)
    before = runs_of(HOOK_EXPLORER, model, "the cat sat", ["zero 1.1"], hook="hook_embed")
    assert drawn(HOOK_EXPLORER, before, hook="hook_embed").summary.endswith("the intervention changes nothing.")


def test_a_long_axis_is_cut_into_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slices, "COLUMNS", 10)
    model = make_model(d_vocab=25)
    found: Any = HOOK_EXPLORER.controls(model, {"hook": "unembed.hook_out"})
    assert found["piece"].options == ("from 0", "from 10", "from 20")
    runs = runs_of(HOOK_EXPLORER, model, "3 1 4", hook="unembed.hook_out")
    numbers = HOOK_EXPLORER.numbers(runs, runs.clean_logits, runs.clean, hook="unembed.hook_out", piece="from 20")
    np.testing.assert_array_equal(numbers, runs.clean_logits[0, :, 20:])
    chart = drawn(HOOK_EXPLORER, runs, hook="unembed.hook_out", piece="from 20")
    assert chart.figure["layout"]["xaxis"]["ticktext"] == ["20", "21", "22", "23", "24"]
    at = np.unravel_index(np.abs(numbers).argmax(), numbers.shape)
    assert chart.summary.endswith(f"d_vocab {20 + at[1]}.")
    assert HOOK_EXPLORER.code(model, hook="unembed.hook_out", piece="from 20") == [
        'result = cache["unembed.hook_out"][0, :, 20:30]'
    ]


def test_a_long_text_has_its_last_positions_in_the_picture() -> None:
    model = make_model(n_ctx=200)
    runs = runs_of(HOOK_EXPLORER, model, "1 2 " * 100, hook="blocks.0.attn.hook_pattern")
    chart = drawn(HOOK_EXPLORER, runs, hook="blocks.0.attn.hook_pattern", piece="head 2")
    assert chart.figure["data"][0]["z"]["shape"] == "128, 128"
    assert chart.summary.endswith("The picture has the last 128 positions.")
    assert len(chart.table.rows) == 200


def test_one_number_a_position_lies_where_there_is_room() -> None:
    model = make_model(n_ctx=40, normalization_type="LN")
    for words, kind in ((24, "h"), (25, None)):
        runs = runs_of(HOOK_EXPLORER, model, "1 2 3 4 5 " * 5 if words == 25 else "7 " * 24, hook="ln_final.hook_scale")
        chart = drawn(HOOK_EXPLORER, runs, hook="ln_final.hook_scale")
        assert chart.figure["data"][0].get("orientation") == kind
        assert len(chart.table.rows) == words


def test_what_a_link_says_wrongly_counts_as_the_default() -> None:
    model = zoo.load("induction-2l")
    found: Any = HOOK_EXPLORER.controls(model, {"hook": "blocks.9.hook_z", "piece": "head 7", "edits": ["zero 0.0"]})
    assert list(found) == ["hook", "run"]
    assert found["hook"].default == "blocks.1.hook_resid_post"
    assert found["hook"].groups == {"at the beginning": 2, "block 0": 9, "block 1": 9, "at the end": 2}
    assert read(model, {"text": ["no text"]}) == ([], [])
