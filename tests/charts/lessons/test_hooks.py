import re
from xml.etree import ElementTree

import numpy as np
import pytest

from circuit_explainer import charts
from circuit_explainer.core.table import ACTIVATIONS
from circuit_explainer.diagrams.block import PLACES, STREAM, WRITES

AXES = {"attn.hook_pattern": ("b", "h", "q", "k"), "hook_resid_pre": ("b", "p", "d")}
SHAPES = {"attn.hook_pattern": (1, 2, 7, 7), "hook_resid_pre": (1, 7, 64)}


def test_the_map_has_a_place_for_every_hook_of_the_table() -> None:
    names = [name for row in PLACES for name in row]
    assert sorted(names) == sorted({row.name.removeprefix("blocks.{l}.") for row in ACTIVATIONS})
    assert set(names) >= STREAM | WRITES


def test_hooks_stand_above_those_that_they_are_computed_from() -> None:
    """The table lists them in the order of the pass."""
    level = {name: n for n, row in enumerate(PLACES) for name in row}
    passed = [level[row.name.removeprefix("blocks.{l}.")] for row in ACTIVATIONS]
    # In a pass ln1 follows the split inputs, which stand beside it for heads that share one.
    assert passed == sorted(passed)


def test_the_map_says_what_the_model_has_and_what_is_chosen() -> None:
    chart = charts.hook_map(AXES, SHAPES, "attn.hook_pattern")
    assert chart.summary == ("attn.hook_pattern has the axes [batch, head, query, key]; in this run [1, 2, 7, 7].")
    root = ElementTree.fromstring(chart.figure["html"])
    assert root.get("role") == "group"
    pressed = [part.get("data-set") for part in root.iter("g") if part.get("role") == "button"]
    assert sorted(filter(None, pressed)) == sorted(f"hook={name}" for name in charts.HOOKS)
    kinds = re.findall(r'class="(destination|hook|off)"><rect', chart.figure["html"])
    assert (kinds.count("destination"), kinds.count("hook")) == (1, 1)
    assert charts.hook_map(AXES, SHAPES, "hook_mlp_in").summary == "hook_mlp_in is not in this model."
    assert {row[0]: row[2] for row in chart.table.rows}["hook_resid_pre"] == "[1, 7, 64]"


def test_a_hook_without_a_place_is_refused() -> None:
    with pytest.raises(ValueError, match="no place for 'hook_nothing'"):
        charts.hook_map({}, {}, "hook_nothing")


RNG = np.random.default_rng(0)


@pytest.mark.parametrize(
    ("axes", "shape", "rows", "columns"),
    [
        ("b p d", (1, 3, 5), 3, 5),
        ("b q h e", (1, 3, 2, 4), 3, 4),
        ("b h q k", (1, 2, 3, 3), 3, 3),
        ("b k g e", (1, 3, 2, 4), 3, 4),
        ("b p h d", (1, 3, 2, 5), 3, 5),
        ("b p 1", (1, 3, 1), 3, 1),
        ("b p g 1", (1, 3, 2, 1), 3, 1),
        ("b p", (1, 3), 3, 1),
    ],
)
def test_any_activation_becomes_a_chart(axes: str, shape: tuple[int, ...], rows: int, columns: int) -> None:
    values = RNG.normal(size=shape)
    chart = charts.activation(values, axes.split(), ["a", "b", "a"], "hook", head=1)
    assert len(chart.table.rows) == rows
    assert len(chart.table.rows[0]) == columns + 1
    assert chart.table.rows[0][0] == "a₁"
    first = values[0]
    if "h" in axes or "g" in axes:
        first = first.take(1, axis=axes.split().index("h" if "h" in axes else "g") - 1)
    assert chart.table.rows[2][1] == pytest.approx(np.atleast_2d(first.reshape(3, -1))[2, 0])


def test_masked_scores_are_left_out_and_a_head_must_be_there() -> None:
    scores = np.where(np.tril(np.ones((3, 3), bool)), 1.0, -np.inf)[None, None]
    chart = charts.activation(scores, ["b", "h", "q", "k"], ["a", "b", "c"], "hook")
    assert chart.table.rows[0] == ("a", 1.0, None, None)
    with pytest.raises(ValueError, match="hook has 1 heads, counted from 0; there is no head 2"):
        charts.activation(scores, ["b", "h", "q", "k"], ["a", "b", "c"], "hook", head=2)
