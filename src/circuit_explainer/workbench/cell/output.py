"""What the reader's code prints: posted line by line while it runs, and cut where it grows too long."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from typing import Any

Say = Callable[[dict[str, Any]], None]

MOST_CHARACTERS = 20_000
MOST_LINES = 1_000
# A text without a line's end waits for it until it is this long.
LONG = 1_000


@dataclass
class Room:
    """How much a run may still print, on both streams together."""

    characters: int = MOST_CHARACTERS
    lines: int = MOST_LINES
    told: bool = False


class Stream(io.TextIOBase):
    """A text stream that posts `{"out": text, "stream": name}` a line at a time, until the room is used up."""

    def __init__(self, name: str, room: Room, say: Say) -> None:
        self._name, self._room, self._say = name, room, say
        self._held = ""

    def writable(self) -> bool:
        """It is."""
        return True

    def write(self, text: str) -> int:
        """Take a text; whole lines are posted at once, the rest when its line ends or `flush` is called."""
        if not self._room.told:
            # What is past the room is never seen, so it need not be kept.
            self._held += text[: MOST_CHARACTERS + 1]
            end = len(self._held) if len(self._held) > LONG else self._held.rfind("\n") + 1
            ready, self._held = self._held[:end], self._held[end:]
            self._post(ready)
        return len(text)

    def flush(self) -> None:
        """Post what waits for the end of its line."""
        ready, self._held = self._held, ""
        self._post(ready)

    def _post(self, text: str) -> None:
        room = self._room
        if not text or room.told:
            return
        kept = _first_lines(text, room.lines)[: room.characters]
        room.characters -= len(kept)
        room.lines -= kept.count("\n")
        if kept:
            self._say({"out": kept, "stream": self._name})
        if len(kept) < len(text):
            room.told = True
            self._say({"cut": f"The output is cut here, after {_told(room)}. The code runs on."})


@contextmanager
def streaming(say: Say) -> Iterator[None]:
    """Post what is printed inside the `with` block, on standard output and standard error."""
    room = Room()
    out, err = Stream("stdout", room, say), Stream("stderr", room, say)
    try:
        with redirect_stdout(out), redirect_stderr(err):
            yield
    finally:
        out.flush()
        err.flush()


def shortened(text: str) -> str:
    """A value's text, cut like the output."""
    if len(text) <= MOST_CHARACTERS:
        return text
    return f"{text[:MOST_CHARACTERS]}\n… cut here: {len(text):,} characters in all."


def _first_lines(text: str, count: int) -> str:
    lines = text.split("\n")
    return text if len(lines) <= count else "".join(f"{line}\n" for line in lines[:count])


def _told(room: Room) -> str:
    return f"{MOST_LINES:,} lines" if room.lines <= 0 else f"{MOST_CHARACTERS:,} characters"
