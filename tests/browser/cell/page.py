"""What a reader does with the notebook cell."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import BOOT_MS

PAGE = "playground/"
ENDLESS = "print('on')\nwhile True:\n    pass"


def open_cell(page: Page, base: str) -> None:
    page.goto(base + PAGE)
    page.get_by_text("Write your own Python").click()
    expect(page.locator(".cell")).to_have_attribute("data-editor", "ready")


def write(page: Page, code: str) -> None:
    page.get_by_role("textbox", name="Python code").fill(code)


def code(page: Page) -> str:
    lines = page.locator(".cm-line").all_text_contents()
    return "\n".join(lines)


def press(page: Page, name: str) -> None:
    page.locator(".cell").get_by_role("button", name=name, exact=True).click()


def message(page: Page, words: str | re.Pattern[str]) -> None:
    expect(page.locator(".cell [role=status]").first).to_have_text(words, timeout=BOOT_MS)


def run(page: Page, words: str) -> None:
    write(page, words)
    press(page, "Run")
    message(page, re.compile("^Done in"))


def value(page: Page) -> str:
    return page.locator(".cell-value").inner_text()


def choose(page: Page, model: str, text: str) -> None:
    """Bring the playground to a model and a text."""
    bench = page.locator("#bench")
    bench.get_by_label("Model", exact=True).select_option(model)
    expect(bench).to_have_attribute("data-state", re.compile("live|error"))
    bench.get_by_label("Text", exact=True).fill(text)
