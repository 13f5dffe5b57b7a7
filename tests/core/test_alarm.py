import itertools

import pytest

from tests.core.alarm import at_most, within


def hang() -> None:
    for _ in itertools.count():
        pass


def test_what_hangs_is_stopped_and_fails() -> None:
    with pytest.raises(pytest.fail.Exception, match="still busy after 0.05 s"), at_most(seconds=0.05):
        hang()


def test_what_needs_much_memory_fails() -> None:
    with within(1_000_000):
        bytes(900_000)
    with pytest.raises(AssertionError, match="bytes at once"), within(1_000_000):
        bytes(1_100_000)
