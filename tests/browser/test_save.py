"""What the Save menu makes of an exhibit: every file is opened, and says what the page says."""

import base64
import csv
import io
import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect
from plotly import graph_objects

from tests.browser.conftest import Watch, attach, wait_until_live
from tests.browser.pages import go, uncover
from tests.browser.test_accessibility import AXE, violations
from tests.waiting import until

SVG = "{http://www.w3.org/2000/svg}"
KINDS = ("PNG", "SVG", "CSV", "JSON", "HTML")
# HTML, quotes, marks of templates, text that runs backwards, and what XML cannot hold.
HOSTILE = '=cmd </script><script>alert(1)</script> <b>"x" {{source}} $& ]]> \u202eabc\u202c שלום x\ufffe </script><b>x'
# Pictures instead of Plotly figures: a table, SVG, chips that break into lines, and text.
PICTURES = (
    ("lessons/attention-step-by-step/", "value_weighted"),
    ("lessons/induction-heads/", "four_steps"),
    ("lessons/tokens-and-the-stream/", "word_pieces"),
    ("lessons/induction-heads/", "invented_name"),
)
# Reads a PNG as the browser does: its size, and how many colours are among its dots.
DECODE = """async (data) => {
    const picture = await createImageBitmap(await (await fetch(`data:image/png;base64,${data}`)).blob());
    const canvas = new OffscreenCanvas(picture.width, picture.height);
    const pen = canvas.getContext('2d');
    pen.drawImage(picture, 0, 0);
    const dots = new Uint32Array(pen.getImageData(0, 0, picture.width, picture.height).data.buffer);
    return { width: picture.width, height: picture.height, colours: new Set(dots).size, first: dots[0] };
}"""

# Saves a figure that no tokenizer has cleaned before, as code in the notebook cell may make one.
SAVE_ANY = """async () => {
    const at = document.querySelector('script[type=module][src$="/main.js"]').src.replace('main.js', 'save/');
    const [{ pageHtml }, { sheet }] = await Promise.all(['page.js', 'sheet.js'].map((name) => import(at + name)));
    const wild = '</script><script>alert(1)</script> <!-- <script> \\u0001 \\ufffe \\ud800 {{bundle}}';
    const section = document.querySelector('section.exhibit');
    for (const part of ['.exhibit-title', '[data-role=summary]']) section.querySelector(part).textContent = wild;
    const figure = { data: [{ type: 'bar', x: [1], y: [1] }], layout: { xaxis: { title: { text: wild } } } };
    return [await (await pageHtml(section, figure)).text(), (await sheet(section, figure)).svg];
}"""


@dataclass
class Saved:
    """One exhibit's files by their kind, and what the page says of it."""

    page: Page
    section: Locator
    files: dict[str, Path]
    names: dict[str, str]

    def text(self, part: str) -> str:
        return self.section.locator(part).inner_text()

    def bytes(self, kind: str) -> bytes:
        return self.files[kind].read_bytes()


def save(page: Page, exhibit: str, folder: Path, kinds: tuple[str, ...] = KINDS) -> Saved:
    """Press each button of an exhibit's Save menu and keep what it gives."""
    section = page.locator(f"section.exhibit#{exhibit}")
    section.locator(".exhibit-save > summary").click()
    saved = Saved(page, section, {}, {})
    for kind in kinds:
        with page.expect_download() as waiting:
            section.get_by_role("button", name=kind, exact=True).click()
        name = waiting.value.suggested_filename
        expect(section.locator("[data-role=saved]")).to_have_text(
            f"Saved as {name}, where your browser keeps downloads."
        )
        saved.files[kind], saved.names[kind] = folder / name, name
        waiting.value.save_as(folder / name)
    return saved


@pytest.fixture(scope="module")
def hostile(browser: Browser, base: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Saved]:
    """The start page's chart of a text that would break out of files that do not escape it."""
    watch = Watch(base)
    context = browser.new_context(color_scheme="light")
    page = attach(context.new_page(), watch)
    page.goto(base)
    wait_until_live(page)
    assert [url for url in watch.requests if "/save/" in url] == [], "fetched before it is asked for"
    page.get_by_label("Your words").fill(HOSTILE)
    expect(page.locator("[data-role=summary]")).not_to_contain_text("cat")
    expect(page.locator("section.exhibit")).to_have_attribute("data-state", "live")
    yield save(page, "induction_head", tmp_path_factory.mktemp("saved"))
    context.close()
    assert watch.foreign == watch.complaints == []


def table(section: Locator) -> list[list[str]]:
    rows: list[list[str]] = section.locator(".exhibit-data").evaluate(
        "(table) => [...table.rows].map((row) => [...row.cells].map((cell) => cell.dataset.value ?? cell.textContent))"
    )
    return rows


def source(saved: Saved, base: str, heading: str = "See a transformer spot a repeat", path: str = "") -> str:
    return f"Circuit Explainer, {heading}, {base}{path}#{saved.section.get_attribute('id')}"


