"""Addresses that nobody would write: a usable state and a sentence, on every page that reads what stands behind "#"."""

import random
from urllib.parse import quote, quote_plus

import pytest
from playwright.sync_api import Page, expect

from tests.browser.hostile import STANDS, in_page
from tests.browser.pages import go
from tests.browser.test_playground_kept import broken
from tests.hostile.strings import FEW, STRINGS

# Longer ones are refused as a whole, and the address bar of some browsers ends there.
SHORT = [text for text in STRINGS if len(text) <= 5000]
FIELDS = ("text", "other", "model", "view", "head", "kind", "edits", "run", "v", "nothing")
SETTINGS = ("layers", "heads", "lr", "seed", "positions", "task", "batch", "steps", "v", "nothing")
ASK = """for (const link of given) {
        const answer = await call('draw', JSON.stringify({ page: 'playground/index.md', exhibit: 'bench', link }));
        const notes = (answer.notes ?? []).filter((note) => !note.endsWith('.') || note.length > 400);
        const refused = answer.error && ['text', 'other'].includes(answer.error.control) && answer.error.message.length < 400;
        look(link, [...notes, ...(answer.chart || refused ? [] : [JSON.stringify(answer.error)])]);
    }"""
# Comes to each address as by a link within the page.
FOLLOW = """const follow = async (address) => {
        const before = location.href;
        const changed = new Promise((resolve) => addEventListener('hashchange', resolve, { once: true }));
        location.hash = address;
        if (location.href !== before) await changed;
    };"""
OPEN = f"""{FOLLOW}{STANDS}
    const section = document.querySelector('#bench');
    for (const link of given) {{
        history.replaceState(history.state, '', location.pathname);
        await settled(section, () => follow(link));
        look(link, stands(section));
    }}"""
LAB = f"""{FOLLOW}
    const told = document.querySelector('[data-role=lab-problem]');
    for (const link of given) {{
        history.replaceState(history.state, '', location.pathname);
        await follow(link);
        look(link, told.textContent === '' || (told.textContent.endsWith('.') && told.textContent.length < 400) ? [] : [told.textContent]);
    }}"""
ANCHORS = f"""{FOLLOW}
    for (const text of given) {{
        await follow(text);
        look(text, document.body.scrollWidth > innerWidth + 1 ? ['it is as wide as its address'] : []);
    }}"""


def noise(rng: random.Random) -> str:
    """A link of any bytes, as an address holds them, or of any characters."""
    start = rng.choice(("v=1&", "v=1&text=", "v=1&edits=", ""))
    if rng.random() < 0.5:
        return start + quote(rng.randbytes(rng.randint(1, 60)), safe="".join(map(chr, range(33, 127))))
    return start + "".join(chr(rng.choice((rng.randrange(128), rng.randrange(0xD800)))) for _ in range(30))


def links(fields: tuple[str, ...], count: int, seed: int) -> list[str]:
    """Each text in a field of a link, and links of noise."""
    rng = random.Random(seed)
    written = (lambda text: quote_plus(text, errors="surrogatepass"), lambda text: text)
    named = [
        "&".join(["v=1" * (name != "v"), f"{name}={written[rng.random() < 0.3](text)}"])
        for n, text in enumerate(SHORT)
        for name in [fields[n % len(fields)]]
    ]
    return named + [noise(rng) for _ in range(count)]


def test_links_of_the_playground(visited: Page, base: str) -> None:
    go(visited, base, "playground/#v=1&model=text-2l")
    asked = links(FIELDS, 650, 1)
    assert len(asked) > 1000
    assert in_page(visited, ASK, asked) == []
    rng = random.Random(2)
    opened = [*(f"v=1&text={quote(text, errors='surrogatepass')}" for text in FEW), *(broken(rng) for _ in range(40))]
    assert in_page(visited, OPEN, opened) == []
    bench = visited.locator("#bench")
    bench.get_by_role("button", name="Start over").click()
    expect(bench).to_have_attribute("data-state", "live")
    bench.get_by_label("Text", exact=True).fill("fine again fine")
    expect(bench.locator("[data-role=summary]")).to_contain_text("fine")


def test_links_of_the_lab(visited: Page, base: str) -> None:
    go(visited, base, "lab/")
    expect(visited.locator(".lab")).to_have_attribute("data-ready", "")
    assert in_page(visited, LAB, links(SETTINGS, 650, 3)) == []
    visited.get_by_label("Begin with").select_option("watch an induction head form")
    expect(visited).to_have_url(base + "lab/")
    expect(visited.locator("[data-error-for]").filter(has_text=".")).to_have_count(0)


@pytest.mark.parametrize("path", ["reference/papers/", "lessons/induction-heads/"])
def test_anchors(visited: Page, base: str, path: str) -> None:
    go(visited, base, path)
    assert in_page(visited, ANCHORS, SHORT) == []


def test_names_of_an_embedded_exhibit_and_other_questions(page: Page, base: str) -> None:
    page.goto(f"{base}?view=embed#induction_head")
    assert in_page(page, ANCHORS, SHORT) == []
    expect(page.locator(".embed-line")).to_contain_text("This page has no exhibit named “")
    for text in ("embed%00", "%ff", "<img%20src=x%20data-hostile>", "__proto__"):
        page.goto(f"{base}reference/papers/?view={text}&q={text}:7*+-&h={text}&{text}#{text}")
        expect(page.locator("h1")).to_contain_text("Papers")
        assert in_page(page, "look(given)", text) == []
