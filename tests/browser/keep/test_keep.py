"""A copy of the site that the reader asked for: it works without a network, and goes when it is switched off."""

import re
from collections.abc import Callable

import numpy as np
from playwright.sync_api import BrowserContext, Page, expect

from circuit_explainer.build.serve import make_server
from tests.browser.charts import computed, shown
from tests.browser.conftest import BOOT_MS, PREFIX, SITE, Watch, attach, wait_until_live
from tests.browser.keep.copies import DEVICE, KEPT, OTHER, QUIET, REGISTERED, eventually, root, settings, switch_on
from tests.browser.pages import go
from tests.browser.test_charts import CLOSE
from tests.serving import serving

WORDS = "one two one"


def test_the_copy_works_without_a_network_until_it_is_switched_off(open_context: Callable[..., BrowserContext]) -> None:
    context = open_context()
    with serving(make_server(SITE, prefix=PREFIX)) as server:
        base = root(server)
        watch = Watch(base)
        page = attach(context.new_page(), watch)
        page.goto(base + QUIET)
        assert watch.count("keep.js") == 0
        part = settings(page)
        expect(part).to_contain_text(re.compile(r"About \d\d MB\. It is fetched once, when you switch this on\."))
        assert (page.evaluate(KEPT), page.evaluate(REGISTERED)) == ([], 0)
        switch_on(page)
        expect(part).to_contain_text("Switch it off to remove it.")
        assert len(page.evaluate(KEPT)) == 1
        sent = server.sent
        context.set_offline(True)
        page.keyboard.press("Escape")
        go(page, base, OTHER)  # the page from which the copy was asked for
        other = attach(context.new_page(), watch)
        works(other, base)
        lost = context.new_page()  # this page knows its files by the address that the site was built for
        found = lost.goto(base + "nowhere/")
        assert found
        assert (found.status, lost.locator("h1").inner_text()) == (404, "There is no page here")
        other.goto(base + OTHER.rstrip("/") + "?view=x")
        expect(other).to_have_url(base + OTHER + "?view=x")
        assert server.sent == sent
        context.set_offline(False)
        goes(page, other, base)
    assert (watch.foreign, watch.complaints) == ([], [])


def works(page: Page, base: str) -> None:
    """The start page, a lesson, the search and the playground, where Python computes what CPython does."""
    page.goto(base)
    wait_until_live(page)
    go(page, base, "lessons/induction-heads/")
    go(page, base, "playground/")
    expect(page.locator("html")).to_have_attribute("data-python", "ready", timeout=BOOT_MS)
    go(page, base, "playground/three-views/")
    page.locator("#one_head").get_by_label("Your words").fill(WORDS)
    expect(page.locator("#one_head [data-role=summary]")).to_contain_text("“one₂")
    theirs = computed("playground/three-views.md", "one_head", {"text": WORDS})
    np.testing.assert_allclose(shown(page, "one_head"), theirs, atol=CLOSE)
    page.get_by_role("textbox", name="Search").click()
    page.keyboard.type("shortformer")
    expect(page.get_by_role("region", name="Search results").get_by_role("link").first).to_be_visible()


def goes(page: Page, other: Page, base: str) -> None:
    """Switched off on the page about what is kept, and there it can be had again."""
    other.goto(base + DEVICE)
    part = other.locator("main [data-role=keep]")
    row = other.get_by_role("row").filter(has_text="offline use")
    expect(row).to_contain_text(re.compile(r"\d\d\.\d MB"))
    part.get_by_role("switch").uncheck()
    expect(part.get_by_role("status")).to_have_text("The copy is removed.")
    expect(row).to_contain_text("Nothing")
    assert (other.evaluate(KEPT), other.evaluate(REGISTERED)) == ([], 0)
    go(page, base, QUIET)  # from the network again
    switch_on(page)
    assert len(page.evaluate(KEPT)) == 1
    other.reload()
    expect(part.get_by_role("switch")).to_be_checked()
    row.get_by_role("button").click()
    expect(part.get_by_role("switch")).not_to_be_checked()
    eventually(other, REGISTERED, 0)
