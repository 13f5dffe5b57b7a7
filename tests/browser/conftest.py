"""The built site in a real browser: served gzipped under a sub-path, without COOP and COEP headers."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, expect, sync_playwright

from circuit_explainer.build.serve import make_server
from tests.browser.chromium import ARGUMENTS, find
from tests.serving import address, serving

SITE = Path(__file__).parents[2] / "site"
PREFIX = "/circuit-explainer/"
# A cold start of Python on a slow, shared machine.
BOOT_MS = 60_000


@pytest.fixture(scope="session")
def base() -> Iterator[str]:
    if not (SITE / "index.html").is_file():
        raise RuntimeError("There is no built site. Run `make build` first; `make test` does.")
    with serving(make_server(SITE, prefix=PREFIX)) as server:
        yield address(server) + PREFIX.lstrip("/")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    expect.set_options(timeout=20_000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find(playwright), args=list(ARGUMENTS))
        yield browser
        browser.close()


@dataclass
class Watch:
    """What a page did that it must not do, and what it asked for. `forgive` takes back what a test provokes."""

    base: str
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)

    def on_request(self, request: Request) -> None:
        self.requests.append(request.url)
        if not request.url.startswith((self.base, "data:", "blob:")):
            self.foreign.append(request.url)

    def on_console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(f"{message.text} ({message.location.get('url', '')})")

    def forgive(self, pattern: str) -> None:
        self.complaints = [text for text in self.complaints if not re.search(pattern, text)]

    def count(self, end: str) -> int:
        return sum(url.split("?")[0].endswith(end) for url in self.requests)


@pytest.fixture
def open_context(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    contexts: list[BrowserContext] = []

    def make(**options: Any) -> BrowserContext:
        contexts.append(browser.new_context(color_scheme="dark", **options))
        return contexts[-1]

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def watched(base: str) -> Iterator[Watch]:
    """Every test fails on a request to another origin, on a console error and on an uncaught exception."""
    watch = Watch(base)
    yield watch
    assert watch.foreign == []
    assert watch.complaints == []


@pytest.fixture
def page(open_context: Callable[..., BrowserContext], watched: Watch) -> Page:
    return attach(open_context().new_page(), watched)


def attach(page: Page, watch: Watch) -> Page:
    page.on("request", watch.on_request)
    page.on("console", watch.on_console)
    page.on("pageerror", lambda error: watch.complaints.append(str(error)))
    return page


def wait_until_live(page: Page) -> None:
    """Wait until every exhibit of the page is live; fail at once when Python failed."""
    expect(page.locator("html")).to_have_attribute("data-python", re.compile("ready|failed"), timeout=BOOT_MS)
    expect(page.locator("html")).to_have_attribute("data-python", "ready")
    for exhibit in page.locator("section.exhibit").all():
        expect(exhibit).to_have_attribute("data-state", "live")
