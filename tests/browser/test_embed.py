"""Links and embedded exhibits: what is copied, and one exhibit alone in a frame of another page."""

import html
import xml.etree.ElementTree as ET
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, FrameLocator, Page, Route, expect

from tests.browser.conftest import BOOT_MS, Watch, attach, wait_until_live
from tests.browser.pages import uncover
from tests.browser.test_accessibility import AXE, violations

LESSON = "lessons/induction-heads/"
CLIPBOARD = ["clipboard-read", "clipboard-write"]
HIDDEN = ".md-header, .site-side, .site-foot, h1, h2, article > p:not(.embed-line), .predict, .cover"
# Notes, in each frame of the page and at each picture of it, what shows that must not.
NOTES = f"""window.flashed = [];
const look = () => {{
    if (location.search === '?view=embed') {{
        const shown = [...document.querySelectorAll('{HIDDEN}')].filter((node) => node.checkVisibility());
        flashed.push(...shown.map((node) => node.outerHTML));
    }}
    requestAnimationFrame(look);
}};
look();"""
COURSE = """<!doctype html><title>A course</title><script>
heard = [];
addEventListener('message', ({{ data }}) => heard.push(data));
</script><div style="width:600px">{code}</div>"""


def course(page: Page, base: str, code: str) -> FrameLocator:
    """Open a page of a course that holds an embed code."""

    def answer(route: Route) -> None:
        route.fulfill(content_type="text/html; charset=utf-8", body=COURSE.format(code=code))

    page.route("**/course.html", answer)
    page.goto(f"{base}course.html")
    return page.frame_locator("iframe")


def frame(base: str, path: str, name: str) -> str:
    return f'<iframe src="{base}{path}?view=embed#{name}" width="100%" height="700"></iframe>'


def copied_code(page: Page, exhibit: str) -> str:
    section = page.locator(f"section.exhibit#{exhibit}")
    section.locator(".exhibit-save > summary").click()
    section.get_by_role("button", name="Copy embed code").click()
    expect(section.locator("[data-role=saved]")).to_contain_text(
        "The embed code is copied. It shows this exhibit alone"
    )
    return str(page.evaluate("navigator.clipboard.readText()"))


@pytest.mark.parametrize("exhibit", ["induction_head", "four_steps"])
def test_an_embedded_exhibit_stands_alone_in_its_frame(
    open_context: Callable[..., BrowserContext], base: str, watched: Watch, exhibit: str
) -> None:
    page = attach(open_context(permissions=CLIPBOARD).new_page(), watched)
    page.add_init_script(NOTES)
    page.goto(base + LESSON)
    wait_until_live(page)
    uncover(page)
    code = copied_code(page, exhibit)
    title = page.locator(f"#{exhibit} .exhibit-title").inner_text()
    assert f'title="{html.escape(title, quote=False)}"' in code
    inside = course(page, base, code)
    section = inside.locator(f"#{exhibit}")
    expect(section).to_have_attribute("data-state", "live", timeout=BOOT_MS)
    expect(section.locator("[data-role=chart]")).to_be_visible()
    within = page.frames[1]
    assert within.evaluate("[document.documentElement.scrollHeight <= innerHeight, innerWidth]") == [True, 600]
    assert within.evaluate("document.documentElement.scrollWidth") <= 600
    expect(inside.locator("section.exhibit:visible")).to_have_count(1)
    assert within.evaluate("window.flashed") == []
    assert page.evaluate("window.heard") == []
    # No lesson is begun by looking at a frame.
    section.get_by_label("Your words").fill("x y z x y")
    expect(section.locator("[data-role=summary]")).to_contain_text("z")
    within.evaluate(AXE.read_text(encoding="utf-8"))
    assert violations(within) == []
    assert within.evaluate("localStorage.getItem('circuit-explainer:progress')") == page.evaluate(
        "localStorage.getItem('circuit-explainer:progress')"
    )
    with page.expect_popup() as waiting:
        inside.get_by_role("link", name="Circuit Explainer: Induction heads (opens in a new tab)").click()
    expect(waiting.value).to_have_url(f"{base}{LESSON}#{exhibit}")
    expect(waiting.value.locator("h1")).to_be_visible()
    assert within.url == f"{base}{LESSON}?view=embed#{exhibit}"


