"""A worker that is killed in boot and in training: told, started anew, and nothing that was typed is lost.

One that is killed in idle is replaced when it is next asked: `test_python.py`.
"""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import BOOT_MS, Watch
from tests.browser.test_lab import expect_state, press, small
from tests.waiting import until

KILL = "document.querySelector('script[type=py]').xworker.terminate()"


def test_killed_in_boot_and_in_training(page: Page, base: str, watched: Watch) -> None:
    page.clock.install()
    page.route(re.compile(r"pyodide\.asm\.wasm"), lambda route: None)
    page.goto(base + "lab/")
    line = page.locator("[data-role=loading]")
    expect(line).to_contain_text("Downloading Python")
    until(page, "document.querySelector('script[type=py]')?.xworker !== undefined")
    until(page, "document.querySelector('.lab [data-lab=start]') !== null")
    small(page, 5000)
    page.evaluate(KILL)
    page.clock.fast_forward(61_000)
    expect(line).to_contain_text("Python did not start: nothing more came for 60 s.")
    page.unroute_all()
    line.get_by_role("button", name="Retry").click()
    expect(page.locator(".lab")).to_have_attribute("data-ready", "", timeout=BOOT_MS)
    expect(page.get_by_label("Steps", exact=True)).to_have_value("5000")
    press(page, "Start")
    expect_state(page, "running")
    expect(page.locator("[data-role=lab-status]")).to_contain_text("steps a second")
    page.evaluate(KILL)
    page.clock.fast_forward(31_000)
    expect_state(page, "empty")
    expect(page.locator("[data-role=lab-problem]")).to_have_text(
        "Python stopped, and the run in it is gone. Start begins another, and Open goes on with one that was saved."
    )
    expect(page.get_by_label("Steps", exact=True)).to_have_value("5000")
    press(page, "Step")
    expect(page.locator("[data-role=lab-status]")).to_contain_text("Paused at step 1 of 5,000")
    expect(page.locator("[data-role=lab-problem]")).to_be_empty()
