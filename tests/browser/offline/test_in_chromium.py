"""The offline copy in Chromium, opened from a disk as by a double click, without a network."""

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.charts import computed, shown
from tests.browser.conftest import BOOT_MS, Watch, attach, wait_until_live
from tests.waiting import until

FACES = "[...document.fonts].filter((face) => face.status === 'loaded').map((face) => face.family.replaceAll('\"', ''))"


@pytest.fixture
def page(open_context: Callable[..., BrowserContext], watched: Watch) -> Page:
    context = open_context()
    context.set_offline(True)
    return attach(context.new_page(), watched)


def test_the_first_page_answers_and_leads_on(page: Page, base: str) -> None:
    page.goto(base + "index.html")
    wait_until_live(page)
    words = "one two three one two"
    page.get_by_label("Your words").fill(words)
    theirs = computed("index.md", "induction_head", {"text": words})
    until(page, "document.querySelector('.js-plotly-plot')._fullData[0].z.length === given", len(theirs))
    np.testing.assert_allclose(shown(page, "induction_head"), theirs, atol=1e-5)
    expect(page.locator(".offline-note")).to_have_text(
        "Offline copy, version 9.9 of 1 January 2026. It works without a network, and nothing is sent anywhere."
    )
    page.get_by_role("button", name="Settings", exact=True).click()
    page.get_by_label("Light").check()
    page.keyboard.press("Escape")
    page.get_by_role("textbox", name="Search").fill("previous-token")
    result = page.get_by_role("region", name="Search results").get_by_role("link").first
    expect(result).to_be_visible()
    result.click()
    expect(page).to_have_url(re.compile(re.escape(base) + r".*/index\.html"))
    expect(page.locator("html")).to_have_attribute("data-scheme", "light")


def test_a_lesson_has_its_formulas_and_its_faces(page: Page, base: str) -> None:
    page.goto(base + "lessons/query-key-value/index.html")
    faces = until(page, f"document.querySelector('.katex') && {FACES}.length > 2 && {FACES}")
    assert {"Atkinson Hyperlegible Next", "KaTeX_Math"} <= set(faces)
    page.get_by_role("link", name="Training lab").first.click()
    expect(page.locator(".lab")).to_have_attribute("data-ready", "", timeout=BOOT_MS)
    for number in (1, 2):
        page.get_by_role("button", name="Step", exact=True).click()
        expect(page.locator("[data-role=lab-status]")).to_contain_text(re.compile(rf"step {number}\b", re.I))


def test_the_playground_opens_a_link_runs_code_and_saves(page: Page, base: str, tmp_path: Path) -> None:
    page.goto(base + "playground/index.html#v=1&model=text-2l&view=One+head&head=L1H0")
    wait_until_live(page)
    bench = page.locator("#bench")
    expect(bench.get_by_label("Model", exact=True)).to_have_value("text-2l")
    page.get_by_text("Write your own Python").click()
    expect(page.locator(".cell")).to_have_attribute("data-editor", "ready")
    expect(page.locator(".cell .cm-content")).to_be_visible()
    page.get_by_role("textbox", name="Python code").fill("model.cfg.n_layers, np.unique([2, 1, 2]).tolist()")
    page.locator(".cell").get_by_role("button", name="Run", exact=True).click()
    expect(page.locator(".cell-value")).to_have_text("(2, [1, 2])", timeout=BOOT_MS)
    bench.get_by_text("Save", exact=True).click()
    for kind in ("svg", "html"):
        with page.expect_download() as saved:
            bench.get_by_role("button", name=kind.upper()).click()
        saved.value.save_as(tmp_path / f"saved.{kind}")
    for kind in ("svg", "html"):
        text = (tmp_path / f"saved.{kind}").read_text(encoding="utf-8")
        assert "data:font/woff2;base64," in text
        # The address in a saved file is the site's, where others find it; a place on this disk would help nobody.
        assert "file:" not in text
