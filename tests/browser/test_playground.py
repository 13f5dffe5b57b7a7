"""The playground as a reader uses it: views, interventions, the way back, and links; its numbers are CPython's."""

import json
import re
from collections.abc import Callable
from urllib.parse import urlencode

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from circuit_explainer.exhibits import markup
from circuit_explainer.exhibits.blocks import new_namespace, run_block
from circuit_explainer.exhibits.controls import Wire
from circuit_explainer.exhibits.exhibit import Exhibit
from circuit_explainer.exhibits.settle import settle, write_link
from circuit_explainer.workbench.playground.views import VIEWS
from tests.browser.conftest import Watch, attach, wait_until_live
from tests.browser.pages import go

PLAYGROUND = "playground/"
SOURCE = """
from circuit_explainer.exhibits import exhibit
from circuit_explainer.workbench.playground import state

@exhibit(follow=state.controls, program=state.code)
def bench(**values):
    return state.draw(**values)
"""
WORDS = "x y z x y z x"


@pytest.fixture(scope="module")
def twin() -> Exhibit:
    """The same exhibit in CPython."""
    made = run_block(SOURCE, new_namespace(), "playground")
    assert made
    return made


@pytest.fixture
def bench(visited: Page, base: str) -> Locator:
    go(visited, base, PLAYGROUND)
    return visited.locator("#bench")


def summary(bench: Locator) -> Locator:
    return bench.locator("[data-role=summary]")


def message(bench: Locator) -> Locator:
    return bench.locator("[data-role=message]")


def settled(bench: Locator) -> None:
    expect(bench).to_have_attribute("data-state", "live")


def table_of(bench: Locator) -> list[list[str]]:
    rows = bench.locator("[data-role=table] tbody tr")
    return [[cell.strip() for cell in row.locator("th, td").all_text_contents()] for row in rows.all()]


def expected_table(twin: Exhibit, **wires: Wire) -> list[list[str]]:
    html = markup.table(twin.draw(settle(twin, wires).wires).table)
    body = html.partition("<tbody>")[2]
    rows = re.findall(r"<tr>(.*?)</tr>", body)
    return [[unescaped(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row)] for row in rows]


