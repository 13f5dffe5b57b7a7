import re

import pytest

from circuit_explainer import charts

ADDS = {"direct": -0.25, "L0H1": 1.0, "L0 → L1": 2.0}


def test_all_paths_together_are_the_logit() -> None:
    chart = charts.paths(ADDS, tuple(ADDS), 2.75, "<b>")
    assert chart.summary == "The paths that are on add up to 2.75. That is the model’s logit of “<b>”."
    html = chart.figure["html"]
    assert "&lt;b&gt;: 2.75 of 2.75" in html
    assert re.findall(r'data-set="([^"]+)"', html) == ["on:direct", "on:L0H1", "on:L0 → L1"]
    assert html.count('aria-pressed="true"') == 3


def test_what_is_off_is_missing() -> None:
    chart = charts.paths(ADDS, ("direct", "L0H1"), 2.75, "sat", control="kept")
    assert chart.summary == (
        "The paths that are on add up to 0.75. The model’s logit of “sat” is 2.75; +2.00 is missing."
    )
    html = chart.figure["html"]
    assert re.search(r'data-set="kept:L0 → L1"[^>]* aria-pressed="false"', html)
    assert [row[2] for row in chart.table.rows] == ["on", "on", "off", None, None]
    assert chart.table.rows[-2][1] == 0.75


def test_no_path_is_nothing() -> None:
    assert charts.paths(ADDS, (), 2.75, "sat").summary.startswith("The paths that are on add up to 0.00.")


def test_what_is_no_path() -> None:
    with pytest.raises(ValueError, match="on must hold names of paths: direct, L0H1, L0 → L1. Got L9H9."):
        charts.paths(ADDS, ("L9H9",), 2.75, "sat")
