"""The settings of the lab in the page's address: what a lecturer links to."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.pages import go


def setting(visited: Page, label: str) -> str:
    return visited.get_by_label(label, exact=True).input_value()


def test_settings_stand_in_the_address(visited: Page, base: str) -> None:
    go(visited, base, "lab/#v=1&heads=4&lr=0.03")
    expect(visited.get_by_role("radio", name="4", exact=True).first).to_be_visible()
    assert setting(visited, "Learning rate") == "0.03"
    expect(visited.get_by_label("Begin with")).to_have_value("your own settings")
    visited.get_by_label("Seed").fill("7")
    expect(visited).to_have_url(base + "lab/#v=1&heads=4&lr=0.03&seed=7")
    visited.get_by_label("Begin with").select_option("one layer: it never does")
    expect(visited).to_have_url(base + "lab/#v=1&layers=1")
    visited.get_by_label("Begin with").select_option("watch an induction head form")
    expect(visited).to_have_url(base + "lab/")


@pytest.mark.parametrize(
    ("link", "told"),
    [
        ("v=2&heads=4", "The link has version 2, and this page reads 1. All of it was ignored."),
        ("v=1&heads=3&wings=2&seed=5", "The link was partly ignored: heads, wings."),
        ("v=1&__proto__=2&constructor=3", "The link was partly ignored: __proto__, constructor."),
        ("v=1&a=1&b=1&c=1&d=1&e=1", "The link was partly ignored: a, b, c and 2 more."),
        (f"v={'9' * 99}", f"The link has version {'9' * 40}…, and this page reads 1. All of it was ignored."),
        ("v=1&%E2%80%AEgnp=1", "The link was partly ignored: \\u{202e}gnp."),
    ],
)
def test_a_broken_link_says_what_it_ignored(visited: Page, base: str, link: str, told: str) -> None:
    go(visited, base, f"lab/#{link}")
    expect(visited.locator("[data-role=lab-problem]")).to_have_text(told)
    assert setting(visited, "Learning rate") == "0.015"
    assert setting(visited, "Seed") == ("5" if "seed" in link else "2")
