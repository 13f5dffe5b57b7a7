"""Find a Chromium for the browser tests, or install one, or say exactly how to get one."""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Playwright

VARIABLE = "CHROMIUM"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# The same browser without its window: the tests take three quarters of the time.
FOR_TESTS = ("chromium-headless-shell", *NAMES)
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
# Python is compiled anew while it runs, ever better. In a test, which is short, that takes more time than it saves.
IN_TESTS = (*ARGUMENTS, "--js-flags=--wasm-tiering-budget=2000000000")
HOW = (
    "No Chromium was found. Install one with `sudo apt-get install chromium` or "
    f"`.venv/bin/playwright install chromium`, or set {VARIABLE} to the path of one."
)


def find(playwright: Playwright, names: Sequence[str] = FOR_TESTS) -> str:
    """Return the path of a Chromium: the variable's, the system's by the first of these names that is there,
    Playwright's own, or a new one from apt as root.
    """
    named = os.environ.get(VARIABLE)
    if named:
        if not Path(named).is_file():
            raise RuntimeError(f"{VARIABLE} is set to {named}, where there is no file. Correct it or unset it.")
        return named
    own = playwright.chromium.executable_path
    found = on_path(names) or (own if Path(own).is_file() else None) or from_apt(names[0])
    if not found:
        raise RuntimeError(HOW)
    return found


def on_path(names: Sequence[str]) -> str | None:
    """Return the path of the first of these programs that is installed."""
    return next((path for name in names if (path := shutil.which(name))), None)


def from_apt(package: str) -> str | None:
    """Install a browser, as root on Debian and its like; return its path, or None where that does not work."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return None
    print(f"Installing {package} with apt (about 100 MB)", file=sys.stderr, flush=True)
    for command in (["apt-get", "update"], ["apt-get", "install", "--yes", "--no-install-recommends", package]):
        if subprocess.run(command, capture_output=True, check=False).returncode:
            return None
    return shutil.which(package)
