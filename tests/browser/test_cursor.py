"""The cursor in a chart: every cell can be reached with the keyboard, is read out, and shows what hovering shows."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.pages import go, uncover

PLAYGROUND = "playground/three-views/"


@pytest.fixture
def chart(visited: Page, base: str) -> Page:
    go(visited, base, "")
    visited.locator("[data-role=chart]").focus()
    return visited


def said(page: Page, text: str, exhibit: str = "induction_head") -> None:
    expect(page.locator(f"#{exhibit} [data-role=cell]")).to_have_text(text)


def test_the_chart_says_which_keys_it_takes(chart: Page) -> None:
    said(chart, "Arrow keys move from cell to cell, Home and End to the ends of a row, Enter locks the row.")
    expect(chart.locator("[data-role=chart]")).to_have_attribute("aria-roledescription", "chart")


def test_arrows_walk_through_the_cells_that_are_there(chart: Page) -> None:
    chart.keyboard.press("ArrowDown")
    said(chart, "\u2068<BOS>\u2069 looks at \u2068<BOS>\u2069: 1.000")
    chart.keyboard.press("ArrowRight")  # nothing stands right of the diagonal
    said(chart, "\u2068<BOS>\u2069 looks at \u2068<BOS>\u2069: 1.000")
    for _ in range(6):
        chart.keyboard.press("ArrowDown")
    for _ in range(3):
        chart.keyboard.press("ArrowRight")
    said(chart, "\u2068cat₂\u2069 looks at \u2068sat\u2069: 1.000")
    chart.keyboard.press("End")
    said(chart, "\u2068cat₂\u2069 looks at \u2068cat₂\u2069: 0.000")
    chart.keyboard.press("Home")
    said(chart, "\u2068cat₂\u2069 looks at \u2068<BOS>\u2069: 0.000")


def test_the_cell_is_outlined_and_labelled_as_hovering_would(chart: Page) -> None:
    before = chart.locator(".js-plotly-plot .shapelayer path").count()
    chart.keyboard.press("ArrowDown")
    expect(chart.locator(".js-plotly-plot .shapelayer path")).to_have_count(before + 1)
    expect(chart.locator(".js-plotly-plot .hoverlayer text").first).to_contain_text("looks at")
    chart.keyboard.press("Tab")
    expect(chart.locator(".js-plotly-plot .shapelayer path")).to_have_count(before)


def test_enter_locks_the_row(chart: Page) -> None:
    chart.keyboard.press("ArrowDown")
    chart.keyboard.press("ArrowDown")
    chart.keyboard.press("Enter")
    said(chart, "\u2068the₁\u2069 looks at \u2068<BOS>\u2069: 1.000 The row is locked.")
    chart.keyboard.press("ArrowDown")
    said(chart, "\u2068the₁\u2069 looks at \u2068<BOS>\u2069: 1.000")
    chart.keyboard.press("Enter")
    chart.keyboard.press("ArrowDown")
    said(chart, "\u2068cat₁\u2069 looks at \u2068<BOS>\u2069: 1.000")


def test_page_down_goes_to_another_head(visited: Page, base: str) -> None:
    go(visited, base, PLAYGROUND)
    visited.locator("#all_heads [data-role=chart]").focus()
    visited.keyboard.press("ArrowDown")
    visited.keyboard.press("PageDown")
    said(visited, "L0H1: \u2068<BOS>\u2069 looks at \u2068<BOS>\u2069: 1.000", "all_heads")


def test_bars_are_walked_from_top_to_bottom(visited: Page, base: str) -> None:
    go(visited, base, PLAYGROUND)
    visited.locator("#next_word [data-role=chart]").focus()
    visited.keyboard.press("ArrowDown")
    expect(visited.locator("#next_word [data-role=cell]")).to_contain_text("\u2068sat\u2069: 0.")
    visited.keyboard.press("ArrowDown")
    expect(visited.locator("#next_word [data-role=cell]")).not_to_contain_text("sat")


def test_cells_of_a_chart_that_shows_every_tenth_number_are_named_each(visited: Page, base: str) -> None:
    go(visited, base, "lessons/what-is-a-circuit/")
    uncover(visited)
    visited.locator("#ov [data-role=chart]").focus()
    visited.keyboard.press("ArrowDown")
    expect(visited.locator("#ov [data-role=cell]")).to_contain_text("\u20681\u2069, \u20681\u2069: ")
    visited.keyboard.press("ArrowDown")
    visited.keyboard.press("ArrowRight")
    expect(visited.locator("#ov [data-role=cell]")).to_contain_text("\u20682\u2069, \u20682\u2069: ")
    expect(visited.locator("#ov .js-plotly-plot .hoverlayer text").first).to_contain_text(
        "\u20682\u2069, \u20682\u2069: "
    )
