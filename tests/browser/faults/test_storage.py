"""A browser that forbids a site to keep anything, or whose storage is full: every kind of page works, and says so."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.conftest import BOOT_MS, Watch, attach, wait_until_live
from tests.browser.pages import go

DENIED = """for (const name of ['localStorage', 'sessionStorage']) {
    Object.defineProperty(window, name, { get() { throw new DOMException('denied', 'SecurityError'); } });
}"""
FULL = """Storage.prototype.setItem = () => {
    throw new DOMException('full', 'QuotaExceededError');
};"""
KINDS = ("lessons/induction-heads/", "playground/", "lab/", "reference/on-this-device/", "")


@pytest.mark.parametrize("fault", ["denied", "full"])
def test_every_kind_of_page_works(
    open_context: Callable[..., BrowserContext], base: str, watched: Watch, fault: str
) -> None:
    page = attach(open_context().new_page(), watched)
    page.add_init_script({"denied": DENIED, "full": FULL}[fault])
    page.goto(base)
    wait_until_live(page)
    for path in KINDS:
        go(page, base, path)
        if path == "lab/":
            expect(page.locator(".lab")).to_have_attribute("data-ready", "", timeout=BOOT_MS)
    page.get_by_role("button", name="Settings").click()
    page.locator("#settings").get_by_role("group", name="Text size").get_by_text("Large", exact=True).click()
    expect(page.locator("#settings [data-role=settings-note]")).to_have_text(
        "This browser keeps nothing for this site, so the settings last as long as this page is open."
    )
    expect(page.locator("html")).not_to_have_attribute("data-size", "100")
    page.keyboard.press("Escape")
    page.get_by_label("Your words").fill("x y x")
    expect(page.locator("[data-role=summary]")).to_contain_text("“x₂” looks at “y”")
    watched.forgive("denied")  # Material's own scripts complain in such a browser
