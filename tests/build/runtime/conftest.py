"""Sources and an assembled runtime, once for all tests; a local server that behaves as told."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from circuit_explainer.build.runtime.assemble import assemble
from circuit_explainer.build.runtime.fetch import Sources, fetch
from circuit_explainer.build.runtime.places import alone, cache_dir

Serve = Callable[..., str]


@pytest.fixture(scope="session")
def sources() -> Sources:
    with alone(cache_dir()):
        return fetch(cache_dir())


@pytest.fixture(scope="session")
def runtime() -> Path:
    return assemble()


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Start a server that answers every path with `body`, and says that `length` bytes come."""
    servers = []

    def start(body: bytes, length: int | None = None, status: int = 200) -> str:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(status)
                self.send_header("Content-Length", str(len(body) if length is None else length))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}/"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def nowhere() -> str:
    """An address at which nothing listens."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    server.server_close()
    return f"http://127.0.0.1:{server.server_port}/"


@pytest.fixture
def no_package_index(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """pip sees only an empty folder; tests may put packages there."""
    shelf = tmp_path / "shelf"
    shelf.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(shelf))
    return shelf
