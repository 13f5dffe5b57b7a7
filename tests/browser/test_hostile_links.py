"""Addresses that nobody would write: a usable state and a sentence, on every page that reads what stands behind "#"."""

import random
from urllib.parse import quote, quote_plus

import pytest
from playwright.sync_api import Page, expect

from tests.browser.hostile import STANDS, in_page
from tests.browser.pages import go
from tests.hostile.strings import FEW, STRINGS

# Longer ones are refused as a whole, and the address bar of some browsers ends there.
SHORT = [text for text in STRINGS if len(text) <= 5000]
WHOLE = "v=1&model=text-2l&text=Zo+went.+Zo&view=One+head&head=L1H2&kind=pattern&edits=zero+0.1&edits=off+freeze+1"
SIGNS = "&=+%#;?/.,:<>\"'\\ \u202e\u200b\x00é😀aZ09"
FIELDS = ("text", "other", "model", "view", "head", "kind", "edits", "run", "v", "nothing")
AT_ONCE = 100
SETTINGS = ("layers", "heads", "lr", "seed", "positions", "task", "batch", "steps", "v", "nothing")
ASK = """const [models, links] = given;
    for (const link of links) {
        const answer = await call('draw', JSON.stringify({ page: 'playground/index.md', exhibit: 'bench', link }));
        const notes = (answer.notes ?? []).filter((note) => !note.endsWith('.') || note.length > 400);
        const { control, message = '' } = answer.error ?? {};
        const refused = ['text', 'other'].includes(control) && message.length < 400;
        const known = models.includes(answer.values?.model) ? [] : ['its model is none'];
        // A text is the reader's to mend; nothing else stops a chart.
        look(link, [...notes, ...known, ...(answer.chart || refused ? [] : [JSON.stringify(answer.error)])]);
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
        await follow(link);
        await settled(section, () => {{}}); // Python has not answered yet
        look(link, stands(section));
    }}"""
LAB = f"""{FOLLOW}
    const told = document.querySelector('[data-role=lab-problem]');
    for (const link of given) {{
        history.replaceState(history.state, '', location.pathname);
        await follow(link);
        const said = told.textContent;
        look(link, said === '' || (said.endsWith('.') && said.length < 400) ? [] : [said]);
    }}"""
ANCHORS = f"""{FOLLOW}
    for (const text of given) {{
        await follow(text);
        look(text, document.body.scrollWidth > innerWidth + 1 ? ['it is as wide as its address'] : []);
    }}"""


def broken(rng: random.Random) -> str:
    """The whole link with some of its signs changed, taken away or put in, or cut."""
    signs = list(WHOLE)
    for _ in range(rng.randint(1, 8)):
        at = rng.randrange(len(signs))
        how = rng.choice(("change", "remove", "insert", "cut"))
        if how == "cut" and at > 4:
            del signs[at:]
        elif how == "remove" and len(signs) > 1:
            del signs[at]
        else:
            signs[at : at + (how == "change")] = [rng.choice(SIGNS)]
    return "".join(signs)


def noise(rng: random.Random) -> str:
    """A link of any bytes, as an address holds them, or of any characters."""
    start = rng.choice(("v=1&", "v=1&text=", "v=1&edits=", ""))
    if rng.random() < 0.5:
        return start + quote(rng.randbytes(rng.randint(1, 60)), safe="".join(map(chr, range(33, 127))))
    return start + "".join(chr(rng.choice((rng.randrange(128), rng.randrange(0xD800)))) for _ in range(30))


def links(start: str, fields: tuple[str, ...], count: int, seed: int) -> list[str]:
    """Each text in a field of a link that starts so, and links of noise."""
    rng = random.Random(seed)
    written = (lambda text: quote_plus(text, errors="surrogatepass"), lambda text: text)
    named = [
        "&".join([start * (name != "v"), f"{name}={written[rng.random() < 0.3](text)}"])
        for n, text in enumerate(SHORT)
        for name in [fields[n % len(fields)]]
    ]
    return named + [noise(rng) for _ in range(count)]


def test_a_thousand_links_open_a_state_of_the_playground_and_say_what_was_left_out(visited: Page, base: str) -> None:
    go(visited, base, "playground/#v=1&model=text-2l")
    rng = random.Random(0)
    asked = [*links("v=1&view=One+head", FIELDS, 340, 1), *(broken(rng) for _ in range(300))]
    assert len(asked) > 1000
    models = visited.get_by_label("Model", exact=True).locator("option").all_text_contents()
    for at in range(0, len(asked), AT_ONCE):
        assert in_page(visited, ASK, [models, asked[at : at + AT_ONCE]]) == []
    opened = [*(f"v=1&text={quote(text, errors='surrogatepass')}" for text in FEW), *(broken(rng) for _ in range(12))]
    assert in_page(visited, OPEN, opened) == []
    bench = visited.locator("#bench")
    bench.get_by_role("button", name="Start over").click()
    expect(bench).to_have_attribute("data-state", "live")
    bench.get_by_label("Text", exact=True).fill("fine again fine")
    expect(bench.locator("[data-role=summary]")).to_contain_text("fine")


def test_links_of_the_lab(visited: Page, base: str) -> None:
    go(visited, base, "lab/")
    expect(visited.locator(".lab")).to_have_attribute("data-ready", "")
    assert in_page(visited, LAB, links("v=1", SETTINGS, 120, 3)) == []
    visited.get_by_label("Begin with").select_option("watch an induction head form")
    expect(visited).to_have_url(base + "lab/")
    expect(visited.locator("[data-error-for]").filter(has_text=".")).to_have_count(0)


@pytest.mark.parametrize("path", ["reference/papers/", "lessons/induction-heads/"])
def test_anchors(visited: Page, base: str, path: str) -> None:
    go(visited, base, path)
    assert in_page(visited, ANCHORS, SHORT if "lessons" in path else SHORT[::4]) == []


def test_names_of_an_embedded_exhibit_and_other_questions(page: Page, base: str) -> None:
    page.goto(f"{base}?view=embed#induction_head")
    assert in_page(page, ANCHORS, SHORT[::2]) == []
    expect(page.locator(".embed-line")).to_contain_text("This page has no exhibit named “")
    for text in ("embed%00", "%ff", "<img%20src=x%20data-hostile>", "__proto__"):
        page.goto(f"{base}reference/papers/?view={text}&q={text}:7*+-&h={text}&{text}#{text}")
        expect(page.locator(".md-content h1")).to_contain_text("Papers")
        assert in_page(page, "look(given)", text) == []
