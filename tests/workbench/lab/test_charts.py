import dataclasses
import json
from functools import cache

import numpy as np
import plotly.graph_objects as go
import pytest

from circuit_explainer.charts import Chart
from circuit_explainer.workbench.lab import charts
from circuit_explainer.workbench.lab.run import begin
from circuit_explainer.workbench.lab.settings import Settings, recipe
from circuit_explainer.workbench.lab.story import Story, of_run, shipped


@cache
def four_heads() -> Story:
    run = begin(recipe(Settings(heads=4, steps=300)), "your run")
    while not run.over:
        run.one_step()
    return of_run(run)


def every_chart(story: Story, at: int) -> list[Chart]:
    looks = charts.pattern(story, at, 1, 0)
    assert looks is not None
    kept = [("one", story.steps[:9:2], story.asked[:9:2])]
    return [charts.losses(story, at), charts.losses(story, at, kept), charts.scores(story, at), looks]


@pytest.mark.parametrize("at", [0, 5, -1])
@pytest.mark.parametrize("which", ["four", "shipped"])
def test_the_charts_are_plotly_figures_and_strict_json(which: str, at: int) -> None:
    for chart in every_chart(four_heads() if which == "four" else shipped(), at):
        json.dumps(chart.figure, allow_nan=False)
        figure = {"data": chart.figure["data"], "layout": dict(chart.figure["layout"])}
        figure["layout"] |= {
            part: [{k: v for k, v in each.items() if k != "templateitemname"} for each in figure["layout"][part]]
            for part in ("shapes",)
        }
        go.Figure(figure)


def test_the_marker_of_the_shown_step_stands_in_both_curves() -> None:
    story = shipped()
    for chart in (charts.losses(story, 13), charts.scores(story, 13)):
        here = [shape for shape in chart.figure["layout"]["shapes"] if shape.get("templateitemname") == "here"]
        assert [shape["x0"] for shape in here] == [200]
        assert "At step 200" in chart.summary
    # Step 0 has no logarithm.
    assert "here" not in json.dumps(charts.losses(story, 0).figure["layout"])
    assert charts.losses(story, 0).table.rows[0][1:] == (story.asked[0], story.losses["first time"][0])


def test_the_phase_change_is_marked_where_it_was_passed() -> None:
    story = shipped()
    for chart in (charts.losses(story, 13), charts.scores(story, 13)):
        notes = [note for note in chart.figure["layout"]["annotations"] if "phase" in note["text"]]
        assert [(note["text"], note["x"]) for note in notes] == [("phase change, step 220", np.log10(220))]
    never = dataclasses.replace(story, phased=False)
    assert "phase" not in json.dumps(charts.losses(never, 13).figure)


def test_an_even_guess_is_named_on_the_axis() -> None:
    axis = charts.losses(four_heads(), 0).figure["layout"]["yaxis"]
    assert axis["ticktext"][-1] == "ln 26"
    assert axis["tickvals"][-1] == pytest.approx(np.log(26))
    assert axis["range"] == [0, charts.TOP]
    assert charts.losses(shipped(), 0).figure["layout"]["yaxis"]["ticktext"][-1] == "ln 63"


def test_the_axis_is_as_long_as_the_run_from_its_first_step() -> None:
    story = of_run(begin(recipe(Settings()), "your run"))
    assert charts.losses(story, 0).figure["layout"]["xaxis"]["range"] == [0, 500]


def test_four_heads_that_share_the_job_are_all_drawn_with_the_head_that_helps_them() -> None:
    names = [trace["name"] for trace in charts.scores(four_heads(), -1).figure["data"]]
    assert names == ["L0H0 prev", "L1H0 ind", "L1H1 ind", "L1H2 ind", "L1H3 ind"]
    assert len(charts.scores(four_heads(), -1).table.columns) == 1 + 16


def test_kept_curves_stand_beside_the_run_each_with_its_own_steps() -> None:
    story = four_heads()
    kept = [("short", np.array([0, 7, 9]), np.array([4.0, 3.0, 2.0]))]
    chart = charts.losses(story, -1, kept)
    assert [trace["name"] for trace in chart.figure["data"]] == ["this run", "short"]
    assert "short ends at 2.00" in chart.summary
    rows = {row[0]: row[1:] for row in chart.table.rows}
    assert rows["7"] == (None, 3.0)
    assert rows["300"][1] is None


def test_a_moment_without_a_model_has_no_pattern() -> None:
    assert charts.pattern(dataclasses.replace(four_heads(), models={}), 0, 0, 0) is None
