"""A newer version of the site: announced, taken when the reader says so, and never mixed with the one before it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from circuit_explainer.build.serve import CountingServer, make_server
from tests.browser.conftest import FOLLOW, PREFIX, Watch, attach
from tests.browser.keep.copies import (
    KEPT,
    NEWER,
    OTHER,
    QUIET,
    SECOND_FOLDER,
    eventually,
    linked,
    renew,
    replace,
    rewrite,
    root,
    settings,
    switch_on,
)
from tests.serving import serving

INDEX = "fetch(new URL('../../search/search_index.json', location)).then((all) => all.text())"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    return linked(tmp_path / "site")


@pytest.fixture
def server(site: Path) -> Iterator[CountingServer]:
    with serving(make_server(site, prefix=PREFIX)) as server:
        yield server


def line(page: Page) -> Locator:
    return page.locator("[data-role=loading]")


def titled(page: Page, heading: str) -> None:
    expect(page.locator("h1")).to_have_text(f"{heading}¶")


def follow(page: Page, base: str, path: str, heading: str) -> None:
    page.evaluate(FOLLOW, base + path)
    titled(page, heading)


def test_a_newer_version_waits_for_the_reader_and_mixes_with_nothing(
    open_context: Callable[..., BrowserContext], site: Path, server: CountingServer
) -> None:
    context, base = open_context(), root(server)
    first, second = Watch(base), Watch(base)
    page = attach(context.new_page(), first)
    page.goto(base + QUIET)
    switch_on(page)
    page.keyboard.press("Escape")
    folder = renew(site)
    # Damaged at first. Only what has changed is fetched.
    changed = site / QUIET / "index.html"
    whole = changed.read_bytes()
    replace(changed, b"damaged")
    page.reload()
    expect(settings(page).get_by_role("status")).to_have_text(
        "A newer version could not be kept: index.html is damaged, or of another version of the site. "
        "The copy stays as it was."
    )
    page.keyboard.press("Escape")
    expect(line(page)).to_be_hidden()
    assert len(page.evaluate(KEPT)) == 1
    follow(page, base, OTHER, "Notation and shapes")
    replace(changed, whole)
    # Announced, and nothing changes.
    page.reload()
    expect(line(page)).to_contain_text(NEWER)
    expect(page.locator("[data-role=spoken]")).to_have_text(NEWER)
    follow(page, base, QUIET, "Papers")
    page.goto(base + OTHER)
    titled(page, "Notation and shapes")
    line(page).get_by_role("button", name="Later").click()
    expect(line(page)).to_be_hidden()
    # Taken in one tab; the other goes on.
    other = attach(context.new_page(), second)
    other.goto(base + QUIET)
    titled(other, "Papers")
    before = len(second.requests)
    line(other).get_by_role("button", name="Use it now").click()
    titled(other, "Papers anew")
    follow(other, base, OTHER, "Notation and shapes anew")
    assert "Papers anew" in other.evaluate(INDEX)
    follow(page, base, QUIET, "Papers")
    assert "Papers anew" not in page.evaluate(INDEX)
    page.get_by_role("button", name="Settings").click()
    expect(page.locator("#settings [data-role=keep]").get_by_role("switch")).to_be_checked()
    assert [url for url in first.requests if SECOND_FOLDER in url] == []
    assert [url for url in second.requests[before:] if folder in url] == []
    assert len(other.evaluate(KEPT)) == 2
    page.close()
    other.reload()
    eventually(other, f"{KEPT}.then((all) => all.length)", 1)
    expect(line(other)).to_be_hidden()
    assert (first.complaints, second.complaints) == ([], [])


def test_a_copy_with_a_damaged_file_is_not_kept(
    open_context: Callable[..., BrowserContext], site: Path, server: CountingServer
) -> None:
    page, base = open_context().new_page(), root(server)
    replace(site / "images" / "icon.svg", b"<svg/>")
    page.goto(base + QUIET)
    part = settings(page)
    part.get_by_role("switch").check()
    expect(part.get_by_role("status")).to_have_text(
        "The copy could not be made: icon.svg is damaged, or of another version of the site. Nothing was kept."
    )
    expect(part.get_by_role("switch")).not_to_be_checked()
    eventually(page, KEPT, [])
    rewrite(site)
    full = page.context.new_cdp_session(page)
    full.send("Storage.overrideQuotaForOrigin", {"origin": base.removesuffix(PREFIX), "quotaSize": 5_000_000})
    part.get_by_role("switch").check()
    expect(part.get_by_role("status")).to_contain_text("there is not enough room on this device for")
    eventually(page, KEPT, [])


def test_a_browser_that_keeps_no_copies_is_told(page: Page, base: str) -> None:
    page.add_init_script("delete Navigator.prototype.serviceWorker")
    page.goto(base + QUIET)
    part = settings(page)
    expect(part).to_contain_text("This browser keeps no copy here.")
    expect(part.get_by_role("switch")).to_be_disabled()
