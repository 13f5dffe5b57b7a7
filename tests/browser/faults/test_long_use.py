"""Half an hour of use in short: pages, texts, heads and views, after which nothing has grown."""

from playwright.sync_api import CDPSession, Page, expect

from tests.browser.conftest import QUIET
from tests.browser.hostile import in_page
from tests.browser.pages import go

PAGES = ("playground/#v=1", "lessons/induction-heads/", "playground/three-views/")
ROUNDS = 5
# In each exhibit of the page: another text, another of each choice, and back.
USE = """for (const section of document.querySelectorAll('section.exhibit')) {
        const change = async (control, value) => {
            if (!control?.isConnected) return;
            control.value = value;
            control.dispatchEvent(new Event('input', { bubbles: true }));
            await pause();
            while (section.dataset.state === 'waiting') await pause();
        };
        const text = () => section.querySelector('input[type=text][data-control]');
        for (const words of ['a b a', 'k l m k l']) if (text()) await change(text(), words);
        for (const { id } of [...section.querySelectorAll('select[data-control]')].slice(0, 2)) {
            const select = () => id && document.getElementById(id);
            const before = select()?.value;
            for (const { value } of [...select()?.options ?? []].slice(0, 3)) await change(select(), value);
            if (before !== undefined) await change(select(), before);
        }
        if (!['live', 'error'].includes(section.dataset.state)) wrong.push([section.id, section.dataset.state]);
    }"""
# Charts that left the page are freed 200 ms later, in turn; timers keep their order.
FREED = """const { inTurn } = await from('exhibit/chart.js');
    await new Promise((resolve) => setTimeout(resolve, 200));
    await inTurn(() => {});"""
MEMORY = "wrong.push((await call('memory')).bytes);"


def held(page: Page, tools: CDPSession) -> dict[str, int]:
    """What the page and Python hold once all that nobody needs is gone."""
    in_page(page, FREED, None)
    for _ in range(3):
        tools.send("HeapProfiler.collectGarbage")
    counters = tools.send("Memory.getDOMCounters")
    return {
        "heap": tools.send("Runtime.getHeapUsage")["usedSize"],
        "nodes": counters["nodes"],
        "listeners": counters["jsEventListeners"],
        "plots": page.locator(".js-plotly-plot").count(),
        "python": in_page(page, MEMORY, None)[0],
    }


def test_half_an_hour_of_use_leaves_nothing_behind(visited: Page, base: str) -> None:
    page = visited
    tools = page.context.new_cdp_session(page)
    seen = []
    for _ in range(ROUNDS):
        for path in PAGES:
            go(page, base, path)
            assert in_page(page, USE, None) == []
        go(page, base, QUIET)
        seen.append(held(page, tools))
        print(seen[-1])
    first, last = seen[1], seen[-1]  # in the first rounds the browser compiles what is used
    assert {name: last[name] for name in first if last[name] > 1.1 * first[name]} == {}
    go(page, base, "")
    page.get_by_label("Your words").fill("x y x")
    expect(page.locator("[data-role=summary]")).to_contain_text("“x₂” looks at “y”")
