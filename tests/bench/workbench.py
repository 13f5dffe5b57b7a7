"""The lab and the playground: time to the phase change, steps a second, a grid of heads repainted, a model read."""

import re
import statistics
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, expect

from circuit_explainer.build.serve import make_server
from tests.bench import own_model
from tests.bench.answers import key_to_paint
from tests.bench.starts import fresh
from tests.serving import address, serving
from tests.waiting import until

# 16 heads: no model that ships has 12.
GRID_MODEL, GRID_WORDS = "induction-4l", "a b c d e f g h " * 7 + "a b c d e f g"
RUNS, CHANGES = 3, 30


def measure(browser: Browser, site: Path) -> dict[str, Any]:
    """Return medians of the lab and of the grid, and the figures of a model of 124 million parameters."""
    with serving(make_server(site)) as server:
        runs = [_phase_change(browser, address(server)) for _ in range(RUNS)]
        grid = _grid(browser, address(server))
    result = {name: statistics.median(run[name] for run in runs) for name in runs[0]}
    result |= {"grid_ms": statistics.median(grid), "grid_p95_ms": statistics.quantiles(grid, n=20)[-1]}
    models = own_model.measure(browser, site)
    for model in models:
        result |= {f"{name}_{model['dtype']}": model[name] for name in ("mb_per_s", "memory_mb")}
    for name, value in result.items():
        print(f"{name:28} {value:9.2f}")
    return {"result": result, "runs": runs, "grid_ms": grid, "own_model": models}


def _phase_change(browser: Browser, base: str) -> dict[str, float]:
    """Train the default preset from Start to the sentence that says the phase change is passed."""
    print("the default preset of the lab, to its phase change", flush=True)
    context, page = fresh(browser)
    page.goto(f"{base}lab/")
    expect(page.locator(".lab")).to_have_attribute("data-ready", "", timeout=60_000)
    page.evaluate("window.notes.tasks.length = 0")
    began = page.evaluate("performance.now()")
    page.get_by_role("button", name="Start", exact=True).click()
    phase = page.locator("[data-role=lab-phase]")
    expect(phase).to_contain_text("The phase change is passed: at step 1", timeout=240_000)
    seconds = (page.evaluate("performance.now()") - began) / 1000
    told = re.search(r"(\d+) steps a second", page.locator("[data-role=lab-status]").inner_text())
    longest = max((duration for _, duration in page.evaluate("window.notes.tasks")), default=0.0)
    context.close()
    assert told
    return {"phase_change_s": seconds, "lab_steps_per_s": float(told[1]), "lab_longest_task_ms": longest}


def _grid(browser: Browser, base: str) -> list[float]:
    """Return the milliseconds from a key press to the frame that shows the grid of all heads anew, at 64 tokens."""
    print(f"{CHANGES} key presses under a grid of 16 heads, 64 tokens", flush=True)
    context, page = fresh(browser)
    page.goto(f"{base}playground/#v=1&model={GRID_MODEL}")
    until(page, "window.notes.live", within_s=60)
    words = page.get_by_label("Text", exact=True)
    words.fill(GRID_WORDS)
    until(page, "document.querySelector('.js-plotly-plot')._fullData[0].z.length === 64")
    times = key_to_paint(page, words, CHANGES)
    context.close()
    return times
