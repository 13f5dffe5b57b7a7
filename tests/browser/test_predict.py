"""A question answers the choice that the reader made, without Python, and says all answers without scripts."""

from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.pages import go

LESSON = "lessons/induction-heads/"


def test_each_choice_has_its_reply(visited: Page, base: str) -> None:
    go(visited, base, LESSON)
    question = visited.locator("form.predict").first
    reply = question.get_by_role("status")
    question.get_by_role("button", name="Check").click()
    expect(reply).to_have_text("Choose an answer first.")
    question.get_by_label("At the first “cat”").check()
    expect(reply).to_have_text("")
    question.get_by_role("button", name="Check").click()
    expect(reply).to_contain_text("Not quite. It is the same word, but its own note says “the”")
    expect(question).to_have_attribute("data-answer", "wrong")
    # With the keyboard alone.
    question.get_by_label("At the first “cat”").focus()
    visited.keyboard.press("ArrowDown")
    expect(reply).to_have_text("")
    visited.keyboard.press("Enter")
    expect(reply).to_contain_text("Yes. Its note says “the token before me was cat”")
    expect(question).to_have_attribute("data-answer", "right")
    expect(question.locator("details")).to_be_hidden()


def test_a_page_that_instant_navigation_brings_answers_too(page: Page, base: str) -> None:
    page.goto(base)
    page.locator(".md-content").get_by_role("link", name="induction heads").click()
    question = page.locator("form.predict").first
    question.get_by_label("At “sat”").check()
    question.get_by_role("button", name="Check").click()
    expect(question.get_by_role("status")).to_contain_text("Yes.")


def test_without_scripts_all_answers_can_be_opened(open_context: Callable[..., BrowserContext], base: str) -> None:
    page = open_context(java_script_enabled=False).new_page()
    page.goto(base + LESSON)
    question = page.locator("form.predict").first
    expect(question.get_by_role("button", name="Check")).to_be_hidden()
    question.locator("summary").click()
    expect(question.locator("li")).to_have_count(3)
    expect(question.locator("li").nth(1)).to_contain_text("the token before me was cat")
