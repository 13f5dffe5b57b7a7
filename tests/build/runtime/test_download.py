from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from circuit_explainer.build.runtime.download import download
from circuit_explainer.build.runtime.problem import DiskFull, Problem

from .conftest import Serve

BODY = bytes(range(256)) * 2000
HASH = hashlib.sha256(BODY).hexdigest()


def test_the_whole_file_arrives(tmp_path: Path, serve: Serve) -> None:
    download(serve(BODY) + "a.whl", tmp_path / "new" / "a.whl", HASH)
    assert (tmp_path / "new" / "a.whl").read_bytes() == BODY
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["a.whl"]


def test_no_network(tmp_path: Path, nowhere: str) -> None:
    with pytest.raises(Problem, match=r"no network: http://127.*a\.whl cannot be reached .*run again"):
        download(nowhere + "a.whl", tmp_path / "a.whl", HASH)
    assert list(tmp_path.iterdir()) == []


def test_wrong_hash(tmp_path: Path, serve: Serve) -> None:
    other = hashlib.sha256(b"other").hexdigest()
    with pytest.raises(Problem, match=rf"wrong hash for .*a\.whl: expected sha256 {HASH}, got {other}; run again"):
        download(serve(b"other") + "a.whl", tmp_path / "a.whl", HASH)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("sent", [0, 1000, len(BODY) - 1])
def test_truncated(tmp_path: Path, serve: Serve, sent: int) -> None:
    with pytest.raises(Problem, match=rf"truncated download of .*expected {len(BODY)} bytes, got {sent}; run again"):
        download(serve(BODY[:sent], length=len(BODY)) + "a.whl", tmp_path / "a.whl", HASH)
    assert list(tmp_path.iterdir()) == []


def test_server_error(tmp_path: Path, serve: Serve) -> None:
    with pytest.raises(Problem, match=r"answered 503 .*try again later"):
        download(serve(b"", status=503) + "a.whl", tmp_path / "a.whl", HASH)


def test_disk_full(tmp_path: Path, serve: Serve) -> None:
    (tmp_path / "a.whl.part").symlink_to("/dev/full")
    with pytest.raises(DiskFull, match=r"disk full while writing a\.whl: free some space in .*CIRCUIT_EXPLAINER_CACHE"):
        download(serve(BODY) + "a.whl", tmp_path / "a.whl", HASH)
    assert list(tmp_path.iterdir()) == []


def test_a_failed_download_leaves_the_older_file(tmp_path: Path, serve: Serve) -> None:
    (tmp_path / "a.whl").write_bytes(b"older")
    with pytest.raises(Problem, match="truncated"):
        download(serve(BODY[:10], length=len(BODY)) + "a.whl", tmp_path / "a.whl", HASH)
    assert (tmp_path / "a.whl").read_bytes() == b"older"


def test_leftovers_of_a_killed_download_are_not_used(tmp_path: Path, serve: Serve) -> None:
    (tmp_path / "a.whl.part").write_bytes(b"half of something")
    download(serve(BODY) + "a.whl", tmp_path / "a.whl", HASH)
    assert (tmp_path / "a.whl").read_bytes() == BODY
