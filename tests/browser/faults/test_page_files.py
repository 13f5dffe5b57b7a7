"""Files that the page brings for Python: a model and the parts of our package and of numpy, missing or broken."""

import re
from collections.abc import Callable

from playwright.sync_api import BrowserContext, expect

from tests.browser.conftest import BOOT_MS, FOLLOW, wait_until_live
from tests.browser.faulty import Fault, faulty
from tests.browser.pages import go

DAMAGED = "it is damaged, or of another version of the site"
# No two in a row are told in the same words: a test that waits for them would see those of the fault before.
WHY: dict[Fault, str] = {"missing": "404", "short": DAMAGED, "cut": "it broke off", "changed": DAMAGED}


def test_files_that_the_page_brings(open_context: Callable[..., BrowserContext]) -> None:
    page = open_context().new_page()
    line = page.locator("[data-role=loading]")
    retry = line.get_by_role("button", name="Retry")

    def told(name: str, why: str) -> re.Pattern[str]:
        return re.compile(re.escape(f"{name} could not be downloaded ({why})"))

    with faulty() as site:
        # The model of a page, a part of numpy, and the part of the package that the playground is made of.
        for path, name in (
            ("", "induction-2l.safetensors"),
            ("lessons/prove-it/", "numpy.zip"),
            ("playground/", "workbench.zip"),
        ):
            for fault, why in WHY.items():
                site.faults = {re.escape(name): fault}
                if fault != "missing":
                    retry.click()
                elif path:
                    page.evaluate(FOLLOW, site.base + path)
                else:
                    page.goto(site.base)
                expect(line).to_contain_text(told(name, why), timeout=BOOT_MS)
                expect(line).to_contain_text("check the connection, then retry.")
            site.faults = {re.escape(name): "mistyped"}  # its bytes are right
            retry.click()
            wait_until_live(page)
            expect(line).to_be_hidden()
        # A model that code asks for.
        name = "induction-4l.safetensors"
        cell = page.locator("[data-workbench=cell]")
        cell.locator("summary").first.click()
        expect(cell).to_have_attribute("data-editor", "ready")
        cell.locator(".cm-content").fill("from circuit_explainer import zoo; zoo.load('induction-4l').cfg.n_layers")
        run = cell.get_by_role("button", name="Run", exact=True)
        for fault, why in WHY.items():
            site.faults = {re.escape(name): fault}
            run.click()
            message = cell.locator("[data-part=message]")
            expect(message).to_contain_text(told(name, why))
            expect(message).to_contain_text("Check the connection, then press Run again.")
            expect(cell).to_have_attribute("data-state", "idle")
        site.faults = {}
        run.click()
        expect(cell.locator(".cell-value")).to_have_text("4")
        go(page, site.base, "lab/")
        expect(page.locator(".lab")).to_have_attribute("data-ready", "", timeout=BOOT_MS)
