"""Where things lie, how they are named, and what is said about them while they are made."""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[3]
MANIFEST = HERE / "manifest.json"
COMMAND = "python -m circuit_explainer.build.runtime"


def cache_dir() -> Path:
    """The folder for downloads and assembled files: `.cache`, or $CIRCUIT_EXPLAINER_CACHE."""
    chosen = os.environ.get("CIRCUIT_EXPLAINER_CACHE")
    return Path(chosen).expanduser().resolve() if chosen else ROOT / ".cache"


def say(text: str) -> None:
    """Print one line at once, also where the output is a pipe."""
    print(f"runtime: {text}", flush=True)


def megabytes(count: int) -> str:
    """A size for people, such as 8.7 MB."""
    return f"{count / 1e6:.1f} MB" if count >= 100_000 else f"{count / 1e3:.1f} kB"


def sha256(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def files_below(folder: Path) -> list[str]:
    """Every file below a folder, as sorted relative names with slashes."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


@contextmanager
def alone(cache: Path) -> Iterator[None]:
    """Let one process at a time write into a cache; the lock ends with the process, whatever happens to it."""
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / "lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"waiting for another run that uses {cache}")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield
