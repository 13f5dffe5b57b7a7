"""A network that is slow, is lost while Python is on its way, and comes back."""

import re
from collections.abc import Callable

from playwright.sync_api import BrowserContext, expect

from tests.browser.conftest import wait_until_live
from tests.browser.faulty import PIECE, faulty
from tests.waiting import until

SECONDS = PIECE // 3000  # in which a piece comes, at 3 kB/s; a start is given up after 60 s without any
COUNT = """async () => {
    const { src } = document.querySelector('script[src$="/main.js"]');
    const { onMessage } = await import(src.replace('main.js', 'python/life.js'));
    window.came = 0;
    onMessage(({ file, bytes }) => {
        if (file === 'package.zip') window.came += bytes;
    });
}"""


def test_slow_then_lost_then_back(open_context: Callable[..., BrowserContext]) -> None:
    context = open_context()
    page = context.new_page()
    page.clock.install()
    line = page.locator("[data-role=loading]")
    amount = re.compile(r"Downloading Python: (\d\.\d) of \d\.\d MB\. You can read on meanwhile\.")
    with faulty() as site:
        site.faults = {r"package\.zip": "slow"}
        page.goto(site.base)
        page.get_by_label("Your words").fill("p q p")
        page.evaluate(COUNT)
        told: list[float] = []
        for pieces in range(1, 5):
            site.let()
            until(page, "window.came >= given", pieces * PIECE, within_s=60)
            said = amount.fullmatch(line.locator("p").inner_text())
            assert said
            told.append(float(said[1]))
            page.clock.fast_forward(1000 * SECONDS)
        assert told == sorted(told)
        assert told[-1] > told[0]
        context.set_offline(True)
        site.drop()
        expect(line).to_contain_text("Python did not start: package.zip broke off while it was downloaded")
        line.get_by_role("button", name="Retry").click()
        expect(line).to_contain_text(re.compile(r"Python did not start: .* could not be downloaded"))
        expect(line).to_contain_text("check the connection, then retry.")
        context.set_offline(False)
        line.get_by_role("button", name="Retry").click()
        wait_until_live(page)
        expect(page.locator("[data-role=summary]")).to_contain_text("“p₂” looks at “q”")
        expect(line).to_be_hidden()
