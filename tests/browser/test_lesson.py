"""Reading a lesson: its steps, focus mode, terms, what is covered, and what is remembered."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, FloatRect, Locator, Page, expect

from tests.browser.pages import go
from tests.waiting import until

LESSON = "lessons/induction-heads/"
LESSONS = Path(__file__).parents[2] / "docs" / "lessons"


def size(shown: Locator) -> FloatRect:
    box = shown.bounding_box()
    assert box
    return box


@pytest.fixture
def lesson(visited: Page, base: str) -> Page:
    go(visited, base, LESSON)
    return visited


def test_focus_mode_leaves_the_step_that_is_being_read(lesson: Page) -> None:
    lesson.keyboard.press("Alt+q")
    expect(lesson.locator("section.step:visible")).to_have_count(1)
    expect(lesson.get_by_role("heading", name="Guess the next word")).to_be_visible()
    for hidden in (".site-side", ".site-foot", ".lesson-opening"):
        expect(lesson.locator(hidden)).to_be_hidden()
    lesson.get_by_role("link", name="Next: The circuit in four steps").click()
    expect(lesson.get_by_role("heading", name="The circuit in four steps")).to_be_focused()
    expect(lesson.locator("section.step:visible")).to_have_count(1)
    lesson.get_by_role("link", name="Back").click()
    expect(lesson.get_by_role("heading", name="Guess the next word")).to_be_visible()
    lesson.keyboard.press("Alt+q")
    expect(lesson.locator("section.step:visible")).to_have_count(9)
    expect(lesson.locator(".site-side")).to_be_visible()


def test_charts_of_a_step_are_whole_when_it_shows(lesson: Page) -> None:
    lesson.keyboard.press("Alt+q")
    lesson.evaluate("location.hash = '#layer-0-who-came-before-me'")
    chart = lesson.locator("#previous_token_head .main-svg").first
    box = lesson.locator("#previous_token_head [data-role=chart]")
    expect(chart).to_be_visible()
    until(
        lesson,
        """document.querySelector('#previous_token_head .main-svg').getBoundingClientRect().width
        === document.querySelector('#previous_token_head [data-role=chart]').clientWidth""",
    )
    assert size(box)["width"] > 500


@pytest.mark.parametrize("slug", sorted(path.stem for path in LESSONS.glob("*.md") if path.stem != "index"))
def test_in_focus_mode_the_exhibit_stands_beside_the_words(visited: Page, base: str, slug: str) -> None:
    visited.set_viewport_size({"width": 1280, "height": 900})
    go(visited, base, f"lessons/{slug}/")
    visited.keyboard.press("Alt+q")
    for step in visited.locator("section.step:has(> .exhibit)").all():
        visited.evaluate("id => { location.hash = id; }", step.get_attribute("aria-labelledby"))
        expect(step).to_be_visible()
        heading, exhibit = size(step.locator("h2")), size(step.locator("> .exhibit"))
        assert exhibit["x"] >= heading["x"] + heading["width"]
        assert size(step)["height"] < 1100  # a screen, and what may scroll below its edge: a chart's sentence and tools


def test_links_within_a_page_leave_its_exhibits_alone(lesson: Page) -> None:
    exhibit = lesson.locator("#previous_token_head").element_handle()
    lesson.keyboard.press("Alt+q")
    for ahead in ("The circuit in four steps", "Layer 0: who came before me?"):
        lesson.get_by_role("link", name=f"Next: {ahead}").click()
        expect(lesson.get_by_role("heading", name=ahead)).to_be_focused()
    for before in ("The circuit in four steps", "Guess the next word"):
        lesson.go_back()
        expect(lesson.get_by_role("heading", name=before)).to_be_in_viewport()
    assert exhibit.evaluate("node => node.isConnected")


def test_focus_mode_is_remembered_and_a_link_to_an_exhibit_leads_to_its_step(lesson: Page, base: str) -> None:
    lesson.keyboard.press("Alt+q")
    lesson.goto(f"{base}reference/models/")
    lesson.goto(f"{base}{LESSON}#invented_name")
    expect(lesson.get_by_role("heading", name="A name that nobody has ever written")).to_be_visible()
    expect(lesson.locator("section.step:visible")).to_have_count(1)
    lesson.get_by_role("button", name="Settings").click()
    expect(lesson.get_by_role("group", name="Focus mode").get_by_label("On", exact=True)).to_be_checked()


def test_the_simplified_view_leaves_out_code_and_formulas(lesson: Page) -> None:
    expect(lesson.locator(".exhibit-code").first).to_be_visible()
    expect(lesson.locator(".formula .katex-display").first).to_be_visible()
    lesson.get_by_role("button", name="Settings").click()
    lesson.get_by_role("group", name="Simplified view").get_by_label("On", exact=True).check()
    expect(lesson.locator(".exhibit-code").first).to_be_hidden()
    expect(lesson.locator(".formula .katex-display").first).to_be_hidden()
    expect(lesson.locator(".formula figcaption").first).to_be_visible()


def test_what_would_give_the_answer_away_is_covered_until_there_is_one(lesson: Page) -> None:
    exhibit = lesson.locator("#induction_head")
    question = lesson.locator("form.predict").first
    expect(exhibit.locator(".exhibit-title")).to_be_hidden()
    height = size(exhibit)["height"]
    question.get_by_role("button", name="Check").click()
    expect(exhibit.locator(".exhibit-title")).to_be_hidden()
    question.get_by_label("At “sat”").check()
    question.get_by_role("button", name="Check").click()
    expect(exhibit.locator(".exhibit-title")).to_be_visible()
    assert size(exhibit)["height"] == height


def test_who_will_not_guess_may_look(lesson: Page) -> None:
    exhibit = lesson.locator("#all_heads")
    exhibit.get_by_role("button", name="Show it now").click()
    expect(exhibit.locator(".exhibit-title")).to_be_visible()


def test_without_scripts_nothing_is_covered(open_context: Callable[..., BrowserContext], base: str) -> None:
    page = open_context(java_script_enabled=False).new_page()
    page.goto(base + LESSON)
    expect(page.locator("#induction_head .exhibit-title")).to_be_visible()
    expect(page.locator(".formula math").first).to_be_attached()
    expect(page.locator("a.term").first).to_have_attribute("href", "../../reference/glossary/#induction-head")


def test_a_term_is_explained_on_focus_and_hover_and_goes_with_escape(lesson: Page) -> None:
    term, tip = lesson.locator("a.term").first, lesson.get_by_role("tooltip")
    term.focus()
    expect(tip).to_contain_text("looks at the token after an earlier copy")
    expect(term).to_have_attribute("aria-describedby", "term-tip")
    lesson.keyboard.press("Escape")
    expect(tip).to_be_hidden()
    lesson.mouse.move(0, 0)
    lesson.locator("a.term").nth(1).hover()
    expect(tip).to_be_visible()
    tip.hover()  # WCAG 1.4.13: the pointer may move onto it
    expect(tip).to_be_visible()
    lesson.mouse.move(0, 0)
    expect(tip).to_be_hidden()


def test_a_tap_explains_and_a_second_one_leads_to_the_glossary(
    open_context: Callable[..., BrowserContext], base: str
) -> None:
    page = open_context(has_touch=True, viewport={"width": 360, "height": 780}).new_page()
    page.goto(base + LESSON)
    term = page.locator("a.term").first
    term.tap()
    expect(page.get_by_role("tooltip")).to_be_visible()
    assert page.url.endswith(LESSON)
    term.tap()
    expect(page).to_have_url(f"{base}reference/glossary/#induction-head")


def test_progress_is_remembered_on_the_device_and_can_be_forgotten(lesson: Page, base: str) -> None:
    lesson.get_by_role("button", name="Mark as done").click()
    expect(lesson.get_by_text("This lesson is done.")).to_be_visible()
    mark = lesson.locator("#site-nav a[data-lesson-link=induction-heads] .done")
    expect(mark).to_have_text("done")
    lesson.reload()
    expect(mark).to_have_text("done")
    lesson.get_by_role("button", name="Not done after all").click()
    expect(mark).to_have_count(0)
    lesson.get_by_role("button", name="Mark as done").click()
    lesson.get_by_role("button", name="Settings").click()
    lesson.get_by_role("button", name="Forget my progress").click()
    expect(lesson.get_by_text("Your progress and your code are forgotten.")).to_be_visible()
    expect(mark).to_have_count(0)
    assert "induction-heads" not in lesson.evaluate("JSON.stringify(localStorage)")


def test_home_leads_back_to_the_step_that_was_read_last(lesson: Page, base: str) -> None:
    lesson.get_by_role("heading", name="The formula").scroll_into_view_if_needed()
    lesson.get_by_role("heading", name="The formula").evaluate("(node) => node.scrollIntoView()")
    until(lesson, "JSON.stringify(localStorage).includes('the-formula')")
    go(lesson, base, "")
    lesson.get_by_role("link", name="Induction heads", exact=True).and_(lesson.locator("[data-role=go-on] a")).click()
    expect(lesson).to_have_url(f"{base}{LESSON}#the-formula")


def test_a_picture_is_stepped_through_with_back_and_next(lesson: Page) -> None:
    exhibit = lesson.locator("#four_steps")
    summary = exhibit.locator("[data-role=summary]")
    expect(exhibit.get_by_role("button", name="Next")).to_have_attribute("aria-disabled", "true")
    exhibit.get_by_role("button", name="Back").click()
    expect(summary).to_contain_text("whose note is “cat₁”")
    exhibit.get_by_role("button", name="Next").click()
    expect(summary).to_contain_text("The model expects “sat” next.")


def test_an_address_that_was_given_away_still_leads_to_its_exhibit(page: Page, base: str) -> None:
    page.goto(f"{base}lessons/see-an-induction-head/#induction_head")
    expect(page).to_have_url(f"{base}{LESSON}#induction_head")