def test_the_files_have_sensible_names(hostile: Saved) -> None:
    assert set(hostile.names.values()) == {f"circuit-explainer-induction-head.{kind.lower()}" for kind in KINDS}


def test_a_png_is_a_picture_twice_as_fine_as_the_chart(hostile: Saved) -> None:
    found = hostile.page.evaluate(DECODE, base64.b64encode(hostile.bytes("PNG")).decode())
    assert found["width"] == 2 * 808
    assert 2 * 500 < found["height"] < 2 * 900
    assert found["colours"] > 50
    assert found["first"] == 0xFFEFF7FB  # the light page, #fbf7ef, as a little-endian number
    assert len(hostile.bytes("PNG")) < 1_000_000


def test_an_svg_is_well_formed_and_holds_title_sentence_source_and_faces(hostile: Saved, base: str) -> None:
    root = ET.fromstring(hostile.bytes("SVG"))
    assert root.tag == f"{SVG}svg"
    assert root.findtext(f"{SVG}title") == hostile.text(".exhibit-title")
    lines = ["".join(text.itertext()) for text in root.iter(f"{SVG}text")]
    drawn = "".join(lines)
    for told in (hostile.text(".exhibit-title"), hostile.text("[data-role=summary]"), source(hostile, base)):
        assert told.replace(" ", "") in drawn.replace(" ", "")
    assert any("…" in line or "=cmd" in line for line in lines)
    style = root.findtext(f"{SVG}style") or ""
    assert style.count("@font-face") >= 2
    assert "url(data:font/woff2;base64,d09GM" in style  # the letters with which such a file begins
    assert {node.tag for node in root.iter()} & {f"{SVG}script", f"{SVG}foreignObject", f"{SVG}a"} == set()
    assert "http" not in "".join(str(value) for node in root.iter() for key, value in node.attrib.items())


def test_a_csv_holds_the_rows_of_the_table(hostile: Saved) -> None:
    text = hostile.bytes("CSV").decode("utf-8-sig")
    rows, shown = list(csv.reader(io.StringIO(text))), table(hostile.section)
    # A spreadsheet would take what begins with = for a formula.
    assert shown[0][2] == "=cmd"
    assert rows[0][2] == rows[2][0] == "'=cmd"
    assert [[re.sub("^'(?=[=+@-])", "", cell) for cell in row] for row in rows] == shown
    assert abs(sum(float(cell) for cell in rows[-1][1:]) - 1) < 1e-5
    assert any(len(cell) > 6 for cell in rows[-1][1:])


def test_a_json_is_a_figure_of_plotly(hostile: Saved, base: str) -> None:
    def refuse(constant: str) -> None:
        raise AssertionError(f"{constant} is no JSON")

    given = json.loads(hostile.bytes("JSON"), parse_constant=refuse)
    figure = graph_objects.Figure(given)
    assert figure.data[0].type == "heatmap"
    meta: dict[str, Any] = figure.layout.meta
    assert meta["sentence"] == hostile.text("[data-role=summary]")
    assert meta["source"] == source(hostile, base)
    columns, *rows = table(hostile.section)
    assert meta["table"]["columns"] == columns
    assert [row[0] for row in meta["table"]["rows"]] == [row[0] for row in rows]
    assert [row[1:] for row in meta["table"]["rows"]] == [[float(x) if x else None for x in row[1:]] for row in rows]
    assert figure.layout.title.text == hostile.text(".exhibit-title")
    assert figure.layout.paper_bgcolor == "rgb(251, 247, 239)"
    assert figure.layout.template.layout.font.color == "rgb(29, 36, 48)"


def opened(open_context: Callable[..., BrowserContext], path: Path, **options: Any) -> tuple[Page, list[str]]:
    """Open a saved page from the disk; nothing may run or be asked for that it does not hold."""
    page, wrong = open_context(offline=True, **options).new_page(), []
    page.on("dialog", lambda dialog: pytest.fail("a reader's text ran as code"))
    page.on("console", lambda message: wrong.append(message.text))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("request", lambda request: wrong.append(request.url) if request.url != path.as_uri() else None)
    page.goto(path.as_uri())
    return page, wrong


@pytest.mark.parametrize(("scheme", "ground"), [("dark", "rgb(18, 21, 26)"), ("light", "rgb(251, 247, 239)")])
def test_a_saved_page_opens_from_the_disk(
    open_context: Callable[..., BrowserContext],
    hostile: Saved,
    base: str,
    scheme: Literal["dark", "light"],
    ground: str,
) -> None:
    page, wrong = opened(open_context, hostile.files["HTML"], viewport={"width": 1000, "height": 900})
    page.emulate_media(color_scheme=scheme)
    expect(page.locator("#chart .hm image")).to_be_attached()
    expect(page.locator("h1")).to_have_text(hostile.text(".exhibit-title"))
    expect(page.locator("#summary")).to_have_text(hostile.text("[data-role=summary]"))
    expect(page.locator("main > p").last).to_have_text(source(hostile, base))
    expect(page.locator("html")).to_have_css("background-color", ground)
    theirs = hostile.section.locator(".ytick text").all_text_contents()
    assert page.locator("#chart .ytick text").all_text_contents() == theirs
    page.locator("summary").click()
    expect(page.locator(".exhibit-data")).to_be_visible()
    assert table(page.locator("main")) == table(hostile.section)
    assert page.evaluate("document.characterSet") == "UTF-8"
    assert page.evaluate("document.fonts.check('16px \"Atkinson Hyperlegible Next\"')")
    page.set_viewport_size({"width": 320, "height": 640})
    until(page, "document.getElementById('chart')._fullLayout?.width <= 320")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert wrong == []


