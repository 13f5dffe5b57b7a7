import sys

import pytest

from circuit_explainer.zoo import train


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
    assert started == [[sys.executable, "-m", "circuit_explainer.zoo.train", "by-hand"]]


def test_once_pinned_it_makes_the_models(started: list[list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.environ", dict(train.PINNED))
    monkeypatch.setattr("circuit_explainer.zoo.makers.make", lambda names: len(names))
    assert train.main(["a", "b"]) == 2
    assert started == []
