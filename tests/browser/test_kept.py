"""What is kept on the device: the page lists all of it, and its buttons delete it."""

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.cell.page import write
from tests.browser.pages import go, use

PAGE = "reference/on-this-device/"
KEPT = """async () => ({
    localStorage: Object.keys(localStorage),
    sessionStorage: Object.keys(sessionStorage),
    indexedDB: (await indexedDB.databases()).map(({ name }) => name),
    caches: await caches.keys(),
})"""
# As another visit, or the copy for offline use, would have left it.
LEAVE = """async () => {
    const opened = indexedDB.open('IDBMap/left');
    await new Promise((resolve) => { opened.onsuccess = resolve; });
    opened.result.close();
    const cache = await caches.open('circuit-explainer-left');
    await cache.put('left.txt', new Response('x'.repeat(2500)));
    const other = await caches.open('of-another-site');
    localStorage.setItem('of-another-site', '1');
}"""


def kept(page: Page) -> dict[str, list[str]]:
    found: dict[str, list[str]] = page.evaluate(KEPT)
    return found


def row(page: Page, what: str) -> Locator:
    return page.get_by_role("row").filter(has_text=what)


def listed(page: Page, store: str, name: str) -> bool:
    """Whether a row of the page stands for this name."""
    keys: Any = page.locator(f'tr[data-store="{store}"]').evaluate_all("(all) => all.map((row) => row.dataset.key)")
    return any(name.startswith(key[:-1]) if key.endswith("*") else name == key for key in keys)


def test_all_that_a_visit_keeps_is_listed_and_goes(visited: Page, base: str) -> None:
    go(visited, base, "lessons/prove-it/")  # keeps the place, and with Python PyScript's stores
    visited.get_by_role("button", name="Mark as done").click()
    visited.evaluate("readerSettings.set({ size: '115' })")
    use(visited.locator("section.exhibit [data-kind]").first)
    visited.wait_for_function("sessionStorage.length")
    go(visited, base, "playground/")
    visited.get_by_text("Write your own Python").click()
    expect(visited.locator(".cell")).to_have_attribute("data-editor", "ready")
    write(visited, "print(1)")
    visited.wait_for_function("localStorage.getItem('circuit-explainer:cell')")
    go(visited, base, PAGE)
    found = kept(visited)
    assert {store: [name for name in names if not listed(visited, store, name)] for store, names in found.items()} == {
        store: [] for store in found
    }
    assert all(found[store] for store in ("localStorage", "sessionStorage", "indexedDB"))
    visited.get_by_role("button", name="Delete all").click()
    told = visited.locator("[data-role=kept-told]")
    expect(told).to_contain_text("Deleted: your settings, your progress, your code, your choices in exhibits.")
    expect(told).to_contain_text("Not deleted: empty stores of PyScript, in use while Python runs.")
    assert (kept(visited)["localStorage"], kept(visited)["sessionStorage"]) == ([], [])
    expect(visited.locator("html")).to_have_attribute("data-size", "100")
    assert visited.context.cookies() == []
    visited.get_by_role("button", name="Undo").click()
    expect(told).to_have_text("It is back.")
    expect(visited.get_by_role("button", name="Delete all")).to_be_focused()
    expect(visited.locator("html")).to_have_attribute("data-size", "115")
    assert sorted(kept(visited)["localStorage"]) == sorted(found["localStorage"])
    assert sorted(kept(visited)["sessionStorage"]) == sorted(found["sessionStorage"])


def test_stores_and_the_offline_copy_go_too_and_those_of_others_stay(page: Page, base: str) -> None:
    page.goto(base + PAGE)
    page.evaluate(LEAVE)
    page.reload()
    expect(row(page, "offline use")).to_contain_text("2.5 kB")
    expect(row(page, "stores of PyScript")).to_contain_text("Empty")
    delete = row(page, "offline use").get_by_role("button")
    delete.click()
    expect(page.locator("[data-role=kept-told]")).to_have_text("Deleted: the copy of the site for offline use.")
    expect(delete).to_be_focused()
    expect(delete).to_have_attribute("aria-disabled", "true")
    expect(page.get_by_role("button", name="Undo")).to_be_hidden()
    page.get_by_role("button", name="Delete all").click()
    expect(row(page, "stores of PyScript")).to_contain_text("Nothing")
    assert kept(page) == {
        "localStorage": ["of-another-site"],
        "sessionStorage": [],
        "indexedDB": [],
        "caches": ["of-another-site"],
    }
    assert page.context.cookies() == []


@pytest.mark.parametrize("path", ["", "lessons/prove-it/"])
def test_the_settings_lead_there_from_every_depth(visited: Page, base: str, path: str) -> None:
    go(visited, base, path)
    visited.get_by_role("button", name="Settings").click()
    visited.locator("#settings").get_by_role("link", name="Kept on this device").click()
    expect(visited).to_have_url(re.compile(PAGE))
