"""Two tabs at once, and a page that comes back from the browser's cache of pages."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import Watch, attach, wait_until_live

FOLDED = "Write your own Python"


def test_two_tabs_share_settings_and_nothing_else(page: Page, base: str, watched: Watch) -> None:
    other = attach(page.context.new_page(), watched)
    for tab in (page, other):
        tab.goto(base + "playground/three-views/")
    for tab, words in ((page, "a b a"), (other, "c d c")):
        wait_until_live(tab)
        tab.locator("#one_head").get_by_label("Your words").fill(words)
    expect(page.locator("#one_head [data-role=summary]")).to_contain_text("“a₂” looks at “b”")
    expect(other.locator("#one_head [data-role=summary]")).to_contain_text("“c₂” looks at “d”")
    # Settings of one tab are taken by the other at once.
    page.evaluate("readerSettings.set({ scheme: 'light' })")
    expect(other.locator("html")).to_have_attribute("data-scheme", "light")
    other.evaluate("readerSettings.set(null)")
    expect(page.locator("html")).to_have_attribute("data-scheme", "dark")
    other.close()
    # Away by a full load, and back: from the cache of pages if the browser kept it, or else loaded anew.
    page.goto(base + "reference/papers/?")
    page.go_back()
    wait_until_live(page)
    expect(page.locator("#one_head").get_by_label("Your words")).to_have_value("a b a")
    page.locator("#one_head").get_by_label("Your words").fill("e f e")
    expect(page.locator("#one_head [data-role=summary]")).to_contain_text("“e₂” looks at “f”")
