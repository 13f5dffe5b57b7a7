"""A chart suits its box: on a phone a colour bar lies on top, and beside the chart where there is room."""

from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import wait_until_live
from tests.browser.pages import go
from tests.waiting import until

LESSON, CHART = "lessons/what-is-a-circuit/", "#ov [data-role=chart]"
HEIGHT = "node => node.querySelector('.heatmaplayer image').getBoundingClientRect().height"
TALL = 200  # px of the cells, of a chart of 420


def test_a_chart_that_is_redrawn_in_a_hidden_step_stays_as_it_was(visited: Page, base: str) -> None:
    go(visited, base, LESSON)
    visited.keyboard.press("Alt+q")
    expect(visited.locator(CHART)).to_be_hidden()
    before = visited.locator(f"{CHART} .xtick text").first.get_attribute("style")
    visited.evaluate("document.documentElement.dataset.scheme = 'light'")
    until(
        visited,
        "document.querySelector(given[0])?.getAttribute('style') !== given[1]",
        [f"{CHART} .xtick text", before],
    )
    for step in ("Where and what", "Where: the QK circuit", "What: the OV circuit"):
        visited.get_by_role("link", name=f"Next: {step}").click()
    visited.locator("#ov").get_by_role("button", name="Show it now").click()
    assert visited.locator(CHART).evaluate(HEIGHT) > TALL
    assert visited.locator(f"{CHART} .cbfills").evaluate("node => node.getBBox().height > node.getBBox().width")


def test_a_colour_bar_moves_with_the_width(open_context: Callable[..., BrowserContext], base: str) -> None:
    page = open_context(viewport={"width": 360, "height": 780}).new_page()
    page.goto(base + LESSON)
    wait_until_live(page)
    bar, chart = page.locator(f"{CHART} .colorbar .cbfills"), page.locator(CHART)
    for width, lies in ((360, True), (1280, False), (360, True)):
        page.set_viewport_size({"width": width, "height": 780})
        until(
            page,
            "[document.querySelector(given[0])?.getBoundingClientRect()]"
            ".some((box) => box && box.width > box.height === given[1])",
            [f"{CHART} .colorbar .cbfills", lies],
        )
        assert bar.count() == 1
        assert chart.evaluate(HEIGHT) > TALL
