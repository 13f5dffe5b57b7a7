"""axe-core on every page in every scheme, after the charts are drawn and again after each control was used."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Frame, Page, expect

from circuit_explainer.build.runtime import cache_dir
from tests.browser.conftest import Watch, attach
from tests.browser.pages import go, paths, uncover, use

AXE = cache_dir() / "npm" / "node_modules" / "axe-core" / "axe.min.js"
# All of axe's rules, and those for the highest contrast and for the size of targets.
RULES = {"color-contrast-enhanced": {"enabled": True}, "target-size": {"enabled": True}}
SCHEMES: dict[str, dict[str, Any]] = {
    "dark": {"color_scheme": "dark"},
    "light": {"color_scheme": "light"},
    "more contrast": {"color_scheme": "dark", "contrast": "more"},
    "forced colours": {"color_scheme": "dark", "forced_colors": "active"},
    "phone": {"color_scheme": "light"},
}
# From the top of the page, where the bar lies over nothing.
RUN = """([within, rules]) => {
    scrollTo(0, 0);
    return axe.run(within, { rules, resultTypes: ['violations'] });
}"""
# The tables are open in the last round only, and short: their rows are alike, and axe takes seconds for thousands.
OPENED = """(tables) => {
    for (const details of document.querySelectorAll('section.exhibit details')) {
        const table = details.matches('.exhibit-table');
        details.open = tables || !table;
        if (table && tables) for (const row of [...details.querySelectorAll('tbody tr')].slice(5)) row.remove();
    }
}"""
# Two controls together may ask for what there is not, as a layer of a model that has fewer: it is told in words.
ANSWERED = re.compile("live|error")
# Every control is used in these, and looked at after each use in the first; the others change no more than colours.
USED = ("dark", "light")


def violations(page: Page | Frame, within: str = "html") -> list[str]:
    """What axe finds wrong, a line for each place."""
    found = page.evaluate(RUN, [within, RULES])
    return [
        f"{page.url} {rule['id']}: {node['html'][:200]} ({node['failureSummary']})"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


@pytest.mark.parametrize("scheme", SCHEMES)
def test_axe_finds_nothing_wrong(
    open_context: Callable[..., BrowserContext], base: str, watched: Watch, scheme: str
) -> None:
    size = {"width": 320, "height": 640} if scheme == "phone" else {"width": 1280, "height": 900}
    page = attach(open_context(viewport=size).new_page(), watched)
    page.emulate_media(**SCHEMES[scheme])
    page.goto(base)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    wrong: list[str] = []
    for path in paths():
        go(page, base, path)
        wrong += violations(page)
        if scheme in USED and page.locator("section.exhibit").count():
            uncover(page)
            wrong += after_use(page, each=scheme == USED[0])
    assert wrong == []


def after_use(page: Page, each: bool) -> list[str]:
    """What is wrong after `each` use (the first control of all exhibits, then the second, and so on), or after all."""
    wrong: list[str] = []
    page.evaluate(OPENED, False)
    exhibits = page.locator("section.exhibit").all()
    for nth in range(max((exhibit.locator("[data-kind]").count() for exhibit in exhibits), default=0)):
        for exhibit in exhibits:
            if nth < (controls := exhibit.locator("[data-kind]")).count():
                use(controls.nth(nth))
        for exhibit in exhibits:
            expect(exhibit).to_have_attribute("data-state", ANSWERED)
        wrong += violations(page, "article") if each else []
    page.evaluate(OPENED, True)
    return wrong + violations(page, "article")


def test_the_panels_are_right_too(page: Page, base: str) -> None:
    page.goto(f"{base}reference/models/")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    page.get_by_role("button", name="Settings").click()
    assert violations(page) == []
    page.keyboard.press("Escape")
    page.set_viewport_size({"width": 320, "height": 640})
    page.get_by_role("button", name="Menu").click()
    assert violations(page) == []
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Search", exact=True).click()
    page.keyboard.type("induction")
    expect(page.get_by_role("region", name="Search results").get_by_role("link").first).to_be_visible()
    assert violations(page) == []
