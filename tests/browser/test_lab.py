"""The training lab as a reader uses it; its numbers against CPython's."""

import re
from pathlib import Path
from typing import Literal

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from circuit_explainer.charts import Chart
from circuit_explainer.training import resume, train
from circuit_explainer.workbench.lab import charts
from circuit_explainer.workbench.lab.run import Run, begin
from circuit_explainer.workbench.lab.settings import Settings, recipe
from circuit_explainer.workbench.lab.story import of_run, shipped
from tests.browser.charts import shown
from tests.browser.conftest import BOOT_MS
from tests.browser.pages import go
from tests.browser.test_accessibility import AXE, violations

# A shared machine may train ten times more slowly than a reader's.
TRAINED_MS = 240_000
SMALL = Settings(steps=40, batch=2)
# float32 sums in another order, and so do all steps after the first: the difference grows, within 40 steps to this.
CLOSE = 2e-3
NEW_LAB = """async () => {
    const { src } = document.querySelector('script[src$="/main.js"]');
    const { ask } = await import(src.replace('main.js', 'python/tools.js'));
    const code = 'from circuit_explainer.workbench.lab import state, tool; tool.lab = state.Lab()';
    await ask('cell', 'run', { code, values: {} });
}"""
PANELS = ("losses", "scores", "pattern")


@pytest.fixture
def page(visited: Page, base: str) -> Page:
    """A visit in whose Python no run was begun: its lab is made anew, as only a test can do it."""
    visited.evaluate(NEW_LAB)
    return visited


def open_lab(page: Page, base: str) -> None:
    go(page, base, "lab/")
    expect(page.locator(".lab")).to_have_attribute("data-ready", "", timeout=BOOT_MS)


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def expect_state(page: Page, state: str) -> None:
    expect(page.locator(".lab")).to_have_attribute("data-state", state, timeout=TRAINED_MS)
    # The charts follow the line of the run.
    for panel in PANELS:
        expect(page.locator(f"#{panel}")).to_have_attribute("data-run", state, timeout=TRAINED_MS)


def status(page: Page) -> str:
    return page.locator("[data-role=lab-status]").inner_text()


def more(page: Page, **values: object) -> None:
    page.locator(".lab .more summary").click()
    for label, value in values.items():
        page.get_by_label(label.replace("_", " "), exact=True).fill(str(value))


def small(page: Page, steps: int = SMALL.steps) -> None:
    more(page, Texts_in_a_batch=SMALL.batch, Steps=steps)


def here(settings: Settings) -> Run:
    run = begin(recipe(settings), "your run")
    while not run.over:
        run.one_step()
    return run


def names(page: Page) -> list[str]:
    found: list[str] = page.evaluate(
        "() => document.querySelector('#losses .js-plotly-plot')._fullData.map((trace) => trace.name)"
    )
    return found


def test_the_default_preset_goes_through_its_phase_change(page: Page, base: str) -> None:
    page.add_init_script(
        "window.tasks = [];"
        "new PerformanceObserver((list) => window.tasks.push(...list.getEntries().map((entry) => entry.duration)))"
        ".observe({ entryTypes: ['longtask'] });"
    )
    open_lab(page, base)
    expect(page.locator(".lab")).to_have_attribute("data-state", "empty")
    expect(page.locator("[data-role=lab-cost]")).to_contain_text("10,944 parameters. 500 steps take about")
    page.evaluate("window.tasks = []")
    began = page.evaluate("performance.now()")
    press(page, "Start")
    phase = page.locator("[data-role=lab-phase]")
    expect(phase).to_contain_text("The phase change is passed: at step 1", timeout=TRAINED_MS)
    seconds = (page.evaluate("performance.now()") - began) / 1000
    expect(page.locator("[data-role=lab-said]")).to_contain_text("The phase change is passed")
    expect(page.locator("#losses .exhibit-title")).to_contain_text("the phase change is passed at step 1")
    told = re.search(r"Training: step (\d+) of 500. (\d+) steps a second", status(page))
    expect_state(page, "done")
    longest = max(page.evaluate("window.tasks"), default=0)
    print(f"phase change after {seconds:.1f} s; {told and told[2]} steps/s; longest main-thread task {longest:.0f} ms")
    run = here(Settings())
    assert shown(page, "losses", 0, "x").tolist() == [moment.step for moment in run.moments]
    losses = shown(page, "losses", 0, "y")
    np.testing.assert_allclose(losses[:4], of_run(run).asked[:4], atol=CLOSE)
    assert losses[-1] < 0.5
    assert page.locator("#scores .js-plotly-plot").inner_text().count("phase change") == 1
    assert status(page).startswith("Done: 500 steps.")


