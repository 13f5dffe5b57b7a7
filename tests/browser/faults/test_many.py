"""More than Python can draw: 200 changes within two seconds, of which the newest is drawn and few others."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import wait_until_live
from tests.browser.hostile import in_page
from tests.browser.pages import go

# Counts in Python what is drawn while 200 texts come, ten milliseconds apart.
FLOOD = """const run = (code) => ask('cell', 'run', { code, values: {} });
    await run(given);
    const section = document.querySelector('section.exhibit');
    const input = section.querySelector('input[type=text]');
    for (let n = 0; n < 200; n += 1) {
        input.value = `a${n} b a${n}`;
        input.dispatchEvent(new Event('input', { bubbles: true }));
        await new Promise((resolve) => setTimeout(resolve, 10));
    }
    while (section.dataset.state === 'waiting') await pause();
    const { failure } = await run('session.draw = plain; raise ValueError(asked[-1], most[0], len(asked))');
    await ask('cell', 'reset');
    wrong.push(failure.message);"""
COUNT = """
from circuit_explainer.web import session
asked, now, most, plain = [], [], [0], session.draw
def counted(page, request):
    asked.append(request["values"]["text"])
    now.append(1)
    most[0] = max(most[0], len(now))
    try:
        return (yield from plain(page, request))
    finally:
        now.pop()
session.draw = counted
"""


def test_200_changes_in_two_seconds(visited: Page, base: str) -> None:
    go(visited, base, "")
    section = visited.locator("section.exhibit")
    [said] = in_page(visited, FLOOD, COUNT)
    expect(section.locator("[data-role=summary]")).to_contain_text("“a199₂” looks at “b”")
    expect(section).to_have_attribute("data-state", "live")
    expect(section.locator(".js-plotly-plot .ytick text")).to_have_text(["<BOS>", "a199₁", "b", "a199₂"])
    found = re.search(r"ValueError: \('a199 b a199', 1, (\d+)\)", said)
    assert found, said  # the newest came last, and never two at once
    assert int(found[1]) <= 200
    visited.get_by_label("Your words").fill("x y x")
    expect(section.locator("[data-role=summary]")).to_contain_text("“x₂” looks at “y”")
    wait_until_live(visited)


def test_memory_that_runs_out_is_told_and_python_lives(visited: Page, base: str) -> None:
    page = visited
    go(page, base, "playground/#v=1")
    cell = page.locator("[data-workbench=cell]")
    cell.locator("summary").first.click()
    expect(cell).to_have_attribute("data-editor", "ready")
    message = cell.locator("[data-part=message]")
    # 6 GB, where WebAssembly gives at most 4; nothing is written to them.
    cell.locator(".cm-content").fill("1\n[np.empty(2**31 - 2**20, 'int8') for _ in range(3)]")
    cell.get_by_role("button", name="Run", exact=True).click()
    expect(message).to_contain_text("Line 2 stopped the run. ")
    expect(message).to_contain_text("MemoryError: Unable to allocate")
    expect(message).to_contain_text("use smaller arrays, or press Reset to let go of your variables.")
    page.locator("#bench").get_by_label("Text", exact=True).fill("x y x")
    expect(page.locator("#bench [data-role=summary]")).to_contain_text("“x₂”")
    cell.get_by_role("button", name="Reset", exact=True).click()
    wait_until_live(page)
