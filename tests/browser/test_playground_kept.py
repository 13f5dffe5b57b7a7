"""What holds the playground's state outside of it: a link for each view, and experiments in files."""

import json
from pathlib import Path
from urllib.parse import quote_plus

import pytest
from playwright.sync_api import Page, expect

from circuit_explainer import zoo
from circuit_explainer.workbench.playground.views import VIEWS
from tests.browser.pages import go
from tests.browser.test_playground import PLAYGROUND, WORDS, add_change, message, settled, summary, table_of

AT_ONCE = 100
OPEN = """async (links) => {
    const main = document.querySelector('script[src$="/main.js"]').src;
    const { call } = await import(main.replace('main.js', 'python/call.js'));
    const answers = [];
    for (const link of links) {
        const answer = await call('draw', JSON.stringify({ page: 'playground/index.md', exhibit: 'bench', link }));
        answers.push([Object.keys(answer), answer.values, answer.notes, answer.error ?? null]);
    }
    return answers;
}"""


def test_every_view_of_every_model_is_drawn(visited: Page, base: str) -> None:
    """Also where an intervention is on; the browser's numpy has not all that CPython's has."""
    go(visited, base, PLAYGROUND)
    bench = visited.locator("#bench")
    for model in zoo.names():  # the page brings its file
        bench.get_by_label("Model", exact=True).select_option(model)
        settled(bench)
    changes = ("", "&edits=patch+k+0.0&edits=zero+0.0", "&edits=patch+k+0.0&run=difference")
    views = [quote_plus(view.label) for view in VIEWS.values()]
    links = [f"v=1&model={model}&view={view}{edits}" for model in zoo.names() for view in views for edits in changes]
    for at in range(0, len(links), AT_ONCE):
        some = links[at : at + AT_ONCE]
        wrong = [(link, error) for link, (*_, error) in zip(some, visited.evaluate(OPEN, some), strict=True) if error]
        assert wrong == []


def test_an_experiment_is_saved_and_opened_again(visited: Page, base: str, tmp_path: Path) -> None:
    go(visited, base, PLAYGROUND)
    bench = visited.locator("#bench")
    bench.get_by_label("Text", exact=True).fill(WORDS)
    bench.get_by_label("View", exact=True).select_option("Head scores")
    settled(bench)
    add_change(bench, "Zero a head", "L0H1")
    settled(bench)
    said, rows = str(summary(bench).text_content()), table_of(bench)
    bench.get_by_text("Save", exact=True).click()
    with visited.expect_download() as waiting:
        bench.get_by_role("button", name="Experiment", exact=True).click()
    kept = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(kept)
    held = json.loads(kept.read_text(encoding="utf-8"))
    assert kept.name == "playground-bench.experiment.json"
    assert (held["format"], held["version"], held["sentence"]) == ("circuit-explainer experiment", 1, said)
    assert held["state"] == visited.url.partition("#")[2]
    assert len(held["table"]["rows"]) == len(rows)
    assert "HookedTransformer" in held["program"]
    bench.get_by_role("button", name="Start over").click()
    settled(bench)
    with visited.expect_file_chooser() as choosing:
        bench.get_by_role("button", name="Open an experiment").click()
    choosing.value.set_files(kept)
    expect(bench.get_by_label("View", exact=True)).to_have_value("Head scores")
    settled(bench)
    expect(summary(bench)).to_have_text(said)
    assert table_of(bench) == rows
    # It is a change like any other.
    bench.get_by_role("button", name="Undo").click()
    settled(bench)
    expect(bench.get_by_label("View", exact=True)).to_have_value("All heads")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("not json", "wrong.json is not JSON. Choose a file that “Experiment” saved. Nothing was changed."),
        ('{"format": "other"}', "wrong.json is no experiment of this site."),
        (
            '{"format": "circuit-explainer experiment", "version": 2, "state": "v=1"}',
            "wrong.json is an experiment of version 2; this page reads version 1. Nothing was changed.",
        ),
        (
            '{"format": "circuit-explainer experiment", "version": {"toString": 1}, "state": "v=1"}',
            'wrong.json is an experiment of version {"toString":1}; this page reads version 1. Nothing was changed.',
        ),
        (
            '{"format": "circuit-explainer experiment", "version": 1, "state": "things-to-try"}',
            "wrong.json is no experiment of this site. Choose a file that “Experiment” saved. Nothing was changed.",
        ),
    ],
)
def test_a_file_that_is_no_experiment_is_told(
    visited: Page, base: str, tmp_path: Path, content: str, told: str
) -> None:
    go(visited, base, PLAYGROUND)
    bench = visited.locator("#bench")
    wrong = tmp_path / "wrong.json"
    wrong.write_text(content, encoding="utf-8")
    bench.get_by_text("Save", exact=True).click()
    with visited.expect_file_chooser() as choosing:
        bench.get_by_role("button", name="Open an experiment").click()
    choosing.value.set_files(wrong)
    expect(bench.locator("[data-role=saved]")).to_contain_text(told)
    expect(message(bench)).to_be_empty()
