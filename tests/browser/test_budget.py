"""The first visit stays within the budget of bytes and requests."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import BrowserContext

from circuit_explainer.build.serve import make_server
from tests.browser.conftest import SITE, wait_until_live
from tests.budget import over
from tests.serving import address, serving


def test_a_first_visit(open_context: Callable[..., BrowserContext]) -> None:
    with serving(make_server(Path(SITE))) as server:
        page = open_context().new_page()
        requests: list[str] = []
        page.on("request", lambda request: requests.append(request.url))
        page.goto(address(server))
        wait_until_live(page)
        assert over("first_visit", {"megabytes": server.sent / 1e6, "requests": len(requests)}) == {}
