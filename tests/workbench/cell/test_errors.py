"""Errors are told in words, with the line, and with nothing but the reader's own code."""

from __future__ import annotations

import pytest

from tests.workbench.cell.ran import run_all


def test_an_error_names_its_line_and_shows_the_readers_code_alone() -> None:
    failure = run_all("def halve(x):\n    return x / 0\n\nprint('on')\nhalve(3)").failure
    assert failure["message"] == "Line 2 stopped the run. ZeroDivisionError: division by zero"
    assert failure["line"] == 2
    lines = failure["details"].splitlines()
    assert lines[0] == "Traceback (most recent call last):"
    assert lines[1:3] == ['  File "run 1", line 5, in <module>', "    halve(3)"]
    assert '  File "run 1", line 2, in halve' in lines
    assert "    return x / 0" in lines
    assert lines[-1] == "ZeroDivisionError: division by zero"
    assert "circuit_explainer" not in failure["details"]
    assert ".py" not in failure["details"]


def test_an_error_in_the_library_is_told_at_the_readers_line() -> None:
    failure = run_all("x = 1\ncache['patern', 0]").failure
    assert failure["line"] == 2
    assert "did you mean 'blocks.0.attn.hook_pattern'" in failure["message"]
    assert failure["details"].count("File") == 1


def test_an_error_in_a_function_of_an_earlier_run_shows_its_own_line() -> None:
    failure = run_all("\n\ndef f():\n    return nothing\n", "1\n2\nf()").failure
    assert failure["line"] == 3
    assert '  File "run 1", line 4, in f' in failure["details"]
    assert "    return nothing" in failure["details"]


def test_the_cause_of_an_error_is_told_and_cut_too() -> None:
    code = "import json\ntry:\n    json.loads('{')\nexcept ValueError as error:\n    raise KeyError('x') from error"
    details = run_all(code).failure["details"]
    assert "JSONDecodeError" in details
    assert "direct cause" in details
    assert ".py" not in details


@pytest.mark.parametrize(
    ("code", "line", "message"),
    [
        ("x = 1\nprint('a'", 2, "'(' was never closed"),
        ("x = = 2", 1, "invalid syntax"),
        ("if True:\nx = 1", 2, "expected an indented block after 'if' statement on line 1"),
        ("x = 1\n  y = 2", 2, "unexpected indent"),
        ("'abc", 1, "unterminated string literal (detected at line 1)"),
        ("return 1", 1, "'return' outside function"),
    ],
)
def test_a_syntax_error_gives_the_line_with_a_caret(code: str, line: int, message: str) -> None:
    failure = run_all(code).failure
    assert failure["message"] == f"Line {line} cannot be read as Python: {message}."
    assert failure["line"] == line
    shown, caret = failure["details"].splitlines()[1:3]
    assert shown.strip() == code.splitlines()[line - 1].strip()
    assert set(caret.strip()) == {"^"}


def test_the_caret_stands_below_what_is_wrong() -> None:
    assert run_all("if x:\n\tx = = 2").failure["details"].splitlines()[1:3] == ["    \tx = = 2", "    \t    ^"]
    assert run_all("return 1").failure["details"].splitlines()[1:] == [
        "    return 1",
        "    ^^^^^^^^",
        "SyntaxError: 'return' outside function",
    ]


def test_code_that_no_parser_takes_is_told() -> None:
    for code in ("x = '\0'", "'\ud800'", "(" * 5000, "-" * 100_000 + "1"):
        failure = run_all(code).failure
        assert failure["message"].startswith(("The run stopped.", "The code cannot be read", "Line 1 cannot be read"))


def test_endless_recursion_is_told_shortly() -> None:
    failure = run_all("def f():\n    return f()\nf()").failure
    assert failure["message"].startswith("Line 2 stopped the run. RecursionError")
    assert len(failure["details"]) < 2_000


def test_a_message_without_end_is_cut() -> None:
    failure = run_all("raise ValueError('x' * 1_000_000)").failure
    assert len(failure["message"]) < 5_000
    assert len(failure["details"]) < 5_000
    assert "characters more." in failure["message"]


def test_whatever_is_raised_is_told() -> None:
    assert run_all("raise KeyboardInterrupt").failure["message"] == "Line 1 stopped the run. KeyboardInterrupt"
    assert "GeneratorExit" in run_all("raise GeneratorExit").failure["message"]
    failure = run_all("raise ExceptionGroup('two', [ValueError('a'), TypeError('b')])").failure
    assert "ValueError: a" in failure["details"]


def test_an_error_whose_text_cannot_be_made_is_told() -> None:
    code = "class Odd(Exception):\n    def __str__(self):\n        raise RuntimeError\nraise Odd"
    assert run_all(code).failure["line"] == 4


def test_what_is_too_large_is_told_with_what_to_do() -> None:
    failure = run_all("np.ones(2**60, 'int8')").failure
    assert failure["message"].endswith("use smaller arrays, or press Reset to let go of your variables.")
    assert failure["message"].startswith("Line 1 stopped the run.")
