"""The switch of the copy on the device, and versions of the built site to be copied."""

import os
import re
import shutil
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, expect

from circuit_explainer.build import keep
from circuit_explainer.build.serve import CountingServer
from tests.browser.conftest import PREFIX, SITE
from tests.serving import address
from tests.waiting import until

WHOLE = "This site now works without a network on this device."
NEWER = "A new version of this site is ready."
QUIET, OTHER = "reference/papers/", "reference/notation/"
DEVICE = "reference/on-this-device/"
TAKE_MS = 60_000
KEPT = "caches.keys()"
REGISTERED = "navigator.serviceWorker.getRegistrations().then((all) => all.length)"
# The second version has other texts, and other scripts in another folder.
SECOND_FOLDER = "assets/page-0123456789"


def linked(folder: Path) -> Path:
    """The built site in a folder of its own, in which files are replaced, never written to."""
    return Path(shutil.copytree(SITE, folder, copy_function=os.link))


def replace(path: Path, data: bytes) -> None:
    path.unlink()
    path.write_bytes(data)


def renew(site: Path) -> str:
    """Turn a copy of the built site into another version of it; return the first version's folder of scripts."""
    [first] = site.glob("assets/page-*")
    first.rename(site / SECOND_FOLDER)
    for path in [*site.rglob("*.html"), site / "search" / "search_index.json"]:
        text = path.read_text(encoding="utf-8").replace(f"assets/{first.name}", SECOND_FOLDER)
        replace(path, re.sub(r"(Papers|Notation and shapes)\b", r"\1 anew", text).encode())
    rewrite(site)
    return f"assets/{first.name}"


def rewrite(site: Path) -> None:
    """Write `sw.js` of a copy of the site as the build does."""
    (site / keep.FILE).unlink()
    keep.write(site)


def root(server: CountingServer) -> str:
    return address(server) + PREFIX.lstrip("/")


def settings(page: Page) -> Locator:
    """Open the settings, and return the part with the switch."""
    if not page.locator("#settings").is_visible():
        page.get_by_role("button", name="Settings").click()
    return page.locator("#settings [data-role=keep]")


def switch_on(page: Page) -> None:
    part = settings(page)
    part.get_by_role("switch").check()
    expect(part.get_by_role("status")).to_have_text(WHOLE, timeout=TAKE_MS)


def eventually(page: Page, promise: str, wanted: Any) -> None:
    """Wait until a promise made in the page gives this."""
    until(page, f"({promise}).then((found) => JSON.stringify(found) === JSON.stringify(given))", wanted)
