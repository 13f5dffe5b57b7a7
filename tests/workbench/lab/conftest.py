"""A lab in which nothing was done yet."""

from collections.abc import Iterator

import pytest

from circuit_explainer.workbench.lab import tool
from circuit_explainer.workbench.lab.state import Lab
from circuit_explainer.workbench.playground import models
from tests.workbench.lab.door import heard


@pytest.fixture(autouse=True)
def new_lab(monkeypatch: pytest.MonkeyPatch) -> Iterator[Lab]:
    monkeypatch.setattr(tool, "lab", Lab())
    heard.clear()
    yield tool.lab
    for name in filter(models.own, models.names()):
        models.forget(name)
