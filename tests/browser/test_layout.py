"""Pages on a phone, at 400 % zoom, widely spaced, on paper, without scripts; and nothing jumps while a page loads."""

import json
from collections.abc import Callable
from itertools import pairwise

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import SITE, Watch, attach, wait_until_live
from tests.browser.pages import KINDS, go, heading, html_of, paths

# WCAG 1.4.12
SPACING = """*, ::before, ::after { line-height: 1.5 !important; letter-spacing: 0.12em !important;
word-spacing: 0.16em !important; } p { margin-bottom: 2em !important; }"""
# Text that is cut off where it should not be: chips and buttons may not, boxes that scroll may.
CUT = """() => [...document.querySelectorAll('main :is(button, label, legend, h1, h2, dt, .exhibit-title, .chip)')]
    .filter((node) => node.offsetParent && node.scrollWidth > node.clientWidth + 1 && node.clientWidth > 0)
    .filter((node) => getComputedStyle(node).display !== 'inline' && !node.matches('.example'))
    .map((node) => node.outerHTML.slice(0, 120))"""
# Labels of axes that do not lie within their chart: Plotly is told not to look for them itself.
BEYOND = """() => [...document.querySelectorAll('.js-plotly-plot')].flatMap((chart) => {
    if (!chart.clientWidth) return [];
    const room = chart.getBoundingClientRect();
    const within = (box) => box.left > room.left - 1 && box.right < room.right + 1 && box.bottom < room.bottom + 1;
    const labels = [...chart.querySelectorAll(':is(.xtick, .ytick) text')];
    return labels.filter((label) => !within(label.getBoundingClientRect())).map((label) => label.textContent);
})"""
SHIFT = """new Promise((resolve) => new PerformanceObserver((list) => resolve(
    list.getEntries().filter((entry) => !entry.hadRecentInput).reduce((sum, entry) => sum + entry.value, 0)
)).observe({ type: 'layout-shift', buffered: true }) || setTimeout(resolve, 50, 0))"""
WIDE = {"width": 1280, "height": 900}
PHONE = {"width": 360, "height": 780}


@pytest.mark.parametrize("zoom", [1, 4])
def test_nothing_scrolls_sideways_at_320_pixels(
    open_context: Callable[..., BrowserContext], base: str, watched: Watch, zoom: int
) -> None:
    """A window of 1280 pixels at 400 % zoom has 320 of them too, and is 256 high."""
    size = {"width": 320, "height": 256 if zoom == 4 else 640}
    page = attach(open_context(viewport=size, device_scale_factor=zoom).new_page(), watched)
    page.goto(base)
    wrong = []
    for path in paths():
        go(page, base, path)
        wrong += [f"{path}: the label {label} is cut off" for label in page.evaluate(BEYOND)]
        for spacing in (" ", SPACING):
            style = page.add_style_tag(content=spacing)
            width = page.evaluate("document.documentElement.scrollWidth")
            wrong += [f"{path}: {width} pixels wide"] if width > 320 else []
            wrong += [f"{path}: {cut}" for cut in page.evaluate(CUT)]
            style.evaluate("(node) => node.remove()")
    assert wrong == []


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_nothing_jumps_while_a_page_loads(
    open_context: Callable[..., BrowserContext], base: str, watched: Watch, size: dict[str, int]
) -> None:
    """Until its first chart is drawn, and on a page of each kind until Python has answered."""
    page = attach(open_context(viewport=size).new_page(), watched)
    shifts = {}
    for path in paths() if size == WIDE else KINDS:
        page.goto(base + path)
        if page.locator("section.exhibit").count() and path in KINDS:
            wait_until_live(page)
        elif (chart := page.locator(".exhibit-chart").first).count():
            expect(chart).not_to_be_empty()
        shifts[path] = page.evaluate(SHIFT)
    assert {path: shift for path, shift in shifts.items() if shift > 0.02} == {}


def test_a_page_that_has_half_arrived_is_as_wide_as_the_whole(
    open_context: Callable[..., BrowserContext], base: str
) -> None:
    """What stands further down in a page may not change where its beginning stands."""
    page = open_context(java_script_enabled=False, viewport=WIDE).new_page()
    arrived = ""
    page.route("**/", lambda route: route.fulfill(body=arrived, content_type="text/html"))
    for path, focus in [*((path, "off") for path in KINDS), ("lessons/query-key-value/", "on"), ("playground/", "on")]:
        whole = html_of(path).replace("<html ", f'<html data-focus="{focus}" ', 1)
        begin, end = whole.index("</h1>"), whole.index("</article>")
        boxes = set()
        for length in (begin, end):
            arrived = whole[:length]
            page.goto(base + path)
            box = page.locator("article").bounding_box()
            assert box
            boxes.add((box["x"], box["width"]))
        assert len(boxes) == 1, (path, focus, boxes)


