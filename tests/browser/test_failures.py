"""What goes wrong in the middle: a download that stops, missing charts, a Python that gives up."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import BOOT_MS, Watch, wait_until_live
from tests.waiting import until


def test_a_download_that_stops_is_told_and_retry_recovers(page: Page, base: str, watched: Watch) -> None:
    page.clock.install()
    never = re.compile(r"pyodide\.asm\.wasm")
    page.route(never, lambda route: None)
    page.goto(base)
    line = page.locator("[data-role=loading]")
    expect(line).to_contain_text("Downloading Python")
    until(page, "document.querySelector('script[type=py]')?.xworker !== undefined")
    page.clock.fast_forward(61_000)
    expect(line).to_contain_text("Python did not start: nothing more came for 60 s.")
    page.unroute(never)
    line.get_by_role("button", name="Retry").click()
    wait_until_live(page)


def test_charts_that_are_missing_are_told_and_drawn_by_retry(page: Page, base: str, watched: Watch) -> None:
    plotly = re.compile("plotly.*js")
    page.route(plotly, lambda route: route.abort())
    page.goto(base)
    expect(page.locator("html")).to_have_attribute("data-python", "ready", timeout=BOOT_MS)
    section = page.locator("section.exhibit")
    line = page.locator("[data-role=loading]")
    why = "plotly.js could not be downloaded (no connection)."
    told = f"The chart is missing: {why} The sentence and the table are right."
    expect(section.locator("[data-role=message]")).to_have_text(told)
    expect(section).to_have_attribute("data-state", "error")
    page.get_by_label("Your words").fill("x y x")
    expect(section.locator("[data-role=summary]")).to_contain_text("“x₂” looks at “y”")
    expect(section.locator("[data-role=message]")).to_have_text(told)
    expect(line).to_contain_text(f"The charts are missing: {why}")
    page.unroute(plotly)
    line.get_by_role("button", name="Retry").click()
    expect(section).to_have_attribute("data-state", "live")
    expect(section.locator(".js-plotly-plot .ytick text")).to_have_text(["<BOS>", "x₁", "y", "x₂"])
    expect(section.locator("[data-role=message]")).to_be_empty()
    expect(line).to_be_hidden()
    watched.forgive("Failed to load resource|ERR_FAILED|preload")


def test_a_python_that_dies_again_and_again_is_given_up(page: Page, base: str) -> None:
    page.clock.install()
    page.goto(base)
    wait_until_live(page)
    for words in ("a b a", "c d c", "e f e"):
        page.evaluate("document.querySelector('script[type=py]').xworker.terminate()")
        page.get_by_label("Your words").fill(words)
        page.clock.fast_forward(21_000)
        if words != "e f e":
            wait_until_live(page)
    line = page.locator("[data-role=loading]")
    expect(line).to_contain_text("Python stopped: Python did not answer for 20 s")
    line.get_by_role("button", name="Retry").click()
    wait_until_live(page)
    expect(page.locator("[data-role=summary]")).to_contain_text("“e₂” looks at “f”")


def test_the_line_can_be_put_away_and_gives_the_focus_back(page: Page, base: str, watched: Watch) -> None:
    page.route(re.compile("package.zip"), lambda route: route.fulfill(status=503, body="out of order"))
    page.goto(base)
    line = page.locator("[data-role=loading]")
    words = page.get_by_label("Your words")
    expect(line.get_by_role("button", name="Retry")).to_be_visible(timeout=BOOT_MS)
    words.focus()
    page.keyboard.press("Shift+Tab")
    words.focus()
    line.get_by_role("button", name="Hide").click()
    expect(line).to_be_hidden()
    expect(words).to_be_focused()
    watched.forgive("503")


def test_code_that_stops_is_told_in_every_exhibit_and_stays_told(page: Page, base: str) -> None:
    broken = "raise RuntimeError('on purpose')"
    page.add_init_script(
        f"""document.addEventListener('DOMContentLoaded', () => {{
            const data = document.querySelector('template[data-role=page]');
            const page = JSON.parse(data.content.textContent);
            page.blocks[0].source = {broken!r};
            data.content.textContent = JSON.stringify(page);
        }});"""
    )
    page.goto(base)
    message = page.locator("[data-role=message]")
    expect(message).to_contain_text("RuntimeError: on purpose", timeout=BOOT_MS)
    page.get_by_label("Your words").fill("x y x")
    expect(message).to_contain_text("RuntimeError: on purpose")
    expect(page.locator("section.exhibit")).to_have_attribute("data-state", "error")


def test_a_change_taken_back_before_python_is_ready_leaves_nothing_to_wait_for(page: Page, base: str) -> None:
    page.route(re.compile("pyodide.asm.wasm"), lambda route: None)
    page.goto(base)
    section = page.locator("section.exhibit")
    page.get_by_label("Your words").fill("x y x")
    expect(section).to_have_attribute("data-state", "waiting")
    page.get_by_role("button", name="Reset").click()
    expect(section).to_have_attribute("data-state", "built")
    expect(section.locator("[data-role=message]")).to_be_empty()


def test_only_the_exhibit_in_use_speaks(page: Page, base: str) -> None:
    page.goto(base + "playground/three-views/")
    wait_until_live(page)
    used, other = page.locator("#one_head [data-role=summary]"), page.locator("#all_heads [data-role=summary]")
    page.locator("#one_head").get_by_label("Your words").fill("x y x")
    expect(used).to_have_attribute("aria-live", "polite")
    expect(other).to_have_attribute("aria-live", "off")
    expect(used).to_have_attribute("aria-busy", "false")
    expect(used).to_contain_text("“x₂”")
