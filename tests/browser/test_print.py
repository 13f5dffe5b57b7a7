"""A lesson on paper: light charts as wide as the sheet, no controls, folds as the reader left them, its address."""

import re

from playwright.sync_api import Page, ViewportSize, expect

from tests.browser.pages import go, uncover

LESSON = "lessons/induction-heads/"
# What stands on paper, looked at when the page has just been laid out for it.
LOOK = """() => {
    addEventListener('beforeprint', () => queueMicrotask(() => {
        const charts = [...document.querySelectorAll('.js-plotly-plot')];
        globalThis.onPaper = {
            widths: charts.map((chart) => chart.querySelector('.main-svg').getBoundingClientRect().width),
            text: charts.flatMap((chart) => [...chart.querySelectorAll('.xtick text')])
                .map((text) => getComputedStyle(text).fill),
            address: document.querySelector('.print-line [data-role="address"]').textContent,
        };
    }), { once: true });
}"""
SHEET: ViewportSize = {"width": 672, "height": 900}
HIDDEN = (
    ".md-header, .site-side, .site-foot nav, .exhibit-controls, .exhibit-save, .predict-check, .step-nav, "
    ".lesson-end, .cover"
)


def pages_of(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


def test_a_lesson_is_a_handout(visited: Page, base: str) -> None:
    go(visited, base, LESSON)
    uncover(visited)
    table = visited.locator(".exhibit-table").first
    table.locator("summary").click()
    before = visited.locator(".js-plotly-plot .main-svg").first.bounding_box()
    visited.evaluate(LOOK)
    pdf = visited.pdf(format="A4")
    assert pdf.startswith(b"%PDF")
    assert 4 <= pages_of(pdf) <= 16
    seen = visited.evaluate("onPaper")
    assert seen["widths"]
    assert set(seen["widths"]) == {640}
    assert set(seen["text"]) == {"rgb(29, 36, 48)"}  # the text colour of the light scheme
    assert seen["address"] == base + LESSON
    # Afterwards the screen is as it was, in dark.
    expect(visited.locator(".js-plotly-plot .xtick text").first).to_have_css("fill", "rgb(232, 235, 239)")
    expect(visited.locator("html")).not_to_have_attribute("style", re.compile("color-scheme"))
    assert visited.locator(".js-plotly-plot .main-svg").first.bounding_box() == before
    expect(visited.locator("details.exhibit-code[open]")).to_have_count(0)
    expect(table).to_have_attribute("open", "")
    # What is laid out for the sheet, with the marks that printing left.
    visited.set_viewport_size(SHEET)
    visited.emulate_media(media="print")
    expect(visited.locator(HIDDEN).filter(visible=True)).to_have_count(0)
    expect(table.locator("table")).to_be_visible()
    expect(visited.locator(".exhibit-table table").filter(visible=True)).to_have_count(1)
    expect(visited.locator(".exhibit-code pre").filter(visible=True)).to_have_count(0)
    expect(visited.locator(".print-line")).to_be_visible()
    expect(visited.locator("section.step > p:not([class])").first).to_have_css("color", "rgb(29, 36, 48)")
    expect(visited.locator("section.exhibit [data-role=summary]").first).to_be_visible()
    for chart in visited.locator(".exhibit-chart").all():
        expect(chart).to_have_css("break-inside", "avoid")
    assert visited.evaluate("document.documentElement.scrollWidth") <= SHEET["width"]
    visited.emulate_media(media="screen")
