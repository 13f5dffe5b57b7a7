"""What the reader's code finds, and what `show` does."""

from __future__ import annotations

import html
import json
from typing import Any

import numpy as np
import pytest

from circuit_explainer import charts, zoo
from circuit_explainer.core.cache.activation_cache import ActivationCache
from circuit_explainer.workbench.cell import names
from tests.workbench.cell.ran import VALUES, run_all

ATTENTION = "charts.attention(cache['pattern', 1][0, 0], model.to_str_tokens(text))"


def test_a_chart_becomes_a_panel_as_a_value_or_by_show() -> None:
    model = zoo.load(VALUES["model"])
    _, cache = model.run_with_cache(VALUES["text"])
    expected = charts.attention(cache["pattern", 1][0, 0], model.to_str_tokens(VALUES["text"]))
    for code in (ATTENTION, f"show({ATTENTION})", f"for _ in range(1):\n    show({ATTENTION})"):
        done = run_all(code)
        (chart,) = done.all("chart")
        assert json.dumps(expected.figure, ensure_ascii=False, separators=(",", ":")) in html.unescape(chart)
        assert expected.summary in html.unescape(chart)
        assert chart.startswith('<section class="exhibit" id="cell-chart-1"')
        assert list(done.answer) == ["seconds"]


def test_any_other_value_is_its_text() -> None:
    assert run_all("np.arange(3)").all("value") == ["array([0, 1, 2])"]
    assert run_all("show('a', None)\nNone").all("value") == ["'a'", "None"]


def test_order_is_kept() -> None:
    done = run_all(f"print('a')\nshow({ATTENTION})\nprint('b')\n3")
    assert [next(iter(message)) for message in done.said] == ["out", "chart", "out", "value"]


def test_a_text_that_cannot_be_made_is_an_error() -> None:
    failure = run_all("class Odd:\n    def __repr__(self):\n        return 1 / 0\nOdd()").failure
    assert failure["line"] == 3


def test_too_many_charts_are_refused() -> None:
    done = run_all(f"for _ in range(100):\n    show({ATTENTION})")
    assert len(done.all("chart")) == names.MOST_CHARTS
    assert "One run shows at most 12 charts." in done.failure["message"]


def test_a_chart_that_is_not_strict_json_is_refused() -> None:
    chart = charts.Chart({"data": [{"y": [float("nan")]}], "layout": {}}, "s", charts.Table("c", ("a",), ()), "r")
    said: list[dict[str, Any]] = []
    with pytest.raises(ValueError, match="The chart holds NaN or infinity"):
        names.shower(said.append)(chart)
    assert said == []


def test_names_of_an_intervention_come_and_go() -> None:
    model = zoo.load(VALUES["model"])
    logits, cache = model.run_with_cache(VALUES["text"])
    namespace = names.new_namespace()
    names.update(namespace, {"logits": logits, "changed_logits": logits, "changed_cache": cache})
    assert isinstance(namespace["changed_cache"], ActivationCache)
    names.update(namespace, {"logits": logits})
    assert not {"changed_logits", "changed_cache"} & namespace.keys()


def test_the_reader_gets_views_that_share_memory_and_cannot_be_written() -> None:
    model = zoo.load(VALUES["model"])
    logits, cache = model.run_with_cache(VALUES["text"])
    namespace = names.new_namespace()
    names.update(namespace, {"logits": logits, "cache": cache})
    assert np.shares_memory(namespace["logits"], logits)
    assert logits.flags.writeable
    kept = namespace["cache"]
    assert list(kept) == list(cache)
    assert all(not value.flags.writeable and np.shares_memory(value, cache[name]) for name, value in kept.items())
    kept.compute_head_results()
    assert len(cache) < len(kept)
