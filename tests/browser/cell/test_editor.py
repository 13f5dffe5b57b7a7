"""The editor of the notebook cell: what is kept, keys, what it needs, how it looks."""

import re
from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.cell.page import ENDLESS, PAGE, code, message, open_cell, press, run, value, write
from tests.browser.conftest import BOOT_MS, Watch, attach
from tests.browser.test_accessibility import AXE, SCHEMES, violations
from tests.workbench.cell.examples import examples

EXAMPLES = examples()
# Every kind of code, of output, and in the end a line that is marked.
EVERY_KIND = r'''import sys

@staticmethod
def f(x: int = 0x1F, *, y="é\n") -> str:  # a comment
    """Text."""
    return f"{x!r:>3}" if None is not True else b"z"

print(f(1))
print("!", file=sys.stderr)
show(np.arange(3))
print("x\n" * 2000)
f(1)(2)
'''


def test_code_survives_a_reload_and_is_forgotten_on_demand(cell: Page, base: str) -> None:
    write(cell, "kept = 1")
    open_cell(cell, base)
    assert code(cell) == "kept = 1"
    press(cell, "Reset")
    assert code(cell) == EXAMPLES["first"]
    press(cell, "Undo")
    assert code(cell) == "kept = 1"
    cell.get_by_role("button", name="Settings").click()
    cell.get_by_role("button", name="Forget my progress").click()
    open_cell(cell, base)
    assert code(cell) == EXAMPLES["first"]
    assert cell.evaluate("localStorage.getItem('circuit-explainer:cell')") is None


def test_undo_of_the_keyboard_brings_back_what_a_button_replaced(cell: Page) -> None:
    write(cell, "mine = 1")
    press(cell, "Switch a head off")
    cell.get_by_role("textbox", name="Python code").press("Control+z")
    assert code(cell) == "mine = 1"


def test_code_is_never_taken_from_an_address(page: Page, base: str) -> None:
    page.goto(base + PAGE + "?code=print(1)#v=1&code=print(1)&cell=print(1)")
    page.get_by_text("Write your own Python").click()
    expect(page.locator(".cell")).to_have_attribute("data-editor", "ready")
    assert code(page) == EXAMPLES["first"]


def test_tab_leaves_the_editor_and_keys_do_what_the_hint_says(cell: Page) -> None:
    box = cell.get_by_role("textbox", name="Python code")
    expect(box).to_have_accessible_description(re.compile("Tab moves on. Ctrl"))
    box.fill("1 + 1")
    box.press("Control+]")
    assert code(cell) == "    1 + 1"
    box.press("Control+[")
    assert code(cell) == "1 + 1"
    box.press("Control+Enter")
    message(cell, re.compile("^Done in"))
    assert value(cell) == "2"
    assert code(cell) == "1 + 1"
    box.focus()
    cell.keyboard.press("Tab")
    expect(cell.get_by_role("button", name="Run", exact=True)).to_be_focused()
    cell.keyboard.press("Shift+Tab")
    expect(box).to_be_focused()
    cell.keyboard.press("Shift+Tab")
    expect(cell.get_by_role("button", name="Switch a head off")).to_be_focused()
    assert code(cell) == "1 + 1"


def test_nothing_of_the_editor_is_fetched_before_the_cell_is_opened(page: Page, base: str, watched: Watch) -> None:
    page.goto(base + PAGE)
    expect(page.locator("html")).to_have_attribute("data-python", "ready", timeout=BOOT_MS)
    assert not [url for url in watched.requests if "codemirror" in url]
    page.get_by_text("Write your own Python").click()
    expect(page.locator(".cell")).to_have_attribute("data-editor", "ready")
    assert [url for url in watched.requests if "codemirror" in url]


def test_a_plain_box_stands_in_for_an_editor_that_cannot_be_had(page: Page, base: str, watched: Watch) -> None:
    page.route(re.compile("codemirror"), lambda route: route.abort())
    open_cell(page, base)
    box = page.get_by_role("textbox", name="Python code")
    box.fill("1 + 1")
    box.press("Control+Enter")
    message(page, re.compile("^Done in"))
    assert value(page) == "2"
    press(page, "Reset")
    expect(box).to_have_value(EXAMPLES["first"])
    watched.forgive("ERR_FAILED|Failed to load")


def test_all_works_where_storage_is_denied(
    open_context: Callable[..., BrowserContext], base: str, watched: Watch
) -> None:
    page = attach(open_context().new_page(), watched)
    page.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('denied'); } })"
    )
    open_cell(page, base)
    run(page, "1 + 1")
    press(page, "Reset")
    page.get_by_role("button", name="Settings").click()
    page.get_by_role("button", name="Forget my progress").click()
    watched.forgive("denied")  # Material's own scripts complain in such a browser


def test_a_run_that_goes_on_is_ended_when_the_reader_leaves(fresh: Page) -> None:
    run(fresh, "1")
    write(fresh, ENDLESS)
    press(fresh, "Run")
    expect(fresh.locator(".cell-printed")).to_have_text("on\n")
    fresh.locator(".site-name").click()
    expect(fresh.locator("h1")).to_contain_text("See a transformer")
    expect(fresh.locator("section.exhibit")).to_have_attribute("data-state", "live", timeout=BOOT_MS)


def test_the_cell_is_kept_narrow_and_large(cell: Page) -> None:
    cell.set_viewport_size({"width": 320, "height": 640})
    cell.evaluate("readerSettings.set({ size: '160', spacing: 'wide' })")
    run(cell, "x = 1\n" + EXAMPLES["The induction score by hand"])
    assert cell.evaluate("document.documentElement.scrollWidth <= innerWidth")
    box = cell.locator(".cm-content").evaluate("(node) => parseFloat(getComputedStyle(node).fontSize)")
    assert box >= 25


def test_axe_finds_nothing_wrong_in_the_open_cell(fresh: Page) -> None:
    fresh.evaluate(AXE.read_text(encoding="utf-8"))
    press(fresh, "Run")
    message(fresh, re.compile("^Done in"))
    expect(fresh.locator("#cell-chart-1 .js-plotly-plot .main-svg").first).to_be_visible()
    assert in_every_scheme(fresh) == []
    write(fresh, EVERY_KIND)
    press(fresh, "Run")
    message(fresh, re.compile("^Line 12 stopped"))
    assert in_every_scheme(fresh) == []
    press(fresh, "Reset")
    message(fresh, re.compile("^The first code"))
    assert in_every_scheme(fresh) == []


def in_every_scheme(page: Page) -> list[str]:
    wrong: list[str] = []
    for scheme, (media, options) in SCHEMES.items():
        page.emulate_media(**{"contrast": "no-preference", "forced_colors": "none"} | media)
        page.set_viewport_size({"width": 320 if scheme == "phone" else 1280, "height": 800})
        expect(page.locator("#bench")).to_have_attribute("data-state", "live")
        wrong += violations(page, options=options)
    return wrong
