"""What the browser itself says of every page's load, and how long it takes from one page to the next."""

import statistics
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

from circuit_explainer.build.serve import make_server
from tests.bench.starts import fresh
from tests.browser.conftest import FOLLOW
from tests.browser.pages import paths
from tests.serving import address, serving
from tests.waiting import until

# As Lighthouse counts: the largest thing painted, the sum of shifts, what tasks take beyond 50 ms.
ENTRIES = """() => new Promise((resolve) => {
    const found = { largest_contentful_paint_ms: 0, layout_shift: 0, blocking_ms: 0 };
    const watch = (type, take) => {
        new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({ type, buffered: true });
    };
    watch('largest-contentful-paint', ({ startTime }) => { found.largest_contentful_paint_ms = startTime; });
    watch('layout-shift', ({ value, hadRecentInput }) => { if (!hadRecentInput) found.layout_shift += value; });
    watch('longtask', ({ duration }) => { found.blocking_ms += duration - 50; });
    setTimeout(() => resolve(found), 100);
})"""
SETTLED = """document.readyState === 'complete' && document.documentElement.dataset.python !== 'loading'
    && !document.querySelector('section.exhibit:not([data-state=live])')"""
LIVE = """document.querySelector('h1')?.textContent !== given && document.querySelector('section.exhibit')
    && !document.querySelector('section.exhibit:not([data-state=live])') && performance.now()"""
TRIP = ("lessons/induction-heads/", "lessons/query-key-value/", "", "lessons/composition/", "playground/three-views/")
ROUNDS = 4


def measure(browser: Browser, site: Path) -> dict[str, Any]:
    """Return for each page what the browser noted, the worst of each, and the median way to another page's exhibits."""
    loads: dict[str, dict[str, float]] = {}
    with serving(make_server(site)) as server:
        for path in paths():
            context, page = fresh(browser)
            page.goto(address(server) + path)
            until(page, SETTLED, within_s=60)
            loads[path] = page.evaluate(ENTRIES)
            context.close()
        context, page = fresh(browser)
        page.goto(address(server))
        until(page, SETTLED, within_s=60)
        ways = [way(page, address(server) + path) for _ in range(ROUNDS) for path in TRIP]
        context.close()
    result = {f"worst_{name}": max(load[name] for load in loads.values()) for name in next(iter(loads.values()))}
    seen_before = ways[len(TRIP) :]  # the first time a page is seen, its models are fetched
    result |= {
        "page_to_page_ms": statistics.median(seen_before),
        "page_to_page_first_ms": statistics.median(ways[: len(TRIP)]),
    }
    for name, value in result.items():
        where = max(loads, key=lambda path: loads[path][name.removeprefix("worst_")]) if "worst" in name else ""
        print(f"{name:36} {value:9.3f}   {where}")
    return {"result": result, "loads": loads}


def way(page: Page, to: str) -> float:
    """Return the milliseconds from a press on a link until every exhibit of its page is live."""
    before = page.locator("article h1").text_content()
    begun: float = page.evaluate("performance.now()")
    page.evaluate(FOLLOW, to)
    live: float = until(page, LIVE, before, within_s=30)
    return live - begun
