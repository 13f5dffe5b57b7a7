"""The charts of the built page, before and without Python, and the numbers that Python brings."""

import re
from collections.abc import Callable

import numpy as np
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.charts import computed, shown
from tests.browser.conftest import QUIET, Watch, attach, wait_until_live
from tests.browser.pages import go

PAGE = "playground/three-views/"
FILE = "playground/three-views.md"
# float32 sums in another order: 32 terms of size 1 differ by less than this.
CLOSE = 1e-5


def test_without_javascript_the_sentence_and_the_table_are_there(
    base: str, open_context: Callable[..., BrowserContext], watched: Watch
) -> None:
    page = attach(open_context(java_script_enabled=False).new_page(), watched)
    page.goto(base)
    exhibit = page.locator("#induction_head")
    expect(exhibit.locator("[data-role=summary]")).to_contain_text("“cat₂” looks at “sat”")
    exhibit.get_by_text("Table", exact=True).click()
    expect(exhibit.get_by_role("rowheader", name="cat₂")).to_be_visible()
    expect(exhibit.get_by_role("cell").first).to_be_visible()


def test_the_built_charts_are_drawn_while_python_is_blocked(page: Page, base: str, watched: Watch) -> None:
    page.route(re.compile("/(pyodide|pyscript)/"), lambda route: route.abort())
    page.goto(base + PAGE)
    expect(page.locator("#one_head .js-plotly-plot .main-svg").first).to_be_visible()
    expect(page.locator("html")).to_have_attribute("data-python", "failed")
    ours = shown(page, "one_head")
    theirs = computed(FILE, "one_head", {})
    np.testing.assert_allclose(ours, theirs, atol=CLOSE)
    watched.forgive("Failed to load resource|ERR_FAILED")


@pytest.mark.parametrize("words", ["one two one", "Ann met Bob . Ann met Bob . Ann", "a b c d e f g a b c d e f g"])
def test_typed_words_give_the_numbers_that_cpython_gives(visited: Page, base: str, words: str) -> None:
    go(visited, base, PAGE)
    visited.locator("#one_head").get_by_label("Your words").fill(words)
    for exhibit in ("one_head", "all_heads"):
        theirs = computed(FILE, exhibit, {"text": words})
        # The chart is painted before its sentence changes.
        expect(visited.locator(f"#{exhibit} [data-role=summary]")).to_contain_text(f"“{words.split()[-1]}")
        np.testing.assert_allclose(shown(visited, exhibit), theirs, atol=CLOSE)
    theirs = computed(FILE, "next_word", {"text": words}, axis="x")
    np.testing.assert_allclose(shown(visited, "next_word", axis="x"), theirs, atol=CLOSE)


def test_layer_and_head_change_chart_sentence_and_table_together(visited: Page, base: str) -> None:
    go(visited, base, PAGE)
    exhibit = visited.locator("#one_head")
    exhibit.locator("details.exhibit-table summary").click()
    for layer, head in ((0, 1), (0, 0), (1, 1)):
        before = exhibit.locator("[data-role=table]").inner_text()
        exhibit.get_by_role("group", name="Layer").get_by_label(str(layer)).check()
        exhibit.get_by_role("group", name="Head").get_by_label(str(head)).check()
        expect(exhibit).to_have_attribute("data-state", "live")
        theirs = computed(FILE, "one_head", {"layer": str(layer), "head": str(head)})
        last = f"{theirs[-1, 0]:.3f}"
        expect(exhibit.locator("tbody tr").last.locator("td").first).to_have_text(last)
        assert exhibit.locator("[data-role=table]").inner_text() != before
        np.testing.assert_allclose(shown(visited, "one_head"), theirs, atol=CLOSE)
        source = int(theirs[-1].argmax())
        label = exhibit.locator("thead th").nth(source + 1).inner_text()
        expect(exhibit.locator("[data-role=summary]")).to_contain_text(
            "looks at itself" if source == len(theirs) - 1 else f"looks at “{label}”"
        )


