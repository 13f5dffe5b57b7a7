"""The local server behaves as a static host: MIME types, gzip, revalidation, sub-paths, 404 pages."""

import gzip
import socket
import struct
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

import pytest

from circuit_explainer.build.serve import make_server
from tests.serving import serving

WASM = bytes(range(256)) * 40


@pytest.fixture(scope="module", params=["/", "/circuit-explainer/"])
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, str]]:
    folder: Path = tmp_path_factory.mktemp("site")
    (folder / "lessons").mkdir()
    (folder / "index.html").write_text("<p>home</p>")
    (folder / "404.html").write_text("<p>not here</p>")
    (folder / "lessons" / "index.html").write_text("<p>lessons</p>")
    (folder / "a.wasm").write_bytes(WASM)
    (folder / "a.mjs").write_text("export default 1;")
    with serving(make_server(folder, prefix=request.param)) as server:
        yield server.server_address[1], request.param


def get(site: tuple[int, str], path: str, **headers: str) -> tuple[HTTPResponse, bytes]:
    connection = HTTPConnection("127.0.0.1", site[0])
    connection.request("GET", site[1] + path, headers={k.replace("_", "-"): v for k, v in headers.items()})
    response = connection.getresponse()
    body = response.read()
    connection.close()
    return response, body


@pytest.mark.parametrize(
    ("path", "mime"),
    [("", "text/html; charset=utf-8"), ("a.wasm", "application/wasm"), ("a.mjs", "text/javascript; charset=utf-8")],
)
def test_mime_types(site: tuple[int, str], path: str, mime: str) -> None:
    response, _ = get(site, path)
    assert (response.status, response.headers["Content-Type"]) == (200, mime)


def test_gzip_where_the_browser_takes_it(site: tuple[int, str]) -> None:
    packed, body = get(site, "a.wasm", Accept_Encoding="gzip, br")
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(body) == WASM
    plain, body = get(site, "a.wasm")
    assert plain.headers["Content-Encoding"] is None
    assert body == WASM


def test_what_the_browser_has_is_not_sent_again(site: tuple[int, str]) -> None:
    first, _ = get(site, "a.wasm")
    again, body = get(site, "a.wasm", If_None_Match=first.headers["ETag"])
    assert (again.status, body) == (304, b"")


def test_a_folder_without_its_slash_is_redirected(site: tuple[int, str]) -> None:
    response, _ = get(site, "lessons")
    assert (response.status, response.headers["Location"]) == (301, site[1] + "lessons/")
    assert get(site, "lessons/")[1] == b"<p>lessons</p>"


@pytest.mark.parametrize("path", ["nothing", "../secret", "%2e%2e/secret", "lessons/nothing.html"])
def test_what_is_not_there_gets_the_404_page(site: tuple[int, str], path: str) -> None:
    response, body = get(site, path)
    assert (response.status, body) == (404, b"<p>not here</p>")


def test_a_browser_that_leaves_is_no_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    server = make_server(tmp_path)
    server.daemon_threads = False  # closing waits for the threads that answer
    with serving(server):
        for asked in (b"", b"GET / HTTP/1.1\r\n", b"GET / HTTP/1.1\r\n\r\n"):
            with socket.create_connection(("127.0.0.1", server.server_address[1])) as connection:
                connection.sendall(asked)
                # To linger for no time is to reset the connection.
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        get((server.server_address[1], "/"), "")  # comes after them in the line
    assert capsys.readouterr().err == ""
