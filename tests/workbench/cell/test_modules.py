"""What the cell cannot do, it says."""

from __future__ import annotations

import pytest

from circuit_explainer.workbench.cell.modules import BROWSER, CHARTS, INPUT, LENS, NETWORK, PAUSED, missing
from tests.workbench.cell.ran import run_all


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("import socket", NETWORK),
        ("import urllib.request", NETWORK),
        ("from urllib import request", NETWORK),
        ("from urllib.request import urlopen", NETWORK),
        ("import http.client", NETWORK),
        ("import requests", NETWORK),
        ("import js", BROWSER),
        ("from pyodide.http import pyfetch", BROWSER),
        ("from js import fetch", BROWSER),
        ("input('Your name? ')", INPUT),
        ("breakpoint()", PAUSED),
        ("import transformer_lens", LENS),
        ("import matplotlib.pyplot as plt", CHARTS),
        ("import pandas", "There is no module pandas here"),
        ("def f():\n    import socket\nf()", NETWORK),
        ("import asyncio\nasyncio.sleep\nimport ssl", NETWORK),
    ],
)
def test_what_cannot_be_done_has_a_sentence(code: str, sentence: str, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    # Here there may be modules that no browser has.
    for name in ("pandas", "matplotlib", "matplotlib.pyplot", "transformer_lens"):
        monkeypatch.setitem(sys.modules, name, None)
    failure = run_all(code).failure
    assert sentence in failure["message"]
    assert failure["line"] is not None


def test_what_can_be_done_is_done() -> None:
    for code in (
        "import math, urllib.parse, collections.abc",
        "from circuit_explainer import zoo",
        "from os import path",
    ):
        assert list(run_all(code).answer) == ["seconds"]


def test_the_library_itself_imports_what_it_wants() -> None:
    """The reader's functions are kept from modules; what they call is not."""
    assert run_all("import asyncio.sslproto, numpy.testing\n'ssl' in dir(asyncio.sslproto)").all("value") == ["True"]


def test_sentences_on_missing_modules() -> None:
    assert missing("socket") == NETWORK
    assert missing("os.nothing").startswith("There is no module os.nothing here")
    assert missing("torch.nn").endswith(LENS)
