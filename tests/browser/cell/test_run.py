"""Code in the notebook cell: run, stopped, refused; numbers of CPython."""

import re

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from circuit_explainer import circuits, zoo
from tests.browser.cell.page import ENDLESS, choose, code, message, press, run, value, write
from tests.browser.conftest import BOOT_MS, Watch
from tests.browser.test_playground import add_change, settled
from tests.workbench.cell.examples import examples

EXAMPLES = examples()


def test_run_prints_and_draws(cell: Page) -> None:
    choose(cell, "induction-2l", "the cat sat on the mat . the cat")
    press(cell, "Run")
    message(cell, re.compile("^Done in"))
    expect(cell.locator(".cell-printed")).to_have_text("10 tokens\n")
    chart = cell.locator("#cell-chart-1")
    expect(chart).to_have_attribute("data-state", "live")
    expect(chart.locator(".js-plotly-plot .main-svg").first).to_be_visible()
    expect(chart.locator("[data-role=summary]")).to_contain_text("“cat₂” looks at “sat”")
    chart.get_by_text("Table", exact=True).click()
    expect(chart.get_by_role("rowheader", name="cat₂")).to_be_visible()
    # It is saved as any other chart, but no address leads to it.
    chart.get_by_text("Save", exact=True).click()
    with cell.expect_download() as saved:
        chart.get_by_role("button", name="CSV").click()
    assert saved.value.path().read_text(encoding="utf-8-sig").count("\n") >= 10
    expect(chart.locator("[data-role=link]")).to_be_hidden()


def test_the_names_are_those_of_the_playgrounds_present_state(cell: Page) -> None:
    ask = "print(text)\n[float(logits.std()), float(cache['pattern', 0].std()), float(cache['resid_post', -1].std())]"
    for name, text in (("by-hand", "a b c a b"), ("induction-2l", "the cat sat on the mat . the cat")):
        choose(cell, name, text)
        run(cell, ask)
        expect(cell.locator(".cell-printed")).to_have_text(f"{text}\n")
        logits, cache = zoo.load(name).run_with_cache(text)
        expected = [logits.std(), cache["pattern", 0].std(), cache["resid_post", -1].std()]
        # float32 sums in another order.
        np.testing.assert_allclose(eval(value(cell)), expected, rtol=1e-5)


def test_all_of_numpy_is_there(cell: Page) -> None:
    run(cell, "[*np.unique([2, 1, 2]), *np.ma.masked_less([1, 2], 2), np.polynomial.Polynomial([1, 2])(3)]")
    assert value(cell) == "[np.int32(1), np.int32(2), masked, np.int32(2), np.float64(7.0)]"


def test_an_intervention_has_names_of_its_own(cell: Page) -> None:
    choose(cell, "induction-2l", "the cat sat . the cat")
    run(cell, "'changed_logits' in globals()")
    assert value(cell) == "False"
    bench = cell.locator("#bench")
    add_change(bench, "Zero a head", "L0H1")
    run(cell, "float(changed_logits.std()), float(logits.std()), float(np.abs(changed_cache['z', 0][:, :, 1]).max())")
    model = zoo.load("induction-2l")
    hooks = circuits.zero_heads(model.cfg, [(0, 1)])
    tokens = model.to_tokens("the cat sat . the cat")
    expected = [model.run_with_hooks(tokens, fwd_hooks=hooks).std(), model(tokens).std(), 0]
    np.testing.assert_allclose(eval(value(cell)), expected, rtol=1e-5)
    bench.get_by_role("button", name="Start over").click()
    settled(bench)


def test_a_text_that_the_playground_refuses_is_told(cell: Page) -> None:
    cell.locator("#bench").get_by_label("Text", exact=True).fill("")
    write(cell, "1")
    press(cell, "Run")
    message(cell, re.compile("^The code gets its variables from the playground, where this is wrong: "))
    choose(cell, "induction-2l", "the cat sat on the mat . the cat")


@pytest.mark.parametrize("label", [name for name in EXAMPLES if name != "first"])
def test_the_examples_run(cell: Page, label: str) -> None:
    press(cell, label)
    message(cell, f"{label}: press Run.")
    assert code(cell) == EXAMPLES[label]
    press(cell, "Run")
    message(cell, re.compile("^Done in"))
    expect(cell.locator(".cell-output > *").first).to_be_visible()
    press(cell, "Reset")
    assert code(cell) == EXAMPLES["first"]


def test_reset_stops_a_run_first(cell: Page) -> None:
    write(cell, ENDLESS)
    press(cell, "Run")
    expect(cell.locator(".cell-printed")).to_have_text("on\n")
    press(cell, "Reset")
    message(cell, re.compile("^The first code is back"))
    assert code(cell) == EXAMPLES["first"]
    expect(cell.locator(".cell-output > *")).to_have_count(0)
    run(cell, "1")


