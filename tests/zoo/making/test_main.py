import sys

import pytest

from circuit_explainer.zoo.making import __main__ as train
from circuit_explainer.zoo.making.text.corpus import Problem


class Replaced(Exception):
    """Stands for the process that execv would become."""


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    calls: list[list[str]] = []

    def execv(path: str, arguments: list[str]) -> None:
        calls.append(arguments)
        raise Replaced

    monkeypatch.setattr("os.execv", execv)
    for name in train.PINNED:
        monkeypatch.delenv(name, raising=False)
    return calls


def test_starts_again_with_pinned_arithmetic(started: list[list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    environment: dict[str, str] = {}
    monkeypatch.setattr("os.environ", environment)
    with pytest.raises(Replaced):
        train.main(["by-hand"])
    assert environment == train.PINNED | train.QUICK
    assert started == [[sys.executable, "-m", "circuit_explainer.zoo.making", "by-hand"]]


def test_once_pinned_it_makes_the_models(started: list[list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.environ", dict(train.PINNED))
    monkeypatch.setattr("circuit_explainer.zoo.making.__main__.make", lambda names: len(names))
    assert train.main(["a", "b"]) == 2
    assert started == []


@pytest.mark.parametrize("error", [Problem("no internet"), ValueError("There is no model 'x'")])
def test_what_the_person_can_mend_is_said_in_one_line(
    error: Exception, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def make(names: list[str]) -> int:
        raise error

    monkeypatch.setattr("os.environ", dict(train.PINNED))
    monkeypatch.setattr("circuit_explainer.zoo.making.__main__.make", make)
    assert train.main([]) == 2
    assert capsys.readouterr().err == f"{error}\n"
