"""Each file of the runtime missing, broken off, short, of another type or changed: told by name, mended by Retry.

A start of Python is dear, so a page goes through a row of faults, each told, and starts Python once, at the end.
"""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser.conftest import BOOT_MS, wait_until_live
from tests.browser.faulty import Fault, Faulty, faulty

GONE = "could not be downloaded (404)"
DAMAGED = "could not be used: it is damaged, or of another version of the site"
READ: dict[Fault, str] = {
    "missing": GONE,
    "cut": "broke off while it was downloaded",
    "short": DAMAGED,
    "changed": DAMAGED,
}
# What the worker reads as bytes, whatever type it has.
WORKERS = ("pyodide.asm.wasm", "pyodide.mjs", "pyodide.asm.mjs", "python_stdlib.zip", "numpy-.*.whl", "package.zip")


@pytest.fixture
def site() -> Iterator[Faulty]:
    with faulty() as site:
        yield site


@pytest.fixture
def page(open_context: Callable[..., BrowserContext]) -> Page:
    return open_context().new_page()


def line_of(page: Page) -> Locator:
    return page.locator("[data-role=loading]")


def retry(page: Page) -> None:
    line_of(page).get_by_role("button", name="Retry").click()


def expect_told(page: Page, told: str) -> None:
    """The line says this, and what to do."""
    expect(line_of(page)).to_contain_text(re.compile(told), timeout=BOOT_MS)
    expect(line_of(page)).to_contain_text("check the connection, then retry.")


def expect_drawn(page: Page, one: str, two: str) -> None:
    """What a reader types is drawn, with a sentence that Python made."""
    page.get_by_label("Your words").first.fill(f"{one} {two} {one}")
    wait_until_live(page)
    expect(page.locator("[data-role=summary]").first).to_contain_text(f"“{one}₂” looks at “{two}”")
    expect(page.locator(".js-plotly-plot .ytick text")).to_have_text(["<BOS>", f"{one}₁", two, f"{one}₂"])
    expect(line_of(page)).to_be_hidden()


def test_files_of_the_worker(page: Page, site: Faulty) -> None:
    faults = [(name, fault, said) for name in WORKERS for fault, said in READ.items()]
    for name, fault, said in faults:
        site.faults = {name: fault}
        if (name, fault, said) == faults[0]:
            page.goto(site.base)
            page.get_by_label("Your words").fill("p q p")
        else:
            retry(page)
        expect_told(page, f"Python did not start: {name} {re.escape(said)}")
        expect(page.locator("[data-role=message]")).to_contain_text("drawn once Python runs: press Retry")
    # As a host has them that knows no types: their bytes are right.
    site.faults = dict.fromkeys(WORKERS, "mistyped")
    retry(page)
    wait_until_live(page)
    expect(page.locator("[data-role=summary]")).to_contain_text("“p₂” looks at “q”")
    expect_drawn(page, "g", "h")


REFUSED: dict[Fault, str] = READ | {"mistyped": "could not be used: the server does not send it as a script"}
PYSCRIPTS = ("core.js", "core-.*.js", "error-.*.js")
# A browser does not tell what is wrong with a worker's module. Our own modules are named by their contents' hash, and
# have none to be checked by: the page that names them could be changed as well.
UNLOADED = r"interpreter\.js could not be downloaded"
OF_WORKER: dict[Fault, str] = {
    "missing": UNLOADED,
    "cut": UNLOADED,
    "mistyped": UNLOADED,
    "short": "a script came damaged",
}


def test_modules_and_plotly(page: Page, site: Faulty) -> None:
    told = [(name, fault, f"{name} {re.escape(said)}") for name in PYSCRIPTS for fault, said in REFUSED.items()]
    told += [("interpreter.js", fault, said) for fault, said in OF_WORKER.items()]
    message = page.locator("section.exhibit [data-role=message]")
    for name, fault, said in told:
        site.faults = {name: fault, "plotly.js": fault}
        if (name, fault) == told[0][:2]:
            page.goto(site.base)
        else:
            retry(page)
        expect_told(page, f"Python did not start: {said}")
        expect_told(page, f"The charts are missing: plotly.js {re.escape(REFUSED[fault])}")
        expect(message).to_contain_text("The sentence and the table are right.")
    site.faults = {}
    retry(page)
    expect_drawn(page, "k", "l")