def test_an_error_names_its_line(cell: Page) -> None:
    write(cell, "x = 1\nprint('before')\nx / 0\n")
    press(cell, "Run")
    message(cell, "Line 3 stopped the run. ZeroDivisionError: division by zero")
    expect(cell.locator(".cell-printed")).to_have_text("before\n")
    expect(cell.locator(".cell-details")).to_contain_text(re.compile(r'File "run \d+", line 3'))
    expect(cell.locator(".cell-details")).not_to_contain_text(".py")
    expect(cell.locator(".cell-stopped")).to_have_text("x / 0")
    press(cell, "Go to line 3")
    expect(cell.get_by_role("textbox", name="Python code")).to_be_focused()
    cell.keyboard.type("# ")
    expect(cell.locator(".cell-stopped")).to_have_count(0)
    assert code(cell).splitlines()[2] == "# x / 0"


def test_a_syntax_error_has_its_caret(cell: Page) -> None:
    write(cell, "print('a'")
    press(cell, "Run")
    message(cell, "Line 1 cannot be read as Python: '(' was never closed.")
    expect(cell.locator(".cell-details")).to_contain_text("print('a'\n         ^")


def test_a_loop_that_never_yields_is_stopped_and_the_next_run_works(fresh: Page, watched: Watch) -> None:
    run(fresh, "mine = 1")
    write(fresh, ENDLESS)
    press(fresh, "Run")
    expect(fresh.locator(".cell-printed")).to_have_text("on\n")
    press(fresh, "Stop")
    message(
        fresh,
        "Stopped. Python had to start anew, so the variables of your code are gone. Your code is kept.",
    )
    assert code(fresh) == ENDLESS
    run(fresh, "'mine' in globals(), tokens.shape")
    assert value(fresh) == "(False, (1, 10))"
    assert watched.count("interpreter.js") == 2


def test_code_that_awaits_is_stopped_and_its_variables_stay(cell: Page) -> None:
    write(cell, "import asyncio\nmine = 1\nprint('on')\nwhile True:\n    await asyncio.sleep(0.01)")
    press(cell, "Run")
    expect(cell.locator(".cell-printed")).to_have_text("on\n")
    press(cell, "Stop")
    message(cell, "Stopped.")
    run(cell, "mine")
    assert value(cell) == "1"


def test_charts_of_the_page_wait_for_a_run_and_come_after_it(cell: Page) -> None:
    run(cell, "1")
    write(cell, ENDLESS)
    press(cell, "Run")
    expect(cell.locator(".cell-printed")).to_have_text("on\n")
    bench = cell.locator("#bench")
    bench.get_by_label("Text", exact=True).fill("x y x")
    expect(bench).to_have_attribute("data-state", "waiting")
    press(cell, "Stop")
    message(cell, re.compile("^Stopped."))
    expect(bench).to_have_attribute("data-state", "live", timeout=BOOT_MS)
    expect(cell).to_have_url(re.compile("text=x[+]y[+]x$"))


def test_what_cannot_be_done_is_told(cell: Page) -> None:
    sentences = {
        "input()": "input() cannot ask anything here.",
        "import urllib.request": "This page's Python has no network",
        "import js": "The browser itself is out of reach",
        "import pandas": "There is no module pandas here",
        "def f():\n    f()\nf()": "RecursionError",
        "1 if": "Line 1 cannot be read as Python",
    }
    for written, sentence in sentences.items():
        write(cell, written)
        press(cell, "Run")
        message(cell, re.compile(re.escape(sentence)))


def test_output_without_end_is_cut_and_stopped(cell: Page) -> None:
    write(cell, "n = 0\nwhile True:\n    n += 1\n    print(n)")
    press(cell, "Run")
    expect(cell.locator(".cell-note")).to_have_text("The output is cut here, after 1,000 lines. The code runs on.")
    press(cell, "Stop")
    message(cell, re.compile("^Stopped."))
    assert cell.locator(".cell-printed").inner_text().splitlines()[-1] == "1000"


def test_warnings_are_shown_with_their_line(cell: Page) -> None:
    run(cell, "import warnings\nwarnings.warn('look here')")
    expect(cell.locator(".cell-stderr").first).to_contain_text(re.compile(r"run \d+:2: UserWarning: look here"))


def test_top_level_await_and_variables_from_run_to_run(cell: Page) -> None:
    run(cell, "import asyncio\nx = await asyncio.sleep(0, 5)")
    run(cell, "x + 1")
    assert value(cell) == "6"
    press(cell, "Reset")
    write(cell, "x")
    press(cell, "Run")
    message(cell, re.compile("name 'x' is not defined"))


def test_a_model_that_the_code_opens_is_brought(fresh: Page, watched: Watch) -> None:
    run(fresh, "from circuit_explainer import zoo\nprint('once')\nzoo.load('induction-1l').cfg.n_layers")
    assert value(fresh) == "1"
    expect(fresh.locator(".cell-printed")).to_have_text("once\n")
    assert watched.count("induction-1l.safetensors") == 1
