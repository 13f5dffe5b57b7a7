"""axe-core on every page, after the charts are drawn and again after each control was used; schemes and sizes too."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Frame, Page, expect

from circuit_explainer.build.runtime import cache_dir
from tests.browser.conftest import Watch, attach, wait_until_live
from tests.browser.pages import KINDS, go, paths, uncover, use

AXE = cache_dir() / "npm" / "node_modules" / "axe-core" / "axe.min.js"
# The rules that look at colours, and all others; also those for the highest contrast and for the size of targets.
COLOUR_RULES = ("color-contrast", "color-contrast-enhanced", "link-in-text-block")
COLOURS: dict[str, Any] = {"runOnly": list(COLOUR_RULES)}
SHAPES: dict[str, Any] = {
    "rules": {"target-size": {"enabled": True}, **{rule: {"enabled": False} for rule in COLOUR_RULES}}
}
ALL: dict[str, Any] = {"rules": {rule: {"enabled": True} for rule in ("target-size", *COLOUR_RULES)}}
# What a scheme changes is looked at in each.
SCHEMES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "dark": ({"color_scheme": "dark"}, ALL),
    "light": ({"color_scheme": "light"}, COLOURS),
    "more contrast": ({"color_scheme": "dark", "contrast": "more"}, COLOURS),
    "forced colours": ({"color_scheme": "dark", "forced_colors": "active"}, COLOURS),
    "phone": ({"color_scheme": "light"}, SHAPES),
}
# From the top of the page, where the bar lies over nothing; of a long table a few rows, for all rows are alike.
RUN = """([within, options]) => {
    scrollTo(0, 0);
    for (const row of document.querySelectorAll('.exhibit-data tbody tr:nth-child(n + 6)')) row.remove();
    return axe.run(within, { ...options, resultTypes: ['violations'] });
}"""
# Controls that stand under "More" always; code, tables and Save in the last round.
OPENED = """(all) => {
    for (const details of document.querySelectorAll('section.exhibit details')) {
        details.open = all || Boolean(details.querySelector('[data-kind]'));
    }
}"""
# Two controls together may ask for what there is not, as a layer of a model that has fewer: it is told in words.
ANSWERED = re.compile("live|error")
# Every page is looked at in these, and one of each kind in the others, which change nothing but the colours of all.
EVERY_PAGE = ("dark", "light", "phone")


def violations(page: Page | Frame, within: str = "html", options: dict[str, Any] = ALL) -> list[str]:
    """What axe finds wrong, a line for each place."""
    found = page.evaluate(RUN, [within, options])
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
    media, options = SCHEMES[scheme]
    page.emulate_media(**media)
    page.goto(base)
    wait_until_live(page)  # a link that is followed earlier loads the page anew, without axe
    page.evaluate(AXE.read_text(encoding="utf-8"))
    wrong: list[str] = []
    for path in paths() if scheme in EVERY_PAGE else KINDS:
        go(page, base, path)
        if page.locator("section.exhibit").count() and scheme != "phone":
            if scheme == "dark":
                wrong += violations(page, options=options)
            uncover(page)
            if scheme == "dark":
                use_all(page)
            page.evaluate(OPENED, True)
        wrong += violations(page, options=options)
    assert wrong == []


def use_all(page: Page) -> None:
    """Use the first control of every exhibit, then the second, and so on."""
    page.evaluate(OPENED, False)
    exhibits = page.locator("section.exhibit").all()
    for nth in range(max(exhibit.locator("[data-kind]").count() for exhibit in exhibits)):
        for exhibit in exhibits:
            if nth < (controls := exhibit.locator("[data-kind]")).count():
                use(controls.nth(nth))
        for exhibit in exhibits:
            expect(exhibit).to_have_attribute("data-state", ANSWERED)
            expect(exhibit.locator("[data-role=message]")).not_to_contain_text("The code stopped")


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
