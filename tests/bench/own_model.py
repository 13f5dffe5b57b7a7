"""How fast a reader's own model is read: megabytes a second in the built site, and the memory that Python then has."""

import re
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, expect

from circuit_explainer.build.serve import make_server
from tests.serving import address, serving
from tests.workbench.own.files import SMALL, random_gpt2

PAGE = "playground/your-own-model/"
DTYPES = ("float32", "float16")


def measure(browser: Browser, site: Path) -> list[dict[str, Any]]:
    """Load a GPT-2 of 124 million random weights, in each dtype of the file, in a new visit each."""
    with tempfile.TemporaryDirectory() as folder, serving(make_server(site)) as server:
        return [_load(browser, address(server), random_gpt2(Path(folder) / dtype, SMALL, dtype)) for dtype in DTYPES]


def _load(browser: Browser, base: str, folder: Path) -> dict[str, Any]:
    page = browser.new_page()
    page.goto(base + PAGE)
    expect(page.locator("html")).to_have_attribute("data-python", "ready", timeout=60_000)
    own = page.locator("[data-workbench=own]")
    own.get_by_label("Files of the model").set_input_files(sorted(folder.iterdir()))
    expect(own).to_have_attribute("data-state", "told", timeout=60_000)
    own.get_by_role("button", name="Load").click()
    expect(own).to_have_attribute("data-state", "loaded", timeout=300_000)
    took = re.search(r"took ([\d.]+) seconds", own.get_by_role("status").text_content() or "")
    memory = int(own.get_attribute("data-memory") or 0)
    page.close()
    assert took
    megabytes = (folder / "model.safetensors").stat().st_size / 1e6
    return {
        "dtype": folder.name, "file_mb": megabytes, "seconds": float(took[1]),
        "mb_per_s": megabytes / float(took[1]), "memory_mb": memory / 1e6,
    }  # fmt: skip
