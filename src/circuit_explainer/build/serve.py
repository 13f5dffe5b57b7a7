"""A small static server for the built site: right MIME types, gzip and revalidation, as static hosts do it."""

from __future__ import annotations

import gzip
from contextlib import suppress
from functools import lru_cache, partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

MIME_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".wasm": "application/wasm",
    ".whl": "application/octet-stream",
    ".py": "text/plain; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".safetensors": "application/octet-stream",
    ".woff2": "font/woff2",
    ".zip": "application/zip",
}
# What static hosts compress; wheels, zips and fonts are compressed already.
COMPRESSED = {".html", ".js", ".mjs", ".css", ".json", ".wasm", ".py", ".svg", ".xml", ".safetensors"}


class CountingServer(ThreadingHTTPServer):
    """Knows how many bytes of content it has sent."""

    sent = 0


def make_server(folder: Path, port: int = 0, prefix: str = "/", quiet: bool = True) -> CountingServer:
    """Return a server of `folder` on 127.0.0.1 under the path `prefix`; port 0 takes a free one.

    Raises OSError when the port is taken.
    """
    handler = partial(_Handler, directory=str(folder), prefix=prefix, quiet=quiet)
    return CountingServer(("127.0.0.1", port), handler)


class _Handler(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # the head of an answer and its body are two writes: the second would wait 40 ms
    server: CountingServer

    def __init__(self, *args: Any, prefix: str, quiet: bool, **kwargs: Any) -> None:
        self.prefix, self.quiet = prefix, quiet
        self.extensions_map = {**self.extensions_map, **MIME_TYPES}
        super().__init__(*args, **kwargs)

    def handle(self) -> None:
        # A browser that leaves a page drops what it no longer needs, also a connection that asks for nothing yet.
        with suppress(ConnectionError):
            super().handle()

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def _answer(self, with_body: bool) -> None:
        address = urlsplit(self.path)
        path = unquote(address.path)
        if not path.startswith(self.prefix):
            return self.send_error(HTTPStatus.NOT_FOUND)
        file = Path(self.translate_path("/" + path[len(self.prefix) :]))
        if file.is_dir() and not path.endswith("/"):
            self.send_response(HTTPStatus.MOVED_PERMANENTLY)
            self.send_header("Location", address.path + "/")
            self.send_header("Content-Length", "0")
            return self.end_headers()
        file = file / "index.html" if file.is_dir() else file
        if not file.is_file():
            return self._send(HTTPStatus.NOT_FOUND, Path(self.directory) / "404.html", with_body)
        return self._send(HTTPStatus.OK, file, with_body)

    def _send(self, status: HTTPStatus, file: Path, with_body: bool) -> None:
        if not file.is_file():
            return self.send_error(status)
        about = file.stat()
        tag = f'"{about.st_mtime_ns:x}-{about.st_size:x}"'
        if self.headers.get("If-None-Match") == tag:
            self.send_response(HTTPStatus.NOT_MODIFIED)
            self.send_header("ETag", tag)
            return self.end_headers()
        packed = file.suffix in COMPRESSED and "gzip" in self.headers.get("Accept-Encoding", "")
        body = _read(file, about.st_mtime_ns, packed)
        self.send_response(status)
        self.send_header("Content-Type", self.guess_type(str(file)))
        self.send_header("Content-Length", str(len(body)))
        self.send_header("ETag", tag)
        # Ten minutes, as GitHub Pages says.
        self.send_header("Cache-Control", "max-age=600")
        if packed:
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        if with_body:
            self.copyfile(BytesIO(body), self.wfile)
            self.server.sent += len(body)

    def log_message(self, format: str, *args: Any) -> None:
        if not self.quiet:
            super().log_message(format, *args)


@lru_cache(maxsize=256)
def _read(file: Path, _modified: int, packed: bool) -> bytes:
    data = file.read_bytes()
    return gzip.compress(data, 6, mtime=0) if packed else data