def test_without_scripts_prose_sentences_and_tables_are_there(
    open_context: Callable[..., BrowserContext], base: str
) -> None:
    page = open_context(java_script_enabled=False, viewport=WIDE).new_page()
    told: dict[str, str] = {}
    for path in paths():
        page.goto(base + path)
        expect(page.locator("h1")).to_have_count(1)
        expect(page.locator("h1")).to_contain_text(heading(path))
        description = page.locator("meta[name=description]").get_attribute("content")
        assert description
        assert description not in told, (path, told[description])
        told[description] = path
        for exhibit in page.locator("section.exhibit").all():
            expect(exhibit.locator("[data-role=summary]")).to_be_visible()
            expect(exhibit.locator("[data-role=summary]")).not_to_be_empty()
            exhibit.locator(".exhibit-table > summary").click()
            expect(exhibit.locator(".exhibit-data")).to_be_visible()


def test_nothing_moves_unless_the_reader_asks(page: Page, base: str) -> None:
    page.goto(f"{base}lessons/induction-heads/")
    wait_until_live(page)
    page.get_by_role("button", name="Back").click()
    page.get_by_role("button", name="Settings").hover()
    assert page.evaluate("document.getAnimations().length") == 0
    page.get_by_role("button", name="Settings").click()
    page.get_by_role("group", name="Motion").get_by_label("Short").check()
    page.keyboard.press("Escape")
    durations = page.evaluate(
        "[...document.querySelectorAll('*')].map((node) => getComputedStyle(node).transitionDuration)"
        ".flatMap((text) => text.split(',')).map((text) => parseFloat(text) * (text.includes('ms') ? 1 : 1000))"
    )
    assert max(durations) <= 500
    page.emulate_media(reduced_motion="reduce")
    page.get_by_role("button", name="Settings").hover()
    assert page.evaluate("document.getAnimations().length") == 0


def test_the_search_knows_what_is_read_and_nothing_else() -> None:
    """Neither a page's data nor the code, tables and buttons of its exhibits."""
    found = json.loads((SITE / "search" / "search_index.json").read_text(encoding="utf-8"))["docs"]
    lessons = [section for section in found if section["location"].startswith(("lessons/", "playground/"))]
    for wrong in ('{"', "How to read it", "Show code", "import numpy", "Mark as done", "Step 2 of"):
        assert [section["location"] for section in lessons if wrong in section["text"]] == []
    # The playground's prose speaks of this one.
    assert not any("Copy link" in section["text"] for section in lessons if section["location"].startswith("lessons/"))
    assert any("The head copies what it found." in section["text"] for section in lessons)


def test_what_is_not_there_offers_ways_on() -> None:
    """Read as a file: such a page stands at any address, and its links begin at the site's."""
    html = (SITE / "404.html").read_text(encoding="utf-8")
    main = html.split("<main", 1)[1].split("</main>", 1)[0]
    assert "<h1>There is no page here</h1>" in main
    for folder in ("lessons", "playground"):
        assert f'/{folder}/">' in main.split("</h1>")[1]
        assert (SITE / folder / "index.html").is_file()


@pytest.mark.parametrize("size", ["115", "135", "160"])
def test_larger_text_fits_a_phone(open_context: Callable[..., BrowserContext], base: str, size: str) -> None:
    context = open_context(viewport={"width": 320, "height": 640})
    kept = json.dumps(json.dumps({"size": size}))
    context.add_init_script(f"localStorage.setItem('circuit-explainer:settings', {kept})")
    page = context.new_page()
    page.goto(f"{base}reference/models/")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    bar = page.locator(".site-bar > :is(button, a)").evaluate_all(
        "(parts) => parts.map((part) => part.getBoundingClientRect()).filter((box) => box.width)"
        ".map((box) => [box.left, box.right])"
    )
    assert all(before[1] <= after[0] for before, after in pairwise(bar))


def test_the_site_has_no_page_that_the_list_of_pages_lacks(page: Page, base: str) -> None:
    page.goto(base)
    listed = page.locator("#site-nav a").evaluate_all("(links) => links.map((link) => link.href)")
    assert sorted(listed) == sorted(base + path for path in paths())
