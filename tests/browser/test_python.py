"""Python's life: one boot for many pages, changes kept while it starts, failures told and mended."""

import json
import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import BOOT_MS, Watch, wait_until_live
from tests.waiting import until

WASM = "pyodide.asm.wasm"
LESSON = "lessons/induction-heads/"
# How PyScript looks through what comes into the page, which is of use only while a worker is made.
COUNT_SEARCHES = """() => {
    const { createExpression } = XPathEvaluator.prototype;
    window.searches = 0;
    XPathEvaluator.prototype.createExpression = function (...given) {
        window.searches += 1;
        return createExpression.apply(this, given);
    };
}"""


def test_three_pages_and_the_way_back_share_one_boot(page: Page, base: str, watched: Watch) -> None:
    page.goto(base)
    wait_until_live(page)
    page.evaluate("window.sameDocument = true")
    page.evaluate(COUNT_SEARCHES)
    page.locator(".md-content").get_by_role("link", name="induction heads").click()
    expect(page.locator("h1")).to_contain_text("Induction heads")
    wait_until_live(page)
    page.locator("#site-nav").get_by_role("link", name="Three views at once").click()
    expect(page.locator("h1")).to_contain_text("Three views")
    wait_until_live(page)
    page.get_by_label("Your words").first.fill("k l k")
    expect(page.locator("#one_head [data-role=summary]")).to_contain_text("“k₂” looks at “l”")
    page.go_back()
    expect(page.locator("h1")).to_contain_text("Induction heads")
    wait_until_live(page)
    page.go_forward()
    expect(page.locator("h1")).to_contain_text("Three views")
    wait_until_live(page)
    # What the reader typed is still there.
    expect(page.locator("#one_head [data-role=summary]")).to_contain_text("“k₂” looks at “l”")
    assert page.evaluate("window.sameDocument")
    assert page.evaluate("window.searches") == 0
    assert page.evaluate("document.querySelectorAll('script[type=py]').length") == 1
    assert watched.count("interpreter.js") == 1


def test_charts_of_left_pages_are_freed(page: Page, base: str) -> None:
    page.goto(base + LESSON)
    wait_until_live(page)
    page.evaluate("window.left = [...document.querySelectorAll('.js-plotly-plot')]")
    page.locator("#site-nav").get_by_role("link", name="Three views at once").click()
    expect(page.locator("h1")).to_contain_text("Three views")
    wait_until_live(page)
    assert page.evaluate("window.left.length") > 0
    until(page, "!window.left.some((node) => node._fullData || node.isConnected)")


def test_what_the_reader_does_before_python_is_ready_is_kept_and_applied(page: Page, base: str) -> None:
    held: list[Route] = []
    hold = [True]
    page.route(re.compile(WASM), lambda route: held.append(route) if hold[0] else route.continue_())
    page.goto(base)
    section = page.locator("section.exhibit")
    page.get_by_label("Your words").fill("m n m")
    expect(section).to_have_attribute("data-state", "waiting")
    expect(section.locator("[data-role=message]")).to_have_text(
        "Your change is kept. It is drawn as soon as Python is ready."
    )
    hold[0] = False
    for route in held:
        route.continue_()
    expect(section.locator("[data-role=summary]")).to_contain_text("“m₂” looks at “n”", timeout=BOOT_MS)
    expect(section).to_have_attribute("data-state", "live")
    expect(section.locator("[data-role=message]")).to_be_empty()


def test_loading_is_told_with_sizes(page: Page, base: str) -> None:
    page.add_init_script(
        """window.told = [];
        new MutationObserver(() => {
            const line = document.querySelector('[data-role=loading] p');
            if (line && line.textContent !== window.told.at(-1)) window.told.push(line.textContent);
        }).observe(document, { subtree: true, childList: true, characterData: true });"""
    )
    page.goto(base)
    wait_until_live(page)
    told = page.evaluate("window.told")
    downloading = [re.match(r"Downloading Python: (\d+\.\d) of (\d+\.\d) MB\.", text) for text in told]
    amounts = [(float(m[1]), float(m[2])) for m in downloading if m]
    assert amounts == sorted(amounts)
    assert amounts[-1][0] == pytest.approx(amounts[-1][1], abs=0.2)
    assert any(text.startswith("Starting Python and loading numpy") for text in told)
    expect(page.locator("[data-role=loading]")).to_be_hidden()


def test_a_worker_that_dies_is_replaced_and_the_words_are_kept(page: Page, base: str, watched: Watch) -> None:
    page.clock.install()
    page.goto(base)
    wait_until_live(page)
    page.evaluate("document.querySelector('script[type=py]').xworker.terminate()")
    page.get_by_label("Your words").fill("r s r")
    page.clock.fast_forward(30_000)
    wait_until_live(page)
    expect(page.get_by_label("Your words")).to_have_value("r s r")
    expect(page.locator("[data-role=summary]")).to_contain_text("“r₂” looks at “s”")
    assert watched.count("interpreter.js") == 2
    expect(page.locator("[data-role=spoken]")).to_have_text("Python is ready.")


def test_every_module_that_the_worker_imports_was_precompiled(page: Page, base: str) -> None:
    """The list of precompiled modules grows stale when a module is imported that it does not name."""
    page.goto(base + LESSON)
    wait_until_live(page)
    source = (
        "import json, sys\n"
        "specs = [getattr(m, '__spec__', None) for m in list(sys.modules.values())]\n"
        "files = [spec.origin or '' for spec in specs if spec]\n"
        "raise ValueError(json.dumps([file for file in files if file.endswith('.py')]))"
    )
    request = json.dumps({"page": "probe", "blocks": [{"source": source, "line": 1}]})
    answer = page.evaluate("(r) => document.querySelector('script[type=py]').xworker.sync.open_page(r)", request)
    message = json.loads(answer)["error"]["message"]
    slow = json.loads(message[message.index("[") :])
    # Those of PyScript it writes as source into the worker. What else is found here belongs in hot_modules.json.
    assert [file for file in slow if "/pyscript/" not in file] == []


def test_a_model_that_is_asked_for_later_and_fails_is_named(page: Page, base: str, watched: Watch) -> None:
    page.goto(base + "playground/three-views/")
    wait_until_live(page)
    page.route(re.compile("by-hand"), lambda route: route.fulfill(status=503, body="out of order"))
    section = page.locator("#next_word")
    line = page.locator("[data-role=loading]")
    section.get_by_label("Your words").fill("x y x")
    expect(section.locator("[data-role=summary]")).to_contain_text("“y”")
    before = section.locator("[data-role=summary]").inner_text()
    section.get_by_label("by-hand").check()
    expect(section.locator("[data-role=message]")).to_contain_text("by-hand.safetensors could not be downloaded (503)")
    expect(section).to_have_attribute("data-state", "error")
    expect(line).to_contain_text("A file is missing: by-hand.safetensors could not be downloaded (503)")
    expect(section.locator("[data-role=summary]")).to_have_text(before)
    page.unroute(re.compile("by-hand"))
    line.get_by_role("button", name="Retry").click()
    wait_until_live(page)
    expect(section.locator("[data-role=summary]")).to_contain_text("“y”, with probability 1.00")
    expect(line).to_be_hidden()
    watched.forgive("503")


def test_python_starts_on_a_page_that_navigation_brings(page: Page, base: str) -> None:
    page.goto(base + "reference/performance/")
    page.get_by_role("link", name="Playground").first.click()
    expect(page.locator("h1")).to_contain_text("Playground")
    wait_until_live(page)
    expect(page.locator(".js-plotly-plot .main-svg").first).to_be_visible()
