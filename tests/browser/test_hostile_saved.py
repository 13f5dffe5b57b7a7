"""Every hostile string in the files that the Save menu makes: text in each, code and formula in none."""

import csv
import io
import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from circuit_explainer.charts.labels import plotly_text, shortened, visible
from tests.browser.pages import go
from tests.browser.test_save import SVG, opened
from tests.hostile.strings import FAMILIES, STRINGS

TEXTS = [text for text in STRINGS if 0 < len(text) <= 500]
LABELS = [visible(text) for text in (*FAMILIES["html"], *FAMILIES["plotly"])]
# Puts the texts where a reader's words may stand, and makes the files.
SAVE = """async ([texts, labels]) => {
    const at = document.querySelector('script[type=module][src$="/main.js"]').src.replace('main.js', 'save/');
    const names = ['page', 'sheet', 'csv', 'experiment', 'figure'];
    const parts = Object.assign({}, ...await Promise.all(names.map((name) => import(`${at}${name}.js`))));
    const section = document.querySelector('section.exhibit');
    const all = texts.join(' | ');
    for (const part of ['.exhibit-title', '[data-role=summary]']) section.querySelector(part).textContent = all;
    section.querySelector('tbody').replaceChildren(...texts.map((text) => {
        const row = document.createElement('tr');
        row.append(Object.assign(document.createElement('th'), { textContent: text }));
        return row;
    }));
    const axis = { tickvals: labels.map((_, n) => n), ticktext: labels, range: [-1, labels.length] };
    const numbers = labels.map((_, n) => n);
    const figure = { data: [{ type: 'bar', orientation: 'h', x: numbers, y: numbers }], layout: { yaxis: axis } };
    const text = async (file) => (await file).text();
    return {
        csv: await text(parts.csv(section)), html: await text(parts.pageHtml(section, figure)),
        json: await text(parts.figureJson(section, figure)), experiment: await text(parts.experimentJson(section)),
        svg: (await parts.sheet(section, figure)).svg,
    };
}"""
LOOK = "[window.hostile ?? null, document.querySelectorAll('[data-hostile], [onerror], img').length]"


@pytest.fixture
def saved(visited: Page, base: str) -> Iterator[dict[str, str]]:
    go(visited, base, "")
    expect(visited.locator(".main-svg").first).to_be_visible()
    yield visited.evaluate(SAVE, [TEXTS, [plotly_text(shortened(label)) for label in LABELS]])
    assert visited.evaluate(LOOK) == [None, 0]


def test_files_of_all_strings(
    saved: dict[str, str], tmp_path: Path, open_context: Callable[..., BrowserContext]
) -> None:
    cells = [row[0] for row in csv.reader(io.StringIO(saved["csv"], newline=""))][1:]
    assert len(cells) == len(TEXTS)
    for text, cell in zip(TEXTS, cells, strict=True):
        whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        assert cell in (whole, f"'{whole}")
        assert not re.match(r"\s*[=+\-@＝＋－＠](?![\d.]+$|Infinity$|\d*e)", cell), cell
    experiment = json.loads(saved["experiment"])
    assert [row[0] for row in experiment["table"]["rows"]] == TEXTS
    assert "<" not in json.loads(saved["json"])["layout"]["title"]["text"]
    tags = {node.tag.removeprefix(SVG) for node in ET.fromstring(saved["svg"].encode()).iter()}
    assert tags & {"script", "image", "img", "a", "foreignObject", "iframe", "animate"} == set()
    path = tmp_path / "saved.html"
    path.write_text(saved["html"], encoding="utf-8")
    other, wrong = opened(open_context, path)
    ticks = other.locator("#chart .ytick text")
    expect(ticks).to_have_count(len(LABELS))
    for text, label in zip(ticks.all_text_contents(), LABELS, strict=True):
        assert text.split() == shortened(label).split()
    expect(other.locator("h1")).to_contain_text("<img src=x data-hostile onerror=window.hostile=1")
    expect(other.locator("script")).to_have_count(4)
    assert other.evaluate(LOOK) == [None, 0]
    assert wrong == []


def test_a_name_with_a_brace_is_text_in_hover_labels(visited: Page, base: str) -> None:
    """The name of a line stands in a template of Plotly's, where %{x} means a number."""
    go(visited, base, "playground/")
    cell = visited.locator("[data-workbench=cell]")
    cell.locator("summary").first.click()
    expect(cell).to_have_attribute("data-editor", "ready")
    lines = "charts.lines(np.arange(3), {'%{x} <b>': np.arange(3.0)}, x_title='x', y_title='y')"
    cell.locator(".cm-content").fill(lines)
    cell.get_by_role("button", name="Run", exact=True).click()
    chart = cell.locator("[data-role=chart]")
    expect(chart.locator(".main-svg").first).to_be_visible()
    chart.focus()
    chart.press("ArrowRight")
    expect(cell.locator("[data-role=cell]")).to_contain_text("%{x} <b>, x ")
    expect(chart.locator(".hoverlayer text").first).to_contain_text("%{x} <b>, x ")
    cell.get_by_role("button", name="Reset", exact=True).click()
