"""The open cell of the playground: of a new visit, or of one that goes on from test to test."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.cell.page import message, open_cell, press
from tests.browser.conftest import Watch, attach


@pytest.fixture
def fresh(page: Page, base: str) -> Page:
    """The open cell of a new visit."""
    open_cell(page, base)
    return page


@pytest.fixture(scope="module")
def one_visit(browser: Browser, base: str) -> Iterator[Page]:
    watch = Watch(base)
    context = browser.new_context(color_scheme="dark")
    page = attach(context.new_page(), watch)
    open_cell(page, base)
    yield page
    assert (watch.foreign, watch.complaints) == ([], [])
    context.close()


@pytest.fixture
def cell(one_visit: Page) -> Page:
    """The open cell of a visit that goes on from test to test, as a reader's does, after Reset."""
    press(one_visit, "Reset")
    message(one_visit, re.compile("^The first code is back"))
    return one_visit