def test_an_exhibit_that_keeps_a_history_is_shared_as_it_stands(
    open_context: Callable[..., BrowserContext], base: str, watched: Watch
) -> None:
    page = attach(open_context(permissions=CLIPBOARD).new_page(), watched)
    page.goto(f"{base}playground/")
    wait_until_live(page)
    section, state = page.locator("#bench"), "#v=1&text=x+y+z+x+y"
    section.get_by_label("Text", exact=True).fill("x y z x y")
    expect(section.locator("[data-role=link]")).to_have_attribute("href", state)
    section.get_by_role("link", name="Copy link").click()
    line = section.locator("[data-role=saved]")
    expect(line).to_contain_text("It opens the exhibit as it stands now: what you set and typed is in the address")
    assert page.evaluate("navigator.clipboard.readText()") == f"{base}playground/{state}"
    section.get_by_text("TransformerLens code").click()
    section.get_by_role("button", name="Copy the code").click()
    expect(line).to_contain_text("The code is copied.")
    code = section.locator("[data-role=program]").inner_text()
    assert page.evaluate("navigator.clipboard.readText()") == code
    inside = course(page, base, copied_code(page, "bench"))
    embedded = inside.locator("#bench")
    expect(embedded).to_have_attribute("data-state", "live", timeout=BOOT_MS)
    expect(embedded.get_by_label("Text", exact=True)).to_have_value("x y z x y")
    expect(inside.locator("h1, .md-header").first).to_be_hidden()
    assert page.frames[1].evaluate("[document.documentElement.scrollHeight <= innerHeight, innerWidth]") == [True, 600]
    with page.expect_popup() as waiting:
        inside.get_by_role("link", name="Circuit Explainer: Playground (opens in a new tab)").click()
    expect(waiting.value).to_have_url(f"{base}playground/{state}")


def test_focus_mode_and_covers_hide_nothing_in_a_frame(page: Page, base: str) -> None:
    page.add_init_script("localStorage.setItem('circuit-explainer:settings', JSON.stringify({ focus: 'on' }))")
    page.goto(f"{base}{LESSON}?view=embed#next_word")
    expect(page.locator("#next_word")).to_have_attribute("data-state", "live", timeout=BOOT_MS)
    expect(page.locator("#next_word [data-role=summary]")).to_be_visible()
    page.keyboard.press("Alt+q")
    expect(page.locator("#next_word [data-role=summary]")).to_be_visible()
    page.evaluate("location.hash = '#four_steps'")
    expect(page.locator("section.exhibit:visible")).to_have_attribute("id", "four_steps")
    expect(page.locator("#four_steps").get_by_role("link", name="Circuit Explainer")).to_be_visible()
    assert page.evaluate("localStorage.getItem('circuit-explainer:progress')") is None


def test_a_name_that_is_not_there_leads_to_the_page(page: Page, base: str) -> None:
    for name, told in (
        ("nothing", "This page has no exhibit named “nothing”."),
        ("%3Cimg%20src=x%3E", "This page has no exhibit named “<img src=x>”."),
        ("%E0%A4%A", "This page has no exhibit named “%E0%A4%A”."),
        ("induction-heads", "This page has no exhibit named “induction-heads”."),
        ("", "This address names no exhibit."),
    ):
        page.goto("about:blank")
        page.goto(f"{base}{LESSON}?view=embed#{name}")
        line = page.locator(".embed-line")
        expect(line).to_contain_text(told)
        expect(line.get_by_role("link")).to_have_attribute("href", base + LESSON)
        expect(page.locator("section.exhibit:visible, h1:visible, .md-header:visible")).to_have_count(0)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    assert [wrong for wrong in violations(page) if "page-has-heading-one" not in wrong] == []


def test_an_embedded_exhibit_can_be_saved(page: Page, base: str) -> None:
    page.goto(f"{base}?view=embed#induction_head")
    wait_until_live(page)
    section = page.locator("section.exhibit")
    section.locator(".exhibit-save > summary").click()
    with page.expect_download() as waiting:
        section.get_by_role("button", name="SVG").click()
    texts = ET.parse(waiting.value.path()).iter("{http://www.w3.org/2000/svg}text")
    # Not the address of the frame: what belongs to the view alone is not in it.
    assert f"{base}#induction_head" in "".join("".join(text.itertext()) for text in texts)


def test_a_link_is_copied_and_says_what_it_holds(
    open_context: Callable[..., BrowserContext], base: str, watched: Watch
) -> None:
    page = attach(open_context(permissions=CLIPBOARD).new_page(), watched)
    page.goto(base + LESSON)
    section = page.locator("#four_steps")
    section.get_by_role("link", name="Copy link").click()
    line = section.get_by_role("status").filter(has_text="copied")
    expect(line).to_have_text(
        "The link to this exhibit is copied. It opens the exhibit as it first stands: "
        "what you set or typed is not in it."
    )
    assert page.evaluate("navigator.clipboard.readText()") == f"{base}{LESSON}#four_steps"
    assert page.url == base + LESSON


def test_where_copying_is_refused_the_text_stands_selected(page: Page, base: str) -> None:
    page.context.grant_permissions(["geolocation"])  # all others are refused
    page.goto(base)
    section = page.locator("section.exhibit")
    section.get_by_role("link", name="Copy link").press("Enter")
    field = section.get_by_role("textbox", name="Link to this exhibit")
    expect(field).to_be_focused()
    expect(field).to_have_value(f"{base}#induction_head")
    assert field.evaluate("(node) => [node.selectionStart, node.selectionEnd === node.value.length]") == [0, True]
    expect(section.locator("[data-role=saved]")).to_contain_text("did not let the site copy")
    page.context.grant_permissions(CLIPBOARD)
    section.get_by_role("link", name="Copy link").click()
    expect(field).to_have_count(0)
