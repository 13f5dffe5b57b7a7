"""Things that a reader does faster than Python answers: the last does not undo those before it."""

import re
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.pages import go
from tests.browser.test_playground import add_change, message, settled, summary

# In one task of the page, so that no answer can come between them.
IN_A_ROW = """async (bench, steps) => {
  const changed = (element, value) => {
    element.value = value;
    element.dispatchEvent(new Event('input', { bubbles: true }));
  };
  const find = (selector, fits) => [...bench.querySelectorAll(selector)].find(fits);
  for (const [role, given] of steps) {
    if (role === 'press') find('button', (each) => (each.ariaLabel ?? each.textContent).trim() === given).click();
    if (role === 'switch') find('li', (each) => each.textContent.includes(given)).querySelector('input').click();
    if (role === 'text') changed(bench.querySelector('[data-control="text"]'), given);
    if (role === 'link') {
      location.hash = given;
      await new Promise((heard) => addEventListener('hashchange', heard, { once: true }));
    }
  }
}"""


@pytest.fixture
def bench(visited: Page, base: str) -> Locator:
    go(visited, base, "playground/")
    found = visited.locator("#bench")
    add_change(found, "Zero a head", "L0H1")
    settled(found)
    expect(found.locator(".edits li")).to_have_count(1)
    return found


def in_a_row(bench: Locator, *steps: tuple[str, str]) -> None:
    bench.evaluate(IN_A_ROW, [list(step) for step in steps])
    settled(bench)


def changes(bench: Locator) -> list[str]:
    return [str(each.text_content()).strip() for each in bench.locator(".edits li label").all()]


def test_a_change_stays_when_another_and_a_text_follow_at_once(bench: Locator) -> None:
    in_a_row(bench, ("press", "Add"), ("press", "Add"), ("text", "u v u"))
    assert changes(bench) == ["Zero the output of L0H1."] + 2 * ["Zero the output of L0H0."]
    expect(bench.get_by_label("Text", exact=True)).to_have_value("u v u")
    expect(summary(bench)).to_contain_text("u₂")


def test_a_change_that_is_not_drawn_yet_can_be_followed_by_a_switch_and_by_its_end(bench: Locator) -> None:
    in_a_row(bench, ("press", "Add"), ("switch", "L0H1"))
    assert changes(bench) == ["Zero the output of L0H1.", "Zero the output of L0H0."]
    boxes = bench.locator(".edits li input")
    expect(boxes.nth(0)).not_to_be_checked()
    expect(boxes.nth(1)).to_be_checked()
    take_away = "Take away: Zero the output of L0H1."
    in_a_row(bench, ("press", take_away), ("press", take_away), ("press", "Take away: Zero the output of L0H0."))
    expect(bench.locator(".edits li")).to_have_count(0)


def test_a_text_that_is_typed_right_after_undo_changes_what_undo_brings_back(bench: Locator) -> None:
    before = bench.get_by_label("Text", exact=True).input_value()
    in_a_row(bench, ("press", "Undo"), ("text", "u v u"))
    expect(bench.locator(".edits li")).to_have_count(0)
    expect(bench.get_by_label("Text", exact=True)).to_have_value("u v u")
    # The way back leads to where Undo led; there is nothing to redo.
    expect(bench.get_by_role("button", name="Redo")).to_have_attribute("aria-disabled", "true")
    in_a_row(bench, ("press", "Undo"))
    expect(bench.locator(".edits li")).to_have_count(0)
    expect(bench.get_by_label("Text", exact=True)).to_have_value(before)


def test_a_text_that_is_typed_while_a_link_opens_is_that_of_the_link(bench: Locator) -> None:
    link = urlencode({"v": 1, "model": "by-hand", "text": "a b a", "view": "One head", "nothing": 1})
    in_a_row(bench, ("link", link), ("text", "b c b"))
    expect(bench.get_by_label("Model", exact=True)).to_have_value("by-hand")
    expect(bench.get_by_label("View", exact=True)).to_have_value("One head")
    expect(bench.get_by_label("Text", exact=True)).to_have_value("b c b")
    expect(bench.page).to_have_url(re.compile("text=b[+]c[+]b"))
    expect(message(bench)).to_have_text("“nothing” means nothing here.")
