"""A limit on what one file may cost; where there are no signals, as in the browser, it cannot be imported."""

from __future__ import annotations

import signal
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Fail the test as soon as the block has used so many seconds of the processor; a busy machine does not count."""

    def stop(*_: Any) -> None:
        pytest.fail(f"still busy after {seconds} s of the processor")

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


@contextmanager
def within(size: int) -> Iterator[None]:
    """Fail the test if the block needed more bytes at once than ``size``, beside what there was before."""
    tracemalloc.start()
    try:
        yield
        most = tracemalloc.get_traced_memory()[1]
        assert most < size, f"needed {most} bytes at once"
    finally:
        tracemalloc.stop()
