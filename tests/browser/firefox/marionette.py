"""A client of Marionette, by which every Firefox can be driven: commands as JSON over a local connection.

Playwright drives builds of its own, and Mozilla's client for Python needs a module that Python 3.13 no longer has.
Marionette sets nothing that loosens rules about files.
"""

from __future__ import annotations

import json
import socket
import time
from dataclasses import dataclass, field
from itertools import count
from typing import Any

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"  # of the WebDriver standard
CONTROL = "\ue009"


class MarionetteError(Exception):
    """Firefox refused a command."""


@dataclass
class Marionette:
    """A connection to Firefox, with the commands that the tests need."""

    connection: socket.socket
    received: bytes = b""
    numbers: count[int] = field(default_factory=lambda: count(1))

    def send(self, command: str, **given: Any) -> Any:
        """Send a command of the WebDriver standard; return its result."""
        message = json.dumps([0, next(self.numbers), command, given]).encode()
        self.connection.sendall(b"%d:%b" % (len(message), message))
        _, _, error, result = self._read()
        if error:
            raise MarionetteError(f"{error['error']}: {error['message']}")
        return result.get("value", result) if isinstance(result, dict) else result

    def navigate(self, address: str) -> None:
        self.send("WebDriver:Navigate", url=address)

    def run(self, script: str) -> Any:
        """Run a script in the page; return what it returns."""
        return self.send("WebDriver:ExecuteScript", script=script, args=[])

    def wait(self, script: str) -> Any:
        """Run a script that calls its last argument when it is done; return what it hands over."""
        return self.send("WebDriver:ExecuteAsyncScript", script=script, args=[])

    def press(self, css: str) -> None:
        self.send("WebDriver:ElementClick", id=self._find(css))

    def type(self, css: str, text: str) -> None:
        self.send("WebDriver:ElementSendKeys", id=self._find(css), text=text)

    def _find(self, css: str) -> str:
        found: str = self.send("WebDriver:FindElement", using="css selector", value=css)[ELEMENT]
        return found

    def _read(self) -> Any:
        while b":" not in self.received:
            self.received += self._more()
        length, _, rest = self.received.partition(b":")
        while len(rest) < int(length):
            rest += self._more()
        self.received = rest[int(length) :]
        return json.loads(rest[: int(length)])

    def _more(self) -> bytes:
        data = self.connection.recv(65536)
        if not data:
            raise MarionetteError("Firefox has gone.")
        return data


def connect(port: int, within_s: float) -> Marionette:
    """Return a connection with a session, as soon as Firefox listens. Raises TimeoutError when it does not."""
    end = time.monotonic() + within_s
    while True:
        try:
            driver = Marionette(socket.create_connection(("127.0.0.1", port), timeout=within_s))
            break
        except OSError:
            if time.monotonic() > end:
                raise TimeoutError(f"Firefox did not listen on port {port} within {within_s:.0f} s.") from None
    driver._read()  # it introduces itself
    driver.send("WebDriver:NewSession")
    driver.send("WebDriver:SetTimeouts", script=int(1000 * within_s))
    return driver
