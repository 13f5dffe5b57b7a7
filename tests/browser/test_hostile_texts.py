"""Texts that would run, through every text field: shown as text or refused in a sentence, and the page lives."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.hostile import STANDS, in_page
from tests.browser.pages import go, html_of, paths, uncover
from tests.hostile.strings import FEW, STRINGS

SHORT = [text for text in STRINGS if len(text) <= 5000]
# Types into the fields [number, texts], and sends the form of each where it has no exhibit.
TYPE = f"""{STANDS}
    const fields = [...document.querySelectorAll('main input[type=text], main textarea')];
    for (const [number, texts] of given) {{
        const field = fields[number];
        const find = () => (field.isConnected ? field : document.getElementById(field.id)); // a form may be made anew
        for (const text of texts) {{
            const section = find().closest('section.exhibit');
            const type = () => {{
                find().value = text;
                find().dispatchEvent(new Event('input', {{ bubbles: true }}));
                if (!section) find().form.requestSubmit();
            }};
            await (section ? settled(section, type) : type());
            await pause();
            look(text, section ? stands(section) : []);
        }}
    }}"""
COUNT = "() => document.querySelectorAll('main input[type=text], main textarea').length"
SEARCH = """const field = document.querySelector('[data-md-component="search-query"]');
    for (const text of given) {
        field.value = text;
        field.dispatchEvent(new Event('input', { bubbles: true }));
        look(text);
    }"""
# Each as code of the notebook cell: it ends, with an error or without.
CODE = """for (const code of given) {
        const answer = await ask('cell', 'run', { code, values: {} });
        const told = answer.failure?.message ?? '';
        const fine = 'seconds' in answer || (told.length > 10 && told.length < 5000);
        look(code, fine ? [] : [JSON.stringify(answer).slice(0, 200)]);
    }
    await ask('cell', 'reset');"""


def test_all_through_one_field(visited: Page, base: str) -> None:
    go(visited, base, "")
    assert in_page(visited, TYPE, [[0, STRINGS]]) == []
    section = visited.locator("section.exhibit")
    visited.get_by_label("Your words").fill("fine again fine")
    expect(section).to_have_attribute("data-state", "live")
    expect(section.locator("tbody th")).to_have_text(["<BOS>", "fine₁", "again", "fine₂"])


def with_fields() -> list[str]:
    return [
        path
        for path in paths()
        if path and '<input type="text" id=' in html_of(path).replace('autocomplete="off" ', "")
    ]


@pytest.mark.parametrize("path", with_fields())
def test_some_through_every_field_of_a_page(visited: Page, base: str, path: str) -> None:
    go(visited, base, path)
    uncover(visited)
    count = visited.evaluate(COUNT)
    given = [[n, [FEW[0], FEW[1 + n % (len(FEW) - 1)], "x y x"]] for n in range(count)]
    assert in_page(visited, TYPE, given) == []
    for section in visited.locator("section.exhibit").all():
        expect(section).to_have_attribute("data-state", "live")


def test_all_are_searched_for(page: Page, base: str) -> None:
    page.goto(f"{base}reference/papers/")
    page.get_by_role("textbox", name="Search").click()
    found = page.locator(".md-search-result__meta")
    query = page.get_by_role("textbox", name="Search")
    query.fill("residual")
    expect(found).to_contain_text("matching documents")  # the index is there, so that no query is passed over
    assert in_page(page, SEARCH, SHORT) == []
    for words in ("7", "0.2", "layer 0"):
        query.fill(words)
        expect(found).to_contain_text(re.compile(r"\d+ matching document"))
        query.fill("zzzz")
        expect(found).to_contain_text("No matching documents")


def test_all_are_run_as_code(visited: Page, base: str) -> None:
    go(visited, base, "playground/")
    assert in_page(visited, CODE, SHORT) == []
    cell = visited.locator("[data-workbench=cell]")
    cell.locator("summary").first.click()
    expect(cell).to_have_attribute("data-editor", "ready")
    for code in (f"raise ValueError({FEW[0]!r})", FEW[1], f"print({FEW[2]!r})\n{FEW[0]!r}"):
        cell.locator(".cm-content").fill(code)
        cell.get_by_role("button", name="Run", exact=True).click()
        expect(cell).to_have_attribute("data-state", "idle")
        assert in_page(visited, "look(given)", code) == []
    expect(cell.locator(".cell-printed")).to_have_text(f"{FEW[2]}\n")
    expect(cell.locator(".cell-value")).to_have_text(repr(FEW[0]))
    cell.get_by_role("button", name="Reset", exact=True).click()
