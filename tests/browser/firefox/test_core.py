"""What readers do most, in Firefox: on a server and from a disk."""

import json
from typing import Any

import numpy as np

from tests.browser.charts import computed
from tests.browser.firefox.marionette import CONTROL, Marionette, MarionetteError

WORDS = "one two three one two"
LIVE = """document.documentElement.dataset.python === 'ready'
    && !document.querySelector('section.exhibit:not([data-state=live])')"""
ROWS = "[...document.querySelectorAll('#induction_head [data-role=table] tbody tr')]"
FIELD = "#induction_head input[type=text]"


def until(firefox: Marionette, expression: str) -> Any:
    """Wait until an expression is true in the page; return what it gave. A Python that fails ends the wait."""
    poll = f"""const [done] = arguments;
        const look = () => {{
            const found = {expression};
            if (found) done({{ found: found instanceof Node || found }}); // a node may be gone when it is told
            else if (document.documentElement?.dataset.python === 'failed') done({{}});
            else setTimeout(look, 20);
        }};
        look();"""
    answer = None
    while answer is None:
        try:
            answer = firefox.wait(poll)
        except MarionetteError as error:
            if "unloaded" not in str(error):  # the page was left, for the one that is waited for
                raise
    assert "found" in answer, firefox.run("return document.querySelector('[data-role=loading]').innerText")
    return answer["found"]


def open_page(firefox: Marionette, root: str, path: str, state: str = "") -> None:
    firefox.navigate("about:blank")  # an address that differs in its state alone would not be loaded anew
    firefox.navigate(f"{root}{path}index.html{state}")
    until(firefox, LIVE)


def replace(firefox: Marionette, css: str, text: str) -> None:
    firefox.press(css)
    firefox.type(css, f"{CONTROL}a{CONTROL}")
    firefox.type(css, text)


def test_the_first_page_answers(firefox: Marionette, root: str) -> None:
    open_page(firefox, root, "")
    replace(firefox, FIELD, WORDS)
    until(firefox, f"{ROWS}.length === 6 && document.querySelector('#induction_head').dataset.state === 'live'")
    shown = until(firefox, f"{ROWS}.map((row) => [...row.querySelectorAll('td')].map((cell) => cell.textContent))")
    theirs = computed("index.md", "induction_head", {"text": WORDS})
    filled = [[float(cell or "nan") for cell in row] for row in shown]
    np.testing.assert_allclose(np.nan_to_num(filled), np.nan_to_num(theirs), atol=0.006)  # two decimals are shown
    assert until(firefox, "document.querySelector('#induction_head .main-svg')?.getBoundingClientRect().width") > 300


def test_the_search_finds_a_page_and_leads_there(firefox: Marionette, root: str) -> None:
    open_page(firefox, root, "")
    replace(firefox, "[data-md-component=search-query]", "eigenvalues")
    until(firefox, "document.querySelector('.md-search-result__link')")
    # The list may be made anew meanwhile, with another page first.
    pressed = "const link = document.querySelector('.md-search-result__link'); link.click(); return link.href"
    link = firefox.run(pressed).split("?")[0].split("#")[0]
    until(firefox, f"location.href.split(/[?#]/)[0] === {json.dumps(link)} && document.querySelector('h1')")


def test_the_playground_opens_a_link_and_runs_code(firefox: Marionette, root: str) -> None:
    open_page(firefox, root, "playground/", "#v=1&model=text-2l&view=Head+scores")
    assert until(firefox, "document.querySelector('#bench select').value") == "text-2l"
    firefox.run("document.querySelector('.cell details').open = true")
    until(firefox, "document.querySelector('.cell[data-editor=ready] .cm-content')")
    replace(firefox, ".cm-content", "model.cfg.n_heads, np.unique([2, 1, 2]).tolist()")
    firefox.type(".cm-content", f"{CONTROL}\ue007{CONTROL}")  # Ctrl+Enter runs it
    assert until(firefox, "document.querySelector('.cell-value')?.textContent") == "(4, [1, 2])"


def test_the_lab_trains(firefox: Marionette, root: str) -> None:
    open_page(firefox, root, "lab/")
    until(firefox, "document.querySelector('.lab[data-ready]')")
    firefox.press("[data-lab=start]")
    until(firefox, "/step (\\d{2,})/i.test(document.querySelector('[data-role=lab-status]').textContent)")
    firefox.press("[data-lab=pause]")
    until(firefox, "document.querySelector('.lab').dataset.state !== 'running'")
    until(firefox, "document.querySelector('#losses .js-plotly-plot .main-svg')")
