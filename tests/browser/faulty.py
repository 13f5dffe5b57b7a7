"""A server of the built site in which files that a test names are gone, cut, short, changed, mistyped or held back."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http import HTTPStatus
from pathlib import Path
from threading import Semaphore
from typing import Any, Literal

from circuit_explainer.build import serve
from tests.browser.conftest import PREFIX, SITE
from tests.serving import address, serving

Fault = Literal["missing", "cut", "short", "mistyped", "changed", "slow"]
PIECE = 60_000  # bytes of a slow file that come at once


class Faulty:
    """Where the site answers, and the faults of its files by a pattern of their names. A slow file gives a piece when
    `let` is called."""

    def __init__(self, base: str = "") -> None:
        self.base = base
        self.faults: dict[str, Fault] = {}
        self.asked: list[str] = []
        self._pieces = Semaphore(0)

    def fault(self, name: str) -> Fault | None:
        return next((fault for pattern, fault in self.faults.items() if re.fullmatch(pattern, name)), None)

    def let(self) -> None:
        self._pieces.release()

    def drop(self) -> None:
        """What is slow breaks off."""
        self.faults = {}
        self._pieces.release()

    def wait(self) -> None:
        self._pieces.acquire(timeout=60)


class _Handler(serve._Handler):
    def __init__(self, *args: Any, site: Faulty, **kwargs: Any) -> None:
        self.site = site
        super().__init__(*args, **kwargs)

    def _send(self, status: HTTPStatus, file: Path, with_body: bool) -> None:
        self.site.asked.append(file.name)
        fault = self.site.fault(file.name)
        if fault is None:
            return super()._send(status, file, with_body)
        if fault == "missing":
            return super()._send(HTTPStatus.NOT_FOUND, Path(self.directory) / "404.html", with_body)
        body = file.read_bytes()
        middle = len(body) // 2
        if fault == "changed":
            body = body[:middle] + bytes([body[middle] ^ 1]) + body[middle + 1 :]
        elif fault == "short":
            body = body[:middle]
        self.send_response(status)
        self.send_header("Content-Type", "text/html" if fault == "mistyped" else self.guess_type(str(file)))
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "max-age=600")  # what is wrong is kept by the browser, as what is right
        self.end_headers()
        if fault == "cut":
            self.close_connection = True
            body = body[:middle]
        if fault == "slow":
            return self._slowly(file.name, body)
        self.wfile.write(body)

    def _slowly(self, name: str, body: bytes) -> None:
        while body:
            self.site.wait()
            if self.site.fault(name) != "slow":
                self.close_connection = True
                return
            self.wfile.write(body[:PIECE])
            body = body[PIECE:]


@contextmanager
def faulty() -> Iterator[Faulty]:
    """Serve the site for a block."""
    site = Faulty()
    server = serve.make_server(SITE, prefix=PREFIX)
    server.RequestHandlerClass = partial(_Handler, directory=str(SITE), prefix=PREFIX, quiet=True, site=site)
    with serving(server):
        site.base = address(server) + PREFIX.lstrip("/")
        yield site
