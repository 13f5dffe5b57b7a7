"""`make bench`: start, weight and answer of the built site in headless Chromium, in one interleaved run."""

import argparse
import datetime
import json
import os
import platform
import statistics
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from tests.bench import answers, starts
from tests.bench.bare import make_bare
from tests.browser.chromium import ARGUMENTS, find

ROOT = Path(__file__).parents[2]
TARGETS = {
    "boot_ratio": 0.55,
    "blocking_ms": 50,
    "first_chart_ms": 1200,
    "key_to_paint_ms": 60,
    "first_visit_mb": 9.4,
}


def main() -> None:
    """Measure, print beside the targets, write JSON."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=7, help="alternating cold starts of each page")
    parser.add_argument("--keys", type=int, default=60, help="key presses that are timed")
    parser.add_argument("--output", type=Path, default=Path("bench.json"))
    chosen = parser.parse_args()
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        bare = make_bare(Path(folder))
        browser = playwright.chromium.launch(executable_path=find(playwright), args=list(ARGUMENTS))
        rounds = starts.measure(browser, ROOT / "site", bare, chosen.rounds)
        keys = answers.measure(browser, ROOT / "site", chosen.keys)
        version = browser.version
        browser.close()
    result = summary(rounds, keys)
    report = {
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "machine": f"{os.cpu_count()} cores, {platform.machine()}, Chromium {version}, headless",
        "targets": TARGETS,
        "result": result,
        "rounds": rounds,
        "key_to_paint_ms": keys,
    }
    chosen.output.write_text(json.dumps(report, indent=1) + "\n")
    for name, value in result.items():
        target = f"   (target: at most {TARGETS[name]})" if name in TARGETS else ""
        print(f"{name:28} {value:9.2f}{target}")
    print(f"Written to {chosen.output}")


def summary(rounds: list[dict[str, Any]], keys: list[float]) -> dict[str, float]:
    """Return medians over the rounds, and the ratio of boots within each round."""

    def median(name: str) -> float:
        return float(statistics.median(round_[name] for round_ in rounds))

    return {
        "bare_boot_ms": median("bare_boot_ms"),
        "our_boot_ms": median("our_boot_ms"),
        "alone_boot_ratio": statistics.median(r["alone_boot_ms"] / r["bare_boot_ms"] for r in rounds),
        "boot_ratio": statistics.median(r["our_boot_ms"] / r["bare_boot_ms"] for r in rounds),
        "bare_blocking_ms": median("bare_blocking_ms"),
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
