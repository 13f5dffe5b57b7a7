"""The built site in a real browser: served gzipped under a sub-path, without COOP and COEP headers."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Dialog,
    Error,
    Page,
    Request,
    ViewportSize,
    expect,
    sync_playwright,
)

from circuit_explainer.build.serve import make_server
from tests.browser.chromium import IN_TESTS, find
from tests.serving import address, serving

SITE = Path(__file__).parents[2] / "site"
PREFIX = "/circuit-explainer/"
SIZE: ViewportSize = {"width": 1280, "height": 720}
AS_NEW = """() => {
    document.querySelector(':popover-open')?.hidePopover();
    readerSettings.set(null);
    sessionStorage.clear();
    localStorage.clear();
}"""
QUIET = "reference/papers/"  # a page without exhibits
FOLLOW = """(address) => {
    const link = Object.assign(document.createElement('a'), { href: address });
    document.querySelector('main').append(link);
    link.click();
}"""
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
        browser = playwright.chromium.launch(executable_path=find(playwright), args=list(IN_TESTS))
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

    def on_error(self, error: Error) -> None:
        self.complaints.append(str(error))

    def on_dialog(self, dialog: Dialog) -> None:
        self.complaints.append(f"a dialog: {dialog.message}")  # no page has one, so a reader's text ran as code
        dialog.dismiss()

    def attach(self, page: Page) -> None:
        page.on("request", self.on_request)
        page.on("console", self.on_console)
        page.on("pageerror", self.on_error)
        page.on("dialog", self.on_dialog)

    def detach(self, page: Page) -> None:
        page.remove_listener("request", self.on_request)
        page.remove_listener("console", self.on_console)
        page.remove_listener("pageerror", self.on_error)
        page.remove_listener("dialog", self.on_dialog)

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


@pytest.fixture(scope="session")
def visit(browser: Browser, base: str) -> Iterator[Page]:
    """A visit in which Python runs already; `visited` gives it to tests."""
    context = browser.new_context(color_scheme="dark")
    page = context.new_page()
    page.goto(base + QUIET)
    yield page
    context.close()


@pytest.fixture
def visited(visit: Page, base: str, watched: Watch) -> Iterator[Page]:
    """The page of a visit that other tests share, for those that leave nothing in Python. Go on with `pages.go`."""
    visit.evaluate(FOLLOW, base + QUIET)
    expect(visit.locator("article h1")).to_contain_text("Papers")
    visit.evaluate(AS_NEW)
    visit.mouse.move(1, 1)
    attach(visit, watched)
    yield visit
    watched.detach(visit)
    visit.unroute_all()
    visit.emulate_media(color_scheme="dark")
    visit.set_viewport_size(SIZE)


def attach(page: Page, watch: Watch) -> Page:
    watch.attach(page)
    return page


def wait_until_live(page: Page) -> None:
    """Wait until every exhibit of the page is live; fail at once when Python failed."""
    expect(page.locator("html")).to_have_attribute("data-python", re.compile("ready|failed"), timeout=BOOT_MS)
    expect(page.locator("html")).to_have_attribute("data-python", "ready")
    for exhibit in page.locator("section.exhibit").all():
        expect(exhibit).to_have_attribute("data-state", "live")
