"""An exercise says right or why not, without Python; the answer can be opened, with scripts and without."""

from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.pages import go

PAGE, LESSON = "teaching/exercises/", "lessons/prove-it/"
HIDDEN = {
    "controls": ".exhibit-controls, .exhibit-reset",
    "save": ".exhibit-save, .exhibit-tools > [data-role=link]",
    "code": ".exhibit-code",
    "table": ".exhibit-table",
    "navigation": ".site-side, .site-foot nav, .lesson-end a",
    "questions": "form.predict",
}
JUDGE = """async ([check, typed]) => {
    const main = document.querySelector('script[src$="/main.js"]').src;
    const { judge } = await import(main.replace('main.js', 'reading/exercise.js'));
    return typed.map((text) => judge(check, text));
}"""
NUMBER = {"kind": "number", "right": 0.25, "within": 0.01, "near": [0.5, -2], "example": "0.75"}
HEAD = {"kind": "head", "right": "L1H0", "within": 0, "near": ["L0H1"], "example": "L0H3"}
TEXT = {"kind": "text", "right": ["the keys", "k"], "within": 0, "near": [["queries", "q"]], "example": "values"}
RIGHT = ["0.25", " 0.253 ", ",25", "0,25", ".25", "25 %", "25%", "1/4", "+2.5e-1", "1 / 4"]
NO_NUMBER = [
    "x",
    "NaN",
    "Infinity",
    "1e999",
    "1/0",
    "1/",
    "/",
    "%",
    "0.2.5",
    "1,000.5",
    "0x1",
    "1e9999",
    "--1",
    "1 2 x",
]


def test_numbers_heads_and_words_are_read_as_they_are_typed(page: Page, base: str) -> None:
    page.goto(base + PAGE)
    assert page.evaluate(JUDGE, [NUMBER, RIGHT]) == [{"reply": "right"}] * len(RIGHT)
    assert page.evaluate(JUDGE, [NUMBER, ["0.5", "−2", "0.3"]]) == [{"reply": "0"}, {"reply": "1"}, {"reply": "hint"}]
    for text, answer in zip(NO_NUMBER, page.evaluate(JUDGE, [NUMBER, NO_NUMBER]), strict=True):
        assert answer == {"error": f"“{text}” is not a number. Type a number, such as 0.75."}
    told = page.evaluate(JUDGE, [NUMBER, ["", "  ", "1" * 41]])
    assert told[:2] == [{"error": "Type a number, such as 0.75."}] * 2
    assert told[2] == {"error": "That is longer than 40 characters. Type a number, such as 0.75."}
    heads = ["L1H0", "l1h0", "1.0", "1,0", "head 1.0", "(1, 0)", "[1, 0]", "layer 1, head 0", "L1 H0", "Head L1H0"]
    assert page.evaluate(JUDGE, [HEAD, heads]) == [{"reply": "right"}] * len(heads)
    assert page.evaluate(JUDGE, [HEAD, ["0.1", "L1H1"]]) == [{"reply": "0"}, {"reply": "hint"}]
    for answer in page.evaluate(JUDGE, [HEAD, ["1", "L1", "first", "10", "1.0.0"]]):
        assert answer["error"].endswith("is not the name of a head. Type the name of a head, such as L0H3.")
    words = ["keys", "The  KEYS", "“the keys”", "k.", "K"]
    assert page.evaluate(JUDGE, [TEXT, words]) == [{"reply": "hint"}, *[{"reply": "right"}] * 4]
    assert page.evaluate(JUDGE, [TEXT, ["Q", "<img src=x>"]]) == [{"reply": "0"}, {"reply": "hint"}]


def test_an_exercise_replies_to_what_was_typed(visited: Page, base: str) -> None:
    go(visited, base, PAGE)
    exercise = visited.locator("#ablation-nats")
    field = exercise.get_by_role("textbox", name="By how many nats")
    reply, error = exercise.locator("[data-role=reply]"), exercise.locator("[data-role=error]")
    answer = exercise.locator("details")
    expect(answer).not_to_have_attribute("open", "")
    # With the keyboard alone: a mistake in what is typed is told beside the field, which keeps it and the focus.
    field.focus()
    visited.keyboard.type("much")
    visited.keyboard.press("Enter")
    expect(error).to_have_text("“much” is not a number. Type a number, such as 1.25.")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_be_focused()
    expect(field).to_have_value("much")
    visited.keyboard.press("Control+a")
    visited.keyboard.type("4.85")
    expect(error).to_have_text("")
    expect(field).not_to_have_attribute("aria-invalid", "true")
    visited.keyboard.press("Enter")
    expect(reply).to_have_text(
        "Not quite. That is the fall of the logit. The other logits change too; take the logarithm of the probability."
    )
    visited.keyboard.press("Control+a")
    visited.keyboard.type("7")
    expect(reply).to_have_text("")
    visited.keyboard.press("Tab")
    visited.keyboard.press("Enter")
    expect(reply).to_contain_text("Not yet. Softmax both runs at the last position")
    field.fill("0.63")
    exercise.get_by_role("button", name="Check").click()
    expect(reply).to_contain_text("Yes. From log 0.99 to log 0.53.")
    expect(exercise).to_have_attribute("data-answer", "right")
    exercise.get_by_text("Show the answer").click()
    expect(answer.locator("strong").first).to_have_text("0.63")


def test_without_scripts_the_answer_can_be_opened(open_context: Callable[..., BrowserContext], base: str) -> None:
    page = open_context(java_script_enabled=False).new_page()
    page.goto(base + PAGE)
    exercise = page.locator("#detector-head")
    expect(exercise.get_by_role("button", name="Check")).to_be_hidden()
    expect(exercise.get_by_role("textbox")).to_be_hidden()
    expect(exercise.get_by_text("L0H0")).to_be_hidden()
    exercise.locator("summary").click()
    expect(exercise.get_by_text("L0H0")).to_be_visible()


def test_an_address_hides_parts_of_its_page(visited: Page, base: str) -> None:
    go(visited, base, f"{LESSON}?hide=controls,Save")
    for part, hidden in HIDDEN.items():
        if part not in ("controls", "save"):
            expect(visited.locator(hidden).filter(visible=True).first).to_be_visible()
    for part, hidden in HIDDEN.items():
        visited.evaluate("(part) => { history.replaceState(null, '', `?hide=${part}`); hideParts(); }", part)
        expect(visited.locator(hidden).filter(visible=True)).to_have_count(0)
        expect(visited.locator(".exhibit-chart").first).to_be_visible()
    expect(visited.locator(".hide-note")).to_have_count(0)
    # The page that a link brings is whole again.
    go(visited, base, PAGE)
    expect(visited.locator("#pattern-share details")).to_be_visible()


def test_a_name_that_hides_nothing_is_told_once(page: Page, base: str) -> None:
    page.goto(f"{base}{PAGE}?hide=answers,sentences,%3Cimg%20src=x%3E")
    line = page.locator(".hide-note")
    expect(line).to_contain_text(
        "This address asks to hide “sentences”, “<img src=x>”. What can be hidden: answers, code"
    )
    expect(page.locator("#pattern-share details")).to_be_hidden()
    line.get_by_role("button", name="Close").press("Enter")
    expect(line).to_have_count(0)
    expect(page.locator("h1")).to_be_focused()
