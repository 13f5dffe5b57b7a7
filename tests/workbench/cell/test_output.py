"""What is printed comes a line at a time, and has an end."""

from __future__ import annotations

import sys
from typing import Any

from circuit_explainer.workbench.cell.output import MOST_CHARACTERS, MOST_LINES, shortened, streaming

Said = list[dict[str, Any]]


def test_lines_come_whole_and_at_once() -> None:
    said: Said = []
    with streaming(said.append):
        print("a", "b")
        assert said == [{"out": "a b\n", "stream": "stdout"}]
        print("c", end="")
        assert len(said) == 1
        print("d\ne", end="")
        assert said[1] == {"out": "cd\n", "stream": "stdout"}
        print("!", file=sys.stderr)
        assert said[2] == {"out": "!\n", "stream": "stderr"}
        print("f", end="", flush=True)
        assert said[3] == {"out": "ef", "stream": "stdout"}
        print("g", end="")
    assert said[4:] == [{"out": "g", "stream": "stdout"}]


def test_an_error_lets_the_rest_out_and_gives_the_streams_back() -> None:
    said: Said = []
    before = sys.stdout, sys.stderr
    try:
        with streaming(said.append):
            print("a", end="")
            raise ValueError
    except ValueError:
        pass
    assert said == [{"out": "a", "stream": "stdout"}]
    assert (sys.stdout, sys.stderr) == before


def test_too_many_lines_are_cut_and_told_once() -> None:
    said: Said = []
    with streaming(said.append):
        for i in range(3 * MOST_LINES):
            print(i)
        print("!", file=sys.stderr)
    assert [message.get("out") for message in said[:-1]] == [f"{i}\n" for i in range(MOST_LINES)]
    assert said[-1] == {"cut": "The output is cut here, after 1,000 lines. The code runs on."}


def test_one_text_of_too_many_lines_is_cut() -> None:
    said: Said = []
    with streaming(said.append):
        print("a\n" * (MOST_LINES + 1))
    assert said[0]["out"] == "a\n" * MOST_LINES
    assert [list(message) for message in said] == [["out", "stream"], ["cut"]]


def test_as_many_lines_as_fit_are_not_cut() -> None:
    said: Said = []
    with streaming(said.append):
        print("a\n" * MOST_LINES, end="")
    assert said == [{"out": "a\n" * MOST_LINES, "stream": "stdout"}]


def test_too_many_characters_are_cut_however_they_come() -> None:
    for pieces in (["x" * 10 * MOST_CHARACTERS], ["x" * 999] * 100, ["xy" * 100 + "\n"] * 1_000, ["x"] * 30_000):
        said: Said = []
        with streaming(said.append):
            for piece in pieces:
                assert sys.stdout.write(piece) == len(piece)
        kept = "".join(message.get("out", "") for message in said)
        assert kept == "".join(pieces)[:MOST_CHARACTERS]
        assert said[-1] == {"cut": "The output is cut here, after 20,000 characters. The code runs on."}
        assert len(said) <= MOST_CHARACTERS / 200 + 2


def test_carriage_returns_are_no_lines() -> None:
    said: Said = []
    with streaming(said.append):
        print("\r".join("ab" for _ in range(2 * MOST_LINES)))
    assert all("cut" not in message for message in said)


def test_a_long_value_is_cut() -> None:
    assert shortened("x") == "x"
    assert shortened("x" * 30_000).endswith("\n… cut here: 30,000 characters in all.")
