"""`make bench`: the built site in headless Chromium, the core in both Pythons, the core beside TransformerLens."""

import argparse
import datetime
import json
import os
import platform
import statistics
import subprocess
import tempfile
from functools import partial
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from tests.bench import answers, both_pythons, pages, starts, workbench
from tests.bench.others import PAGES, make_others
from tests.browser.chromium import ARGUMENTS, NAMES, find
from tests.budget import BUDGET

ROOT = Path(__file__).parents[2]
PARTS = ("site", "pages", "workbench", "core", "reference")
TARGETS = BUDGET["targets"]
OF_OTHERS = ("boot_ms", "second_boot_ms", "blocking_ms", "visit_mb")


def main() -> None:
    """Measure, print beside the targets, write JSON."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=7, help="alternating cold starts of each page")
    parser.add_argument("--keys", type=int, default=60, help="key presses that are timed")
    parser.add_argument("--part", choices=PARTS, action="append", help="measure only this part; may be given again")
    parser.add_argument("--output", type=Path, default=Path("bench.json"))
    chosen = parser.parse_args()
    parts = chosen.part or PARTS
    report: dict[str, Any] = {"date": datetime.datetime.now(datetime.UTC).date().isoformat(), "targets": TARGETS}
    with sync_playwright() as playwright:
        found: dict[str, Any] = {"executable_path": find(playwright, NAMES), "args": list(ARGUMENTS)}
        browser = playwright.chromium.launch(**found)
        launch = partial(playwright.chromium.launch_persistent_context, **found)
        report["machine"] = f"{os.cpu_count()} cores, {platform.machine()}, Chromium {browser.version}, headless"
        if "site" in parts:
            report["site"] = site(browser, launch, chosen.rounds, chosen.keys)
        if "pages" in parts:
            report["pages"] = pages.measure(browser, ROOT / "site")
        if "workbench" in parts:
            report["workbench"] = workbench.measure(browser, ROOT / "site")
        if "core" in parts:
            report["core"] = both_pythons.measure(browser)
        browser.close()
    if "reference" in parts:
        report["reference"] = side_by_side()
    chosen.output.write_text(json.dumps(report, indent=1) + "\n")
    print(f"Written to {chosen.output}")


def site(browser: Browser, launch: starts.Launch, rounds: int, keys: int) -> dict[str, Any]:
    """Start, weight and answer of the built site."""
    with tempfile.TemporaryDirectory() as folder:
        starting = starts.measure(launch, ROOT / "site", make_others(Path(folder)), rounds)
    answering = answers.measure(browser, ROOT / "site", keys)
    result = summary(starting, answering)
    for name, value in result.items():
        target = f"   (target: at most {TARGETS[name]})" if name in TARGETS else ""
        print(f"{name:28} {value:9.2f}{target}")
    return {"result": result, "rounds": starting, "key_to_paint_ms": answering}


def side_by_side() -> Any:
    """The core beside TransformerLens and torch, in the environment of the parity tests."""
    python = ROOT / ".venv-parity" / "bin" / "python"
    with tempfile.NamedTemporaryFile(suffix=".json") as file:
        subprocess.run([python, "-m", "tests.bench.side_by_side", file.name], cwd=ROOT, check=True)
        return json.loads(Path(file.name).read_text())


def summary(rounds: list[dict[str, Any]], keys: list[float]) -> dict[str, float]:
    """Return medians over the rounds, and the ratio of boots within each round."""

    def median(name: str) -> float:
        return float(statistics.median(round_[name] for round_ in rounds))

    def ratio(name: str, other: str) -> float:
        return float(statistics.median(round_[name] / round_[other] for round_ in rounds))

    return {
        **{f"{name}_{what}": median(f"{name}_{what}") for name in PAGES for what in OF_OTHERS},
        "our_boot_ms": median("our_boot_ms"),
        "pyscript_boot_ratio": ratio("pyscript_boot_ms", "bare_boot_ms"),
        "plotly_py_boot_ratio": ratio("plotly_py_boot_ms", "bare_boot_ms"),
        "alone_boot_ratio": ratio("alone_boot_ms", "bare_boot_ms"),
        "boot_ratio": ratio("our_boot_ms", "bare_boot_ms"),
        "second_boot_ratio": ratio("second_boot_ms", "bare_second_boot_ms"),
        "blocking_ms": median("our_blocking_ms"),
        "blocking_by_plotly_ms": median("plotly_blocking_ms"),
        "blocking_by_theme_ms": median("theme_blocking_ms"),
        "blocking_by_pyscript_ms": median("python_blocking_ms"),
        "first_chart_ms": median("first_chart_ms"),
        "python_ready_ms": median("python_ready_ms"),
        "second_visit_boot_ms": median("second_boot_ms"),
        "first_visit_mb": median("first_visit_mb"),
        "second_visit_mb": median("second_visit_mb"),
        "key_to_paint_ms": statistics.median(keys),
        "key_to_paint_p95_ms": statistics.quantiles(keys, n=20)[-1],
    }


if __name__ == "__main__":
    main()
