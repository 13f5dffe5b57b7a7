"""Debian's Firefox as it is, started with an empty profile."""

import os
import signal
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.chromium import from_apt, on_path
from tests.browser.firefox.marionette import Marionette, connect
from tests.browser.offline.conftest import unpacked

__all__ = ["unpacked"]

NAMES = ("firefox-esr", "firefox")
HOW = "No Firefox was found. Install one with `sudo apt-get install firefox-esr`, or set FIREFOX to the path of one."
WITHIN_S = 90  # a cold start of Firefox, or of Python in it, on a slow, shared machine


@pytest.fixture(scope="session")
def firefox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Marionette]:
    program = os.environ.get("FIREFOX") or on_path(NAMES) or from_apt("firefox-esr")
    if not program:
        pytest.skip(HOW)  # readers' own computers need not have two browsers; where changes are checked there is one
    port = _free_port()
    profile = tmp_path_factory.mktemp("profile")
    (profile / "user.js").write_text(f'user_pref("marionette.port", {port});\n', encoding="utf-8")
    command = [program, "--headless", "--no-remote", "--marionette", "--profile", str(profile)]
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, stdout=quiet, stderr=quiet, start_new_session=True) as process:
        try:
            driver = connect(port, WITHIN_S)
            yield driver
            driver.connection.close()
        finally:
            os.killpg(process.pid, signal.SIGKILL)


@pytest.fixture(params=["http", "file"])
def root(request: pytest.FixtureRequest) -> str:
    """Where the site lies: on a server, or on a disk."""
    if request.param == "http":
        return str(request.getfixturevalue("base"))
    folder: Path = request.getfixturevalue("unpacked")
    return folder.as_uri() + "/"


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port
