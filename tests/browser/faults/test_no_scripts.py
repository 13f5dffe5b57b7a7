"""Scripts that do not run: of a browser that knows no modules, or since a file of theirs is missing or broken."""

from collections.abc import Callable

from playwright.sync_api import BrowserContext, Locator, Page, Route, expect

from tests.browser.conftest import wait_until_live
from tests.browser.faulty import Fault, faulty

TOLD = "The charts and controls of this page could not start: a file is missing, or this browser is too old."
ADVICE = "Check the connection, then retry; a browser from 2024 or later runs everything."


def expect_readable(page: Page) -> Locator:
    """The line says what is missing and what to do; text, sentence and table are there, and no control that is dead."""
    line = page.locator("[data-role=loading]")
    expect(line).to_contain_text(TOLD)
    expect(line).to_contain_text(ADVICE)
    section = page.locator("section.exhibit").first
    expect(section.locator("[data-role=summary]")).to_contain_text("looks at")
    section.locator("summary", has_text="Table").click()
    expect(section.locator("table")).to_contain_text("sat")
    expect(page.get_by_role("button", name="Settings")).to_be_hidden()
    expect(section.get_by_text("Save", exact=True)).to_be_hidden()
    return line


def test_a_browser_without_modules_shows_texts_sentences_and_tables(
    open_context: Callable[..., BrowserContext], base: str
) -> None:
    page = open_context().new_page()

    def unknown(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace('type="module"', 'type="unknown"'))

    page.route(lambda url: url.split("?")[0].endswith("/"), unknown)
    for path in ("", "lessons/induction-heads/"):
        page.goto(base + path)
        expect(page.locator("[data-role=loading]")).to_contain_text(TOLD)
    page.goto(base)
    expect_readable(page)
    page.unroute_all()
    page.locator("[data-role=loading]").get_by_role("button", name="Retry").click()
    expect(page.locator("[data-role=loading]")).not_to_contain_text(TOLD)
    wait_until_live(page)


def test_a_script_that_is_missing_or_broken_is_told_and_retry_recovers(
    open_context: Callable[..., BrowserContext],
) -> None:
    page = open_context().new_page()
    with faulty() as site:
        site.faults = {"where.js": "missing"}
        page.goto(site.base)
        rows: list[tuple[str, Fault]] = [("where.js", "cut"), ("files.js", "short"), ("main.js", "mistyped")]
        for name, fault in rows:
            site.faults = {name: fault}
            with page.expect_event("load"):
                expect_readable(page).get_by_role("button", name="Retry").click()
            expect(page.locator("[data-role=loading]")).to_contain_text(TOLD)
        site.faults = {}
        expect_readable(page).get_by_role("button", name="Retry").click()
        expect(page.locator("[data-role=loading]")).not_to_contain_text(TOLD)
        wait_until_live(page)
        page.get_by_label("Your words").fill("x y x")
        expect(page.locator("[data-role=summary]")).to_contain_text("“x₂” looks at “y”")
