"""Download one file whole and verified, or leave nothing behind."""

from __future__ import annotations

import hashlib
import http.client
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from .places import megabytes, say
from .problem import Problem, os_problem

CHUNK = 1 << 16
SECONDS_BETWEEN_LINES = 2.0


def download(url: str, target: Path, sha256: str, timeout: float = 20) -> None:
    """Fetch `url` to `target`; the file appears only once all its bytes are there and have this hash."""
    part = target.with_name(target.name + ".part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with part.open("wb") as file:
            got = _receive(url, file, timeout)
        if got != sha256:
            raise Problem(
                f"wrong hash for {url}: expected sha256 {sha256}, got {got}; "
                "run again, and if it stays so, something between here and that address changes the file"
            )
        part.replace(target)
    except OSError as error:
        raise os_problem(error, f"writing {target.name}", target.parent) from error
    finally:
        part.unlink(missing_ok=True)


def progress(what: str, total: int | None) -> Callable[[int], None]:
    """A function that is told the bytes so far and now and then prints a line."""
    last = time.monotonic()

    def tell(done: int) -> None:
        nonlocal last
        if time.monotonic() - last >= SECONDS_BETWEEN_LINES:
            last = time.monotonic()
            say(f"  {what}: {megabytes(done)}" + (f" of {megabytes(total)}" if total else ""))

    return tell


def _receive(url: str, file: BinaryIO, timeout: float) -> str:
    """Copy the body into `file` and return its hash; errors of the network become problems here."""
    digest, done = hashlib.sha256(), 0
    try:
        with urllib.request.urlopen(url, timeout=timeout) as response:
            length = response.headers.get("Content-Length")
            total = int(length) if length else None
            tell = progress(url.rsplit("/", 1)[-1], total)
            while chunk := _read(response, url):
                file.write(chunk)
                digest.update(chunk)
                done += len(chunk)
                tell(done)
    except urllib.error.HTTPError as error:
        raise Problem(f"{url} answered {error.code} {error.reason}; try again later") from error
    except urllib.error.URLError as error:
        raise _no_network(url, error.reason) from error
    if total is not None and done != total:
        raise Problem(f"truncated download of {url}: expected {total} bytes, got {done}; run again")
    return digest.hexdigest()


def _read(response: http.client.HTTPResponse, url: str) -> bytes:
    try:
        return response.read(CHUNK)
    except (OSError, http.client.HTTPException) as error:
        raise Problem(f"truncated download of {url}: {error!r}; run again") from error


def _no_network(url: str, reason: object) -> Problem:
    return Problem(f"no network: {url} cannot be reached ({reason}); connect to the internet and run again")
