"""The settings: each does what it says, is remembered, works before Python, and can be taken back."""

from collections.abc import Callable
from typing import Literal

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Watch, attach

BACKGROUNDS = {"dark": "rgb(18, 21, 26)", "light": "rgb(251, 247, 239)"}


def choose(page: Page, group: str, option: str) -> None:
    page.get_by_role("group", name=group).get_by_label(option, exact=True).check()


@pytest.fixture
def settings(page: Page, base: str) -> Page:
    page.goto(base + "reference/models/")
    page.get_by_role("button", name="Settings").click()
    return page


@pytest.mark.parametrize("system", ["dark", "light"])
@pytest.mark.parametrize("scripts", [True, False])
def test_the_first_visit_has_the_colours_of_the_system(
    open_context: Callable[..., BrowserContext], base: str, system: Literal["dark", "light"], scripts: bool
) -> None:
    page = open_context(java_script_enabled=scripts).new_page()
    page.emulate_media(color_scheme=system)
    page.goto(base + "reference/models/")
    expect(page.locator("body")).to_have_css("background-color", BACKGROUNDS[system])


def test_a_chosen_scheme_wins_over_the_system_and_is_remembered(settings: Page) -> None:
    choose(settings, "Colours", "Light")
    expect(settings.locator("body")).to_have_css("background-color", BACKGROUNDS["light"])
    settings.reload()
    expect(settings.locator("body")).to_have_css("background-color", BACKGROUNDS["light"])
    settings.get_by_role("button", name="Settings").click()
    expect(settings.get_by_label("Light")).to_be_checked()
    choose(settings, "Colours", "As the device")
    expect(settings.locator("body")).to_have_css("background-color", BACKGROUNDS["dark"])
    settings.emulate_media(color_scheme="light")
    expect(settings.locator("body")).to_have_css("background-color", BACKGROUNDS["light"])


def test_text_grows(settings: Page) -> None:
    text = settings.locator("article p").first
    expect(text).to_have_css("font-size", "18px")
    choose(settings, "Text size", "Largest")
    expect(text).to_have_css("font-size", "28.8px")


def test_spacing_grows(settings: Page) -> None:
    text = settings.locator("article p").first
    before = text.evaluate("(node) => parseFloat(getComputedStyle(node).lineHeight)")
    choose(settings, "Spacing", "Wide")
    assert text.evaluate("(node) => parseFloat(getComputedStyle(node).lineHeight)") > before
    expect(text).not_to_have_css("letter-spacing", "normal")


def test_the_first_settings_come_back_at_once(settings: Page) -> None:
    choose(settings, "Text size", "Large")
    choose(settings, "Colours", "Light")
    settings.get_by_role("button", name="Use the first settings").click()
    expect(settings.locator("article p").first).to_have_css("font-size", "18px")
    expect(settings.locator("body")).to_have_css("background-color", BACKGROUNDS["dark"])
    expect(settings.get_by_label("As the device")).to_be_checked()


def test_escape_closes_the_panel_and_gives_the_focus_back(settings: Page) -> None:
    settings.get_by_label("As the device").focus()
    settings.keyboard.press("Escape")
    expect(settings.locator("#settings")).to_be_hidden()
    expect(settings.get_by_role("button", name="Settings")).to_be_focused()


def test_settings_stay_on_pages_that_instant_navigation_brings(settings: Page) -> None:
    choose(settings, "Text size", "Large")
    settings.keyboard.press("Escape")
    settings.locator("#site-nav").get_by_role("link", name="Start").click()
    expect(settings.get_by_role("heading", level=1)).to_contain_text("See a transformer")
    expect(settings.locator("article p").first).to_have_css("font-size", "20.7px")


def test_nothing_is_lost_where_storage_is_denied(
    open_context: Callable[..., BrowserContext], base: str, watched: Watch
) -> None:
    page = attach(open_context().new_page(), watched)
    page.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('denied'); } })"
    )
    page.goto(base + "reference/models/")
    page.get_by_role("button", name="Settings").click()
    choose(page, "Colours", "Light")
    expect(page.locator("body")).to_have_css("background-color", BACKGROUNDS["light"])
    # Material's own scripts complain in such a browser.
    watched.forgive("denied")


def test_a_single_letter_is_no_command(page: Page, base: str) -> None:
    """WCAG 2.1.4: Material would take n for "next page" and s for "search"."""
    page.goto(base + "reference/models/")
    for letter in "nps/f,.":
        page.keyboard.press(letter)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Models that ship")
    expect(page.locator("#__search")).not_to_be_checked()


def test_the_search_opens_and_closes_by_keyboard_on_a_narrow_screen(page: Page, base: str) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(base + "reference/models/")
    page.get_by_role("button", name="Search", exact=True).focus()
    page.keyboard.press("Space")
    query = page.get_by_role("textbox", name="Search")
    expect(query).to_be_focused()
    page.keyboard.type("shortformer")
    expect(page.get_by_role("region", name="Search results").get_by_role("link").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(query).to_be_hidden()


def test_what_is_pasted_is_searched_for(page: Page, base: str) -> None:
    page.goto(base + "reference/models/")
    query = page.get_by_role("textbox", name="Search")
    query.click()
    page.keyboard.insert_text("shortformer")  # no key is heard
    expect(page.get_by_role("region", name="Search results").get_by_role("link").first).to_be_visible()


def test_the_menu_opens_and_closes_by_keyboard_on_a_narrow_screen(page: Page, base: str) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(base + "reference/models/")
    menu = page.get_by_role("button", name="Menu")
    menu.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Models that ship")).to_be_visible()
    expect(page.get_by_role("link", name="Models that ship")).to_have_attribute("aria-current", "page")
    page.keyboard.press("Escape")
    expect(page.locator("#site-nav")).to_be_hidden()
    expect(menu).to_be_focused()