def unescaped(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").replace("&#x27;", "'").strip()


def add_change(bench: Locator, kind: str, place: str) -> None:
    adding = bench.locator(".edits-add")
    if not adding.is_visible():
        bench.get_by_text("Interventions: ").click()
    adding.locator("[data-kinds]").select_option(label=kind)
    adding.locator("select:visible").nth(1).select_option(label=place)
    adding.get_by_role("button", name="Add").click()


def test_a_head_of_the_grid_opens_by_a_click_and_by_enter(bench: Locator) -> None:
    view = bench.get_by_label("View", exact=True)
    chart = bench.locator("[data-role=chart]")
    chart.locator(".subplot.x2y2").click(position={"x": 30, "y": 30}, force=True)
    expect(view).to_have_value("One head")
    settled(bench)
    expect(summary(bench)).to_contain_text("L0H1")
    bench.get_by_role("button", name="Undo").click()
    expect(view).to_have_value("All heads")
    settled(bench)
    chart.focus()
    chart.press("ArrowDown")
    chart.press("PageDown")
    chart.press("Enter")
    expect(view).to_have_value("One head")
    settled(bench)
    expect(summary(bench)).to_contain_text("L0H1")


@pytest.mark.parametrize("view", [view.label for view in VIEWS.values()])
def test_a_view_shows_the_numbers_of_cpython(bench: Locator, twin: Exhibit, view: str) -> None:
    bench.get_by_label("Text", exact=True).fill(WORDS)
    bench.get_by_label("View", exact=True).select_option(view)
    settled(bench)
    assert table_of(bench) == expected_table(twin, text=WORDS, view=view)


def test_interventions_are_sentences_to_be_switched_moved_and_taken_away(bench: Locator, twin: Exhibit) -> None:
    bench.get_by_label("View", exact=True).select_option("Head scores")
    settled(bench)
    add_change(bench, "Zero a head", "L0H1")
    settled(bench)
    add_change(bench, "Zero a head", "L1H0")
    settled(bench)
    items = bench.locator(".edits li label")
    expect(items).to_have_count(2)
    first, second = items.all_text_contents()
    assert "L0H1" in first
    assert "L1H0" in second
    edits = ["zero 0.1", "zero 1.0"]
    assert table_of(bench) == expected_table(twin, view="Head scores", edits=edits)
    bench.get_by_role("button", name=re.compile("^Later: .*L0H1")).click()
    settled(bench)
    expect(items.first).to_contain_text("L1H0")
    bench.get_by_role("checkbox", name=re.compile("L1H0")).uncheck()
    settled(bench)
    edits = ["off zero 1.0", "zero 0.1"]
    assert table_of(bench) == expected_table(twin, view="Head scores", edits=edits)
    bench.get_by_role("button", name=re.compile("^Take away: .*L0H1")).click()
    settled(bench)
    expect(items).to_have_count(1)
    bench.get_by_role("button", name="Undo").click()
    settled(bench)
    expect(items).to_have_count(2)
    bench.get_by_role("button", name="Start over").click()
    settled(bench)
    expect(items).to_have_count(0)
    expect(bench.get_by_label("View", exact=True)).to_have_value("All heads")
    bench.get_by_role("button", name="Undo").click()
    settled(bench)
    expect(items).to_have_count(2)


def test_words_that_are_typed_are_one_step_back(bench: Locator) -> None:
    text = bench.get_by_label("Text", exact=True)
    before = text.input_value()
    text.fill("")
    text.press_sequentially("q r q")
    settled(bench)
    undo, redo = (bench.get_by_role("button", name=name) for name in ("Undo", "Redo"))
    undo.click()
    settled(bench)
    expect(text).to_have_value(before)
    expect(undo).to_have_attribute("aria-disabled", "true")
    redo.click()
    settled(bench)
    expect(text).to_have_value("q r q")


def test_the_caret_stays_where_the_reader_types(bench: Locator) -> None:
    """Where a patch is on, the other prompt follows from the text, so the form is made anew with every key."""
    words = bench.get_by_label("Text", exact=True)
    words.fill("x y z")
    add_change(bench, "Patch keys", "L1H1")
    settled(bench)
    words.press("Home")
    words.press_sequentially("a b ", delay=30)
    settled(bench)
    expect(words).to_have_value("a b x y z")
    assert words.evaluate("(input) => [input.selectionStart, input.selectionEnd]") == [4, 4]


def test_the_address_holds_the_state_and_opens_it_elsewhere(
    bench: Locator, visited: Page, base: str, watched: Watch, open_context: Callable[..., BrowserContext], twin: Exhibit
) -> None:
    bench.get_by_label("Text", exact=True).fill(WORDS)
    bench.get_by_label("View", exact=True).select_option("One head")
    settled(bench)
    add_change(bench, "Zero a head", "L0H1")
    settled(bench)
    link = write_link(settle(twin, {"text": WORDS, "view": "One head", "edits": ["zero 0.1"]}))
    expect(visited).to_have_url(f"{base}{PLAYGROUND}#{link}")
    said, rows = summary(bench).text_content(), table_of(bench)
    other = attach(open_context().new_page(), watched)
    other.goto(visited.url)
    wait_until_live(other)
    opened = other.locator("#bench")
    expect(summary(opened)).to_have_text(str(said))
    assert table_of(opened) == rows
    expect(opened.get_by_label("Text", exact=True)).to_have_value(WORDS)
    expect(opened.locator(".edits li")).to_have_count(1)


@pytest.mark.parametrize(
    ("link", "told"),
    [
        ("v=1&model=nothing", "“nothing” is not offered here"),
        ("v=1&colour=red", "“colour” means nothing here."),
        ("v=2&model=by-hand", "this page reads version 1. The first state is shown."),
        ("v=1&text=%FF%FE", "The link is damaged"),
        ("v=1&edits=zero+9.9&edits=%3Cscript%3E", "“<script>” cannot be used here"),
    ],
)
def test_a_broken_link_opens_what_it_can_and_says_what_was_left_out(
    visited: Page, base: str, link: str, told: str
) -> None:
    go(visited, base, f"{PLAYGROUND}#{link}")
    bench = visited.locator("#bench")
    expect(message(bench)).to_contain_text(told)
    expect(bench.get_by_label("Model", exact=True)).to_have_value("induction-2l")


def test_a_link_pasted_into_the_same_page_is_opened(bench: Locator, visited: Page) -> None:
    visited.evaluate("link => { location.hash = link; }", urlencode({"v": 1, "text": WORDS, "view": "One head"}))
    expect(bench.get_by_label("Text", exact=True)).to_have_value(WORDS)
    settled(bench)
    bench.get_by_role("button", name="Undo").click()
    settled(bench)
    expect(bench.get_by_label("View", exact=True)).to_have_value("All heads")


def test_a_text_that_does_not_fit_is_told_and_kept(bench: Locator) -> None:
    text = bench.get_by_label("Text", exact=True)
    said = str(summary(bench).text_content())
    text.fill("")
    expect(bench.locator("[data-error-for=text]")).to_contain_text("Type at least one word")
    expect(bench).to_have_attribute("data-state", "error")
    expect(summary(bench)).to_have_text(said)
    bench.get_by_label("View", exact=True).select_option("One head")
    expect(bench.locator("[data-error-for=text]")).to_contain_text("Type at least one word")
    text.fill("b c b")
    settled(bench)
    expect(summary(bench)).to_contain_text("b₂")


def test_the_program_is_that_of_the_present_view(bench: Locator, twin: Exhibit) -> None:
    bench.get_by_label("View", exact=True).select_option("One head")
    bench.get_by_label("Text", exact=True).fill(WORDS)
    settled(bench)
    assert twin.program
    values = twin.parse(settle(twin, {"text": WORDS, "view": "One head"}).wires)
    assert bench.locator("[data-role=program]").text_content() == twin.program(**values)


def test_the_tokens_above_a_head_light_up_what_they_look_at(bench: Locator) -> None:
    bench.get_by_label("View", exact=True).select_option("One head")
    bench.get_by_label("Text", exact=True).fill("x y x")
    settled(bench)
    strip = bench.get_by_role("group", name=re.compile("^Tokens"))
    chips = strip.get_by_role("button")
    expect(chips).to_have_count(4)
    last = chips.nth(3)
    last.focus()
    expect(last).to_have_attribute("data-asks", "")
    figure = json.loads(
        bench.page.evaluate("JSON.stringify(document.querySelector('#bench .js-plotly-plot').calcdata[0][0].z)")
    )
    shown = [chip.locator("small").text_content() for chip in chips.all()]
    assert shown == [f"{weight:.2f}" for weight in figure[3]]
    last.press("Enter")
    expect(last).to_have_attribute("aria-pressed", "true")
    bench.get_by_label("Text", exact=True).focus()
    expect(last).to_have_attribute("data-asks", "")