def test_shared_words_reach_every_exhibit_of_the_page(visited: Page, base: str) -> None:
    go(visited, base, PAGE)
    visited.locator("#next_word").get_by_label("Your words").fill("x y x")
    for exhibit in ("all_heads", "one_head"):
        expect(visited.locator(f"#{exhibit}").get_by_label("Your words")).to_have_value("x y x")
    expect(visited.locator("#one_head [data-role=summary]")).to_contain_text("“x₂” looks at “y”")


def test_an_example_is_one_click(visited: Page, base: str) -> None:
    go(visited, base, "")
    visited.get_by_role("button", name="red blue green red blue").click()
    expect(visited.get_by_label("Your words")).to_have_value("red blue green red blue")
    expect(visited.locator("[data-role=summary]")).to_contain_text("“blue₂” looks at “green”")


def test_reset_brings_the_first_state_back(visited: Page, base: str) -> None:
    go(visited, base, "")
    summary = visited.locator("[data-role=summary]")
    before = summary.inner_text()
    visited.get_by_label("Your words").fill("x y x")
    expect(summary).not_to_have_text(before)
    visited.get_by_role("button", name="Reset").click()
    expect(summary).to_have_text(before)


def test_the_newest_words_win_however_fast_they_come(visited: Page, base: str) -> None:
    go(visited, base, "")
    visited.get_by_label("Your words").fill("")
    visited.get_by_label("Your words").press_sequentially("u v w u v w u v w u v", delay=1)
    expect(visited.locator("[data-role=summary]")).to_contain_text("“v₄” looks at")
    np.testing.assert_allclose(
        shown(visited, "induction_head"),
        computed("index.md", "induction_head", {"text": "u v w u v w u v w u v"}),
        atol=CLOSE,
    )


def test_charts_follow_the_scheme_at_once(page: Page, base: str) -> None:
    page.goto(base)
    wait_until_live(page)
    text = page.locator(".js-plotly-plot .ytick text").first
    dark = text.evaluate("(node) => getComputedStyle(node).fill")
    page.get_by_role("button", name="Settings").click()
    page.get_by_role("radio", name="Light").check()
    expect(text).not_to_have_css("fill", dark)
    expect(text).to_have_css("fill", "rgb(29, 36, 48)")


def test_everything_works_with_the_keyboard_alone(visited: Page, base: str) -> None:
    go(visited, base, PAGE)
    words = visited.locator("#one_head").get_by_label("Your words")
    words.focus()
    visited.keyboard.press("Control+a")
    visited.keyboard.type("p q p")
    visited.keyboard.press("Tab")  # the model
    visited.keyboard.press("Tab")
    visited.keyboard.press("ArrowLeft")
    expect(visited.locator("#one_head").get_by_role("group", name="Layer").get_by_label("0")).to_be_checked()
    visited.keyboard.press("Tab")
    visited.keyboard.press("ArrowLeft")
    visited.keyboard.press("Tab")
    expect(visited.locator("#one_head [data-role=chart]")).to_be_focused()
    visited.keyboard.press("Tab")
    visited.keyboard.press("Enter")
    theirs = computed(FILE, "one_head", {"text": "p q p", "layer": "0", "head": "1"})
    cell = visited.locator("#one_head tbody tr").last.locator("td").nth(1)
    expect(cell).to_be_visible()
    expect(cell).to_have_text(f"{theirs[-1, 1]:.3f}")


def test_the_page_can_do_other_things_while_its_first_chart_is_drawn(page: Page, base: str) -> None:
    page.add_init_script(
        """window.turns = 0;
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => {
            const drawn = document.querySelector('.js-plotly-plot .hm image');
            if (document.querySelector('.js-plotly-plot') && !drawn) window.turns += 1;
            if (!drawn) port2.postMessage(null);
        };
        port2.postMessage(null);"""
    )
    page.goto(base)
    expect(page.locator(".js-plotly-plot .hm image")).to_be_attached()
    assert page.evaluate("window.turns") > 1


def test_the_pointer_finds_the_cells_of_a_chart_on_the_third_page_too(page: Page, base: str) -> None:
    page.goto(base + PAGE)
    expect(page.locator("#one_head .js-plotly-plot .main-svg").first).to_be_visible()
    for path in (QUIET, PAGE):
        go(page, base, path)
    page.locator("#one_head [data-role=chart]").hover()
    expect(page.locator("#one_head .hoverlayer .hovertext")).to_be_visible()