def test_pause_step_go_on_and_reset(page: Page, base: str) -> None:
    open_lab(page, base)
    small(page, 5000)
    press(page, "Start")
    expect_state(page, "running")
    expect(page.get_by_role("button", name="Start", exact=True)).to_have_attribute("aria-disabled", "true")
    press(page, "Pause")
    expect_state(page, "paused")
    at = int(re.sub(r"\D", "", status(page).split(" of ")[0]))
    press(page, "Step")
    expect(page.locator("[data-role=lab-status]")).to_have_text(f"Paused at step {at + 1:,} of 5,000. Start goes on.")
    expect(page.locator("#losses [data-role=summary]")).to_contain_text(f"At step {at + 1:,} ")
    press(page, "Start")
    expect_state(page, "running")
    press(page, "Reset")
    expect_state(page, "empty")
    expect(page.locator("#losses .exhibit-title")).to_contain_text("the shipped run")


def test_saved_reset_opened_and_gone_on_it_is_cpythons_run(page: Page, base: str, tmp_path: Path) -> None:
    open_lab(page, base)
    small(page)
    for step in (1, 2, 3):
        press(page, "Step")
        expect(page.locator("[data-role=lab-status]")).to_contain_text(f"Paused at step {step} of 40")
    with page.expect_download() as saved:
        press(page, "Save the run")
    assert saved.value.suggested_filename == "run-step-3.safetensors"
    saved.value.save_as(tmp_path / "run.safetensors")
    assert resume(tmp_path / "run.safetensors").recipe == recipe(SMALL)
    press(page, "Reset")
    expect_state(page, "empty")
    page.get_by_label("Open a run").set_input_files(tmp_path / "run.safetensors")
    expect_state(page, "paused")
    press(page, "Start")
    expect_state(page, "done")
    story = of_run(here(SMALL))
    assert shown(page, "losses", 0, "x").tolist() == story.steps.tolist()
    for trace, values in enumerate(story.losses.values()):
        np.testing.assert_allclose(shown(page, "losses", trace, "y"), values, atol=CLOSE)
    with page.expect_download() as saved:
        press(page, "Save the run")
    saved.value.save_as(tmp_path / "end.safetensors")
    *_, last = train(recipe(SMALL))
    for name, weight in resume(tmp_path / "end.safetensors").parameters.weights.items():
        np.testing.assert_allclose(weight, last.weights[name], atol=CLOSE)


def test_arrow_keys_go_through_the_checkpoints_and_move_every_chart(page: Page, base: str) -> None:
    open_lab(page, base)
    slider = page.get_by_label("Training step")
    slider.focus()
    story = shipped()
    at = story.steps.tolist().index(200)
    for key, moved in (("ArrowRight", 1), ("ArrowRight", 2), ("ArrowLeft", 1), ("End", 39 - at), ("Home", -at)):
        page.keyboard.press(key)
        step = f"{int(story.steps[at + moved]):,}"
        for panel in PANELS:
            expect(page.locator(f"#{panel} [data-role=summary]")).to_contain_text(f"At step {step}")
        expect(slider).to_have_attribute("aria-valuetext", f"step {step}")
        expect(page.locator("[data-role=lab-said]")).to_contain_text(f"At step {step} a repeated symbol costs")
        expect(page.locator(".lab")).to_have_attribute("data-shown", step)
        looks = charts.pattern(story, at + moved, 1, 1)
        assert isinstance(looks, Chart)
        expect(page.locator("#pattern [data-role=summary]")).to_have_text(looks.summary)
    marks = """() => document.querySelector('#scores .js-plotly-plot').layout.shapes
        .filter((each) => each.templateitemname === 'here').length"""
    assert page.evaluate(marks) == 0  # step 0 has no place on the axis
    page.keyboard.press("ArrowRight")
    expect(page.locator(".lab")).to_have_attribute("data-shown", "25")
    assert page.evaluate(marks) == 1


