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
    await settled(section, () => {});
    const { failure } = await run('session.draw = plain; raise ValueError(asked[-1], len(asked))');
    await ask('cell', 'reset');
    wrong.push(failure.message);"""
COUNT = """
from circuit_explainer.web import session
asked, plain = [], session.draw
def counted(page, request):
    asked.append(request["values"]["text"])
    return (yield from plain(page, request))
session.draw = counted
"""


def test_200_changes_in_two_seconds(visited: Page, base: str) -> None:
    go(visited, base, "")
    section = visited.locator("section.exhibit")
    [said] = in_page(visited, FLOOD, COUNT)
    expect(section.locator("[data-role=summary]")).to_contain_text("“a199₂” looks at “b”")
    expect(section).to_have_attribute("data-state", "live")
    expect(section.locator(".js-plotly-plot .ytick text")).to_have_text(["<BOS>", "a199₁", "b", "a199₂"])
    found = re.search(r"ValueError: \('a199 b a199', (\d+)\)", said)
    assert found, said
    assert int(found[1]) < 150  # most were passed over, and none came after the last
    visited.get_by_label("Your words").fill("x y x")
    expect(section.locator("[data-role=summary]")).to_contain_text("“x₂” looks at “y”")
    wait_until_live(visited)
