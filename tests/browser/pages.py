"""The pages of the built site, and ways to go through them without starting Python anew for each."""

import re
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import BOOT_MS, FOLLOW, SITE, wait_until_live

# A page of each kind.
KINDS = (
    "",
    "lab/",
    "lessons/",
    "lessons/query-key-value/",
    "playground/",
    "reference/api/model/",
    "reference/hook-map/",
    "teaching/exercises/",
)


def paths() -> list[str]:
    """The address of every page below the site's root, the home page first."""
    found = sorted(path.parent.relative_to(SITE) for path in SITE.rglob("index.html"))
    return [
        "" if str(path) == "." else f"{path.as_posix()}/"
        for path in found
        if 'http-equiv="refresh"' not in html_of(path)
    ]


def html_of(folder: Path | str) -> str:
    return (SITE / folder / "index.html").read_text(encoding="utf-8")


def heading(path: str) -> str:
    """The text of a page's heading, as it was built."""
    found = re.search(r"<h1[^>]*>(.*?)(?:<a class=\"headerlink\"|</h1>)", html_of(path), re.DOTALL)
    assert found, path
    return re.sub(r"<[^>]+>", "", found[1]).strip()


def go(page: Page, base: str, path: str) -> None:
    """Bring a page as a link would, in the same visit, and wait until all of it is there."""
    page.evaluate(FOLLOW, base + path)
    if "#v=" not in path:  # a state; the page writes it anew
        expect(page).to_have_url(base + path)
    expect(page.locator("article h1")).to_contain_text(heading(re.split("[?#]", path)[0]))
    expect(page.locator("html")).not_to_have_attribute("data-python", "loading", timeout=BOOT_MS)
    expect(page.locator("nav.md-code__nav")).to_have_count(0)  # Material's, which reading/material.js makes plain
    if page.locator("section.exhibit").count():
        wait_until_live(page)


def uncover(page: Page) -> None:
    """Show the exhibits that wait for an answer."""
    while (button := page.get_by_role("button", name="Show it now").first).count():
        button.click()


def use(control: Locator) -> None:
    """Change a control to another value that it accepts."""
    kind = control.get_attribute("data-kind")
    if kind == "text":
        other = control.locator(".example")
        text = other.last.get_attribute("data-example") if other.count() else "a b a"
        control.locator("input").fill(text or "a b a")
    elif kind == "choice" and control.locator("select").count():
        options = control.locator("option")
        select = control.locator("select")
        values = [option.get_attribute("value") or "" for option in options.all()]
        select.select_option(next(value for value in values if value != select.input_value()))
    elif kind == "choice":
        control.locator("input:not(:checked)").first.check()
    elif kind == "slider":
        buttons = control.locator("button[aria-disabled=false]")
        buttons.last.click()
    else:
        box = control.locator("input").first
        box.set_checked(not box.is_checked())
