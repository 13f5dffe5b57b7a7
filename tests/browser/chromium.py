"""Find a Chromium for the browser tests, or install one, or say exactly how to get one."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Playwright

VARIABLE = "CHROMIUM"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
HOW = (
    "No Chromium was found. Install one with `sudo apt-get install chromium` or "
    f"`.venv/bin/playwright install chromium`, or set {VARIABLE} to the path of one."
)


def find(playwright: Playwright) -> str:
    """Return the path of a Chromium: the variable's, the system's, Playwright's own, or a new one from apt as root."""
    named = os.environ.get(VARIABLE)
    if named:
        if not Path(named).is_file():
            raise RuntimeError(f"{VARIABLE} is set to {named}, where there is no file. Correct it or unset it.")
        return named
    own = playwright.chromium.executable_path
    found = _on_path() or (own if Path(own).is_file() else None) or _from_apt()
    if not found:
        raise RuntimeError(HOW)
    return found


def _on_path() -> str | None:
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def _from_apt() -> str | None:
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return None
    print("Installing Chromium with apt (about 100 MB)", file=sys.stderr, flush=True)
    for command in (["apt-get", "update"], ["apt-get", "install", "--yes", "--no-install-recommends", "chromium"]):
        if subprocess.run(command, capture_output=True, check=False).returncode:
            return None
    return _on_path()
