"""Files that the page brings for Python: a model and the parts of our package and of numpy, missing or broken."""

import re
from collections.abc import Callable

from playwright.sync_api import BrowserContext, expect

from tests.browser.conftest import BOOT_MS, wait_until_live
from tests.browser.faulty import Fault, faulty
from tests.browser.pages import go

DAMAGED = "it is damaged, or of another version of the site"
WHY: dict[Fault, str] = {"missing": "404", "cut": "it broke off", "short": DAMAGED, "changed": DAMAGED}


def test_files_that_the_page_brings(open_context: Callable[..., BrowserContext]) -> None:
    page = open_context().new_page()
    line = page.locator("[data-role=loading]")
    retry = line.get_by_role("button", name="Retry")

    def told(name: str, why: str) -> re.Pattern[str]:
        return re.compile(re.escape(f"{name} could not be downloaded ({why})"))

    with faulty() as site:
        # The model of the page, and the part of the package that the playground is made of.
        for path, name in (("", "induction-2l.safetensors"), ("playground/", "workbench.zip")):
            for fault, why in WHY.items():
                site.faults = {re.escape(name): fault}
                if fault != "missing":
                    retry.click()
                elif path:
                    page.locator(".md-content").get_by_role("link", name="induction heads").click()
                    page.locator("#site-nav").get_by_role("link", name="Playground", exact=True).first.click()
                else:
                    page.goto(site.base)
                expect(line).to_contain_text(told(name, why), timeout=BOOT_MS)
                expect(line).to_contain_text("check the connection, then retry.")
            site.faults = {re.escape(name): "mistyped"}  # its bytes are right
            retry.click()
            wait_until_live(page)
            expect(line).to_be_hidden()
        # A part of numpy that code asks for.
        cell = page.locator("[data-workbench=cell]")
        cell.locator("summary").first.click()
        expect(cell).to_have_attribute("data-editor", "ready")
        cell.locator(".cm-content").fill("import numpy.ma; int(numpy.ma.array([1, 2]).sum())")
        run = cell.get_by_role("button", name="Run", exact=True)
        for fault, why in WHY.items():
            site.faults = {r"numpy\.zip": fault}
            run.click()
            message = cell.locator("[data-part=message]")
            expect(message).to_contain_text(told("numpy.zip", why))
            expect(message).to_contain_text("Check the connection, then press Run again.")
            expect(cell).to_have_attribute("data-state", "idle")
        site.faults = {}
        run.click()
        expect(cell.locator(".cell-value")).to_have_text("3")
        go(page, site.base, "lab/")
        expect(page.locator(".lab")).to_have_attribute("data-ready", "", timeout=BOOT_MS)
