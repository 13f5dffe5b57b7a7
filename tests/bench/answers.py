"""From a key press in a text control to the repainted chart."""

from pathlib import Path

from playwright.sync_api import Browser, Locator, Page

from circuit_explainer.build.serve import make_server
from tests.bench.starts import fresh
from tests.serving import address, serving
from tests.waiting import until

# A text of 32 tokens with BOS, whose last word grows and shrinks: each key makes another pattern.
WORDS = "a b c d e f g h " * 3 + "a b c d e f g"
TIMING = """
window.times = [];
let pressed = 0;
addEventListener('keydown', (event) => { pressed = event.timeStamp; }, true);
document.querySelector('.js-plotly-plot').on('plotly_afterplot', () => {
    if (!pressed) return;
    const begun = pressed;
    pressed = 0;
    requestAnimationFrame(() => setTimeout(() => window.times.push(performance.now() - begun)));
});
"""


def measure(browser: Browser, site: Path, presses: int) -> list[float]:
    """Return the milliseconds from each key press to the frame that shows its chart."""
    print(f"{presses} key presses in a text of 32 tokens", flush=True)
    with serving(make_server(site)) as server:
        context, page = fresh(browser)
        page.goto(address(server))
        until(page, "window.notes.live", within_s=60)
        words = page.get_by_label("Your words")
        words.fill(WORDS)
        until(page, "document.querySelector('.js-plotly-plot')._fullData[0].z.length === 32")
        times = key_to_paint(page, words, presses)
        context.close()
    return times


def key_to_paint(page: Page, words: Locator, presses: int) -> list[float]:
    """Return the milliseconds from each key press in a text, whose last word grows and shrinks, to its chart."""
    page.evaluate(TIMING)
    words.press("End")
    page.evaluate("window.times.length = 0")
    for number in range(presses):
        words.press("x" if number % 2 == 0 else "Backspace")
        until(page, f"window.times.length === {number + 1}")
    return [float(time) for time in page.evaluate("window.times")]
