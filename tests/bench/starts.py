"""Cold and second starts of our page and of those that it is compared with, alternating."""

import re
import tempfile
from collections import ChainMap
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page

from circuit_explainer.build.serve import CountingServer, make_server
from tests.bench.others import PAGES
from tests.serving import address, serving
from tests.waiting import until

# How long a reader stays at least. V8 keeps what it compiled of WebAssembly two seconds after the last large piece.
STAY_MS = 6_000
SETTLE_MS = 2_000  # what a browser takes for itself after its start
# Opens a browser on the folder of a profile. Only one on disk keeps compiled WebAssembly, as that of a reader does.
Launch = Callable[[str], BrowserContext]
# Runs before the page's own scripts: notes long tasks, the first painted chart and the first live exhibit.
NOTES = """
window.notes = { tasks: [], scripts: [] };
new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) window.notes.tasks.push([startTime, duration]);
}).observe({ type: 'longtask', buffered: true });
new PerformanceObserver((list) => {
    for (const { scripts } of list.getEntries()) {
        for (const { sourceURL, invoker, startTime, duration } of scripts) {
            window.notes.scripts.push([`${sourceURL} ${invoker}`, startTime, duration]);
        }
    }
}).observe({ type: 'long-animation-frame', buffered: true });
new MutationObserver(() => {
    const { notes } = window;
    if (!notes.chart && document.querySelector('.js-plotly-plot .main-svg .hm image, .js-plotly-plot .bars path')) {
        notes.chart = true;
        requestAnimationFrame(() => setTimeout(() => { notes.chart = performance.now(); }));
    }
    if (!notes.python && document.documentElement.dataset.python === 'ready') notes.python = performance.now();
    if (!notes.live && document.querySelector('section.exhibit[data-state=live]')) notes.live = performance.now();
}).observe(document, { subtree: true, childList: true, attributes: true });
"""


def measure(launch: Launch, site: Path, others: Path, rounds: int) -> list[dict[str, Any]]:
    """Return one dict of figures for each round; each round starts every page in a profile of its own."""
    found = []
    named = re.search(r"assets/page-\w+/start\.js", (site / "index.html").read_text(encoding="utf-8"))
    assert named, "the start page starts no Python"
    script = named[0]
    with serving(make_server(site)) as ours, serving(make_server(others)) as theirs:
        for number in range(rounds):
            print(f"start {number + 1} of {rounds}: {', '.join(PAGES)}, our Python alone, ours; then again", flush=True)
            figures = []
            for name in PAGES:
                with profile(launch) as context:
                    figures.append(other_starts(context, theirs, name))
            with profile(launch) as context:
                figures.append(alone_start(context, ours, script))
            with profile(launch) as context:
                figures.append(our_starts(context, ours))
            found.append(dict(ChainMap(*figures)))
    return found


@contextmanager
def profile(launch: Launch) -> Iterator[BrowserContext]:
    """Yield a browser that has never been used and has come to rest."""
    with tempfile.TemporaryDirectory() as folder:
        context = launch(folder)
        context.pages[0].wait_for_timeout(SETTLE_MS)
        yield context
        context.close()


def other_starts(context: BrowserContext, server: CountingServer, name: str) -> dict[str, float]:
    """Return boot time, blocking time and weight of a page of `others`, and its boot time on a second visit."""
    page = watched_page(context)
    before = server.sent
    page.goto(f"{address(server)}{name}.html")
    boot: float = until(page, "window.answeredAt", within_s=60)
    figures = {"boot_ms": boot, "blocking_ms": blocking_time(page, boot), "visit_mb": (server.sent - before) / 1e6}
    page = come_back(page)
    page.goto(f"{address(server)}{name}.html")
    figures["second_boot_ms"] = until(page, "window.answeredAt", within_s=60)
    return {f"{name}_{what}": value for what, value in figures.items()}


def alone_start(context: BrowserContext, server: CountingServer, script: str) -> dict[str, float]:
    """Return the boot time of our Python on an empty page: no theme, no charts."""
    page = watched_page(context)
    html = f'<!doctype html><title>alone</title><body><script type="module" src="/{script}"></script>'
    page.route("**/alone", lambda route: route.fulfill(body=html, content_type="text/html"))
    page.goto(address(server) + "alone")
    until(page, "window.notes.python", within_s=60)
    boot = page.evaluate("window.notes.python")
    return {"alone_boot_ms": boot}


def our_starts(context: BrowserContext, server: CountingServer) -> dict[str, float]:
    """Return the figures of a first visit and of a second one in the same profile."""
    page = watched_page(context)
    before = server.sent
    notes = start(page, server)
    first = server.sent - before
    blocking = blocking_time(page, notes["live"])
    page = come_back(page)
    before = server.sent
    again = start(page, server)
    second = server.sent - before
    return {
        "our_boot_ms": notes["live"],
        "python_ready_ms": notes["python"],
        "our_blocking_ms": blocking,
        "plotly_blocking_ms": blocking_by(notes["scripts"], "plotly", notes["live"]),
        "theme_blocking_ms": blocking_by(notes["scripts"], "javascripts/bundle", notes["live"]),
        "python_blocking_ms": blocking_by(notes["scripts"], "/pyscript/", notes["live"]),
        "first_chart_ms": notes["chart"],
        "first_visit_mb": first / 1e6,
        "second_boot_ms": again["live"],
        "second_visit_mb": second / 1e6,
        "long_tasks": notes["tasks"],
    }


def start(page: Page, server: CountingServer) -> dict[str, Any]:
    """Open the start page and return its notes once an exhibit is live and its chart painted."""
    page.goto(address(server))
    until(page, "window.notes.live && typeof window.notes.chart === 'number'", within_s=60)
    notes: dict[str, Any] = page.evaluate("window.notes")
    return notes


def blocking_time(page: Page, until: float) -> float:
    """Return the total blocking time: what each task took beyond 50 ms, of those begun before `until`."""
    tasks = page.evaluate("window.notes.tasks")
    return float(sum(duration - 50 for begun, duration in tasks if begun < until))


def blocking_by(scripts: list[list[Any]], part: str, until: float) -> float:
    """Return what the scripts whose address holds `part` took beyond 50 ms each, of those begun before `until`."""
    return float(sum(max(0, took - 50) for name, begun, took in scripts if part in name and begun < until))


def fresh(browser: Browser) -> tuple[BrowserContext, Page]:
    """Return a page in a profile with an empty cache."""
    context = browser.new_context()
    return context, watched_page(context)


def come_back(page: Page) -> Page:
    """Return a page in the same profile, after the reader has left this one, which was open for a while."""
    page.wait_for_timeout(STAY_MS)
    page.close()
    return watched_page(page.context)


def watched_page(context: BrowserContext) -> Page:
    """Return a page that takes notes."""
    page = context.new_page()
    page.add_init_script(NOTES)
    return page