def test_a_figure_of_any_words_breaks_out_of_no_file(
    visited: Page, base: str, tmp_path: Path, open_context: Callable[..., BrowserContext]
) -> None:
    go(visited, base, "")
    expect(visited.locator(".main-svg").first).to_be_visible()
    html, svg = visited.evaluate(SAVE_ANY)
    assert "alert(1)" in "".join(ET.fromstring(svg.encode("utf-8", "surrogatepass")).itertext())
    file = tmp_path / "wild.html"
    file.write_text(html, encoding="utf-8", errors="replace")
    other, wrong = opened(open_context, file)
    expect(other.locator("#chart .bars path")).to_be_attached()
    expect(other.locator("h1")).to_contain_text("</script><script>alert(1)</script> <!-- <script>")
    expect(other.locator("script")).to_have_count(4)
    assert wrong == []


@pytest.mark.parametrize(("path", "exhibit"), PICTURES)
def test_a_picture_is_saved_as_real_svg(
    visited: Page, base: str, tmp_path: Path, open_context: Callable[..., BrowserContext], path: str, exhibit: str
) -> None:
    go(visited, base, path)
    uncover(visited)
    saved = save(visited, exhibit, tmp_path, ("PNG", "SVG", "CSV", "HTML"))
    # No Plotly figure, so none is offered.
    expect(saved.section.get_by_role("button", name="JSON")).to_have_count(0)
    assert saved.names["SVG"] == f"{path.split('/')[1]}-{exhibit.replace('_', '-')}.svg"
    root = ET.fromstring(saved.bytes("SVG"))
    drawn = "".join("".join(text.itertext()) for text in root.iter(f"{SVG}text"))
    chart = saved.section.locator("[data-role=chart]")
    for told in (saved.text("[data-role=summary]"), chart.evaluate("(node) => node.textContent"), exhibit):
        assert "".join(told.split()) in "".join(drawn.split())
    assert root.find(f".//{SVG}foreignObject") is None
    assert visited.evaluate(DECODE, base64.b64encode(saved.bytes("PNG")).decode())["colours"] > 30
    other, wrong = opened(open_context, saved.files["HTML"])
    expect(other.locator("#chart")).to_have_text(chart.text_content() or "")
    expect(other.locator("#chart [tabindex], #chart [data-set]")).to_have_count(0)
    assert wrong == []


def test_the_menu_works_with_the_keyboard_alone(visited: Page, base: str) -> None:
    go(visited, base, "")
    section = visited.locator("section.exhibit")
    section.locator(".exhibit-code > summary").focus()
    visited.keyboard.press("Tab")
    visited.keyboard.press("Enter")
    expect(section.get_by_role("button", name="PNG")).to_be_visible()
    for _ in range(3):
        visited.keyboard.press("Tab")
    expect(section.get_by_role("button", name="CSV")).to_be_focused()
    with visited.expect_download() as waiting:
        visited.keyboard.press("Enter")
    assert waiting.value.suggested_filename == "circuit-explainer-induction-head.csv"
    line = section.get_by_role("status").filter(has_text="Saved as")
    expect(line).to_be_visible()
    expect(section.get_by_role("button", name="CSV")).to_be_focused()


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_axe_finds_nothing_wrong_in_the_menu(page: Page, base: str, scheme: Literal["dark", "light"]) -> None:
    page.emulate_media(color_scheme=scheme)
    page.context.grant_permissions(["geolocation"])  # all others are refused
    page.goto(base)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    wait_until_live(page)
    section = page.locator("section.exhibit")
    section.locator(".exhibit-save > summary").click()
    section.get_by_role("button", name="Copy embed code").click()
    expect(section.get_by_role("textbox", name="Embed code")).to_be_focused()
    assert violations(page) == []


def test_what_cannot_be_downloaded_is_told(page: Page, base: str, watched: Watch) -> None:
    page.goto(base)
    wait_until_live(page)
    page.route("**/opened.html", lambda route: route.abort())
    section = page.locator("section.exhibit")
    section.locator(".exhibit-save > summary").click()
    section.get_by_role("button", name="HTML").click()
    line = section.locator("[data-role=saved]")
    expect(line).to_contain_text("The HTML file could not be made: opened.html could not be downloaded.")
    page.unroute("**/opened.html")
    with page.expect_download():
        section.get_by_role("button", name="HTML").click()
    expect(line).to_contain_text("Saved as")
    watched.forgive("ERR_FAILED")