def test_another_head_shows_its_pattern(page: Page, base: str) -> None:
    open_lab(page, base)
    page.get_by_label("Head of the pattern").select_option("L0H1")
    expect(page.locator("#pattern .exhibit-title")).to_have_text("Where L0H1 of the shipped run looks after step 200")


def test_curves_are_kept_compared_and_removed(page: Page, base: str) -> None:
    open_lab(page, base)
    press(page, "Keep this curve")
    expect(page.locator("[data-role=lab-trouble]")).to_contain_text("no curve of yours to keep yet")
    small(page)
    press(page, "Step")
    expect_state(page, "paused")
    name = page.get_by_label("Name of the curve")
    expect(name).to_have_value("2L1H seed 2")
    press(page, "Keep this curve")
    expect(page.locator("[data-role=lab-kept] li")).to_have_count(1)
    press(page, "Reset")
    expect_state(page, "empty")
    page.get_by_role("group", name="Layers").get_by_label("1").check()
    expect(name).to_have_value("1L1H seed 2")
    press(page, "Step")
    expect_state(page, "paused")
    assert names(page) == ["this run", "2L1H seed 2"]
    name.fill("mine")
    press(page, "Keep this curve")
    expect(page.locator("[data-role=lab-kept] li")).to_have_count(2)
    page.get_by_role("button", name="Remove 2L1H seed 2").click()
    expect(page.locator("[data-role=lab-kept] li")).to_have_count(1)
    expect(page.locator("#losses [data-role=summary]")).not_to_contain_text("2L1H")
    assert names(page) == ["this run", "mine"]


def test_a_learning_rate_too_high_says_so_and_keeps_the_curves(page: Page, base: str) -> None:
    open_lab(page, base)
    page.get_by_label("Begin with").select_option("learning rate too high")
    expect(page.get_by_label("Learning rate")).to_have_value("0.085")
    press(page, "Start")
    expect_state(page, "broken")
    assert re.match(r"Broken off after step \d+\. The loss .* lower lr=0\.085\. The curves stay", status(page))
    losses = shown(page, "losses", 0, "y")
    assert losses[-1] > 1.5 * losses[0]


def test_a_hidden_tab_pauses_and_says_so(page: Page, base: str) -> None:
    open_lab(page, base)
    small(page, 5000)
    press(page, "Start")
    expect_state(page, "running")
    page.evaluate(
        """() => {
            Object.defineProperty(document, 'hidden', { value: true, configurable: true });
            document.dispatchEvent(new Event('visibilitychange'));
        }"""
    )
    expect_state(page, "paused")
    assert "because this tab was hidden. Start goes on." in status(page)


def test_a_bad_setting_gets_a_sentence_beside_its_control(page: Page, base: str) -> None:
    open_lab(page, base)
    rate = page.get_by_label("Learning rate")
    rate.fill("fast")
    expect(page.locator("[data-error-for=lr]")).to_have_text(
        "Expected a number from 1e-05 to 1, such as 0.015. Got 'fast'."
    )
    expect(rate).to_have_value("fast")
    expect(rate).to_have_attribute("aria-invalid", "true")
    press(page, "Start")
    expect(page.locator(".lab")).to_have_attribute("data-state", "empty")
    expect(page.get_by_label("Begin with")).to_have_value("your own settings")
    page.get_by_label("Begin with").select_option("one layer: it never does")
    expect(page.locator("[data-error-for=lr]")).to_be_empty()
    expect(page.get_by_role("group", name="Layers").get_by_label("1")).to_be_checked()


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_axe_finds_nothing_wrong_in_a_run(page: Page, base: str, scheme: Literal["dark", "light"]) -> None:
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": 320, "height": 640})
    open_lab(page, base)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    small(page)
    press(page, "Step")
    expect_state(page, "paused")
    press(page, "Keep this curve")
    expect(page.locator("[data-role=lab-kept] li")).to_have_count(1)
    page.get_by_label("Steps", exact=True).fill("1")
    expect(page.locator("[data-error-for=steps]")).not_to_be_empty()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_leaving_the_page_pauses_the_run_and_coming_back_shows_it(page: Page, base: str) -> None:
    open_lab(page, base)
    small(page, 5000)
    press(page, "Start")
    expect_state(page, "running")
    go(page, base, "playground/")
    go(page, base, "lab/")
    expect_state(page, "paused")
    expect(page.get_by_label("Texts in a batch")).to_have_value("2")
