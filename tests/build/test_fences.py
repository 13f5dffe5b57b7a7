"""Fences in Markdown become exhibits: compared with golden files, which only a person rewrites."""

import json
import re
from html import unescape
from pathlib import Path

import pytest

from tests.build.render import GOLDEN, render


@pytest.mark.parametrize("page", sorted(GOLDEN.glob("*.md")), ids=lambda page: page.stem)
def test_pages_render_as_their_golden_files(page: Path) -> None:
    assert render(page)[0] == page.with_suffix(".html").read_text(encoding="utf-8")


def test_the_page_carries_its_blocks_with_their_lines() -> None:
    html, _ = render(GOLDEN / "page.md")
    found = re.search(r'<template data-role="page" data-search-exclude>(.*?)</template>', html)
    assert found is not None
    data = json.loads(unescape(found[1]))
    lines = (GOLDEN / "page.md").read_text(encoding="utf-8").splitlines()
    assert data["page"] == "page.md"
    assert len(data["blocks"]) == 4
    for block in data["blocks"]:
        assert block["source"].splitlines()[0] in lines[block["line"] - 1]


SETUP = "from circuit_explainer.exhibits import *\nfrom tests.exhibits.sample import SampleChart\n"


@pytest.mark.parametrize(
    ("fence", "code", "message"),
    [
        ("", "x = 1 / 0", "page.md:5: ZeroDivisionError"),
        ("", "x = (", "page.md:5: SyntaxError"),
        ("", "@exhibit()\ndef f(text): ...", "page.md:5: ExhibitError: Parameter 'text' of exhibit 'f' has no control"),
        ("", "@exhibit(a=Choice(0, 1))\ndef f(): ...", "page.md:5: ExhibitError: Control 'a' has no parameter"),
        ("", "a = Slider(0, 1, 2)", "page.md:5: ValueError: Slider default must lie from 0 to 1. Got 2."),
        ("", "a = Choise(0, 1)", "page.md:5: NameError"),
        ("", "@exhibit()\ndef f(): return SampleChart()", "page.md:2: ValueError: Exhibit 'f' has no title. Add title"),
        ('title="T"', "@exhibit()\ndef f(): return 3", "page.md:2: ExhibitError: Exhibit 'f' must return a chart"),
        (
            'title="T" height="300"',
            "@exhibit()\ndef f(): return SampleChart(figure={'html': '<p>'})",
            "page.md:2: ValueError: Exhibit 'f' is a picture, which takes the height it needs. Remove height",
        ),
        ('hight="300"', "x = 1", "page.md:2: ValueError: A pyscript fence has no option hight"),
        ('height="9"', "x = 1", "page.md:2: ValueError: height must be a whole number of pixels"),
    ],
)
def test_a_block_that_is_wrong_is_told_with_page_line_and_fix(
    tmp_path: Path, fence: str, code: str, message: str
) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"# T\n```pyscript {fence}\n{SETUP}{code}\n```\n", encoding="utf-8")
    _, run = render(page)
    assert len(run.errors) == 1
    assert message in run.errors[0]


def test_two_exhibits_of_one_name_are_refused(tmp_path: Path) -> None:
    block = f'```pyscript title="T"\n{SETUP}@exhibit()\ndef f(): return SampleChart()\n```\n'
    page = tmp_path / "page.md"
    page.write_text(block + "\n" + block, encoding="utf-8")
    _, run = render(page)
    assert run.errors == ["page.md:8: ValueError: This page has two exhibits named 'f'. Rename one of the functions."]


def test_an_error_does_not_leak_into_the_next_page(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("```pyscript\nbroken = 1 / 0\n```\n", encoding="utf-8")
    assert render(page)[1].errors
    page.write_text("```pyscript\nassert 'broken' not in globals()\n```\n", encoding="utf-8")
    assert not render(page)[1].errors
