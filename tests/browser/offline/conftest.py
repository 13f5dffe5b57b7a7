from pathlib import Path
from zipfile import ZipFile

import pytest

from circuit_explainer.build.offline.make import make
from tests.browser.conftest import SITE


@pytest.fixture(scope="session")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The offline copy as a reader unpacks it, in a folder whose name has a space and an umlaut."""
    folder = tmp_path_factory.mktemp("offline")
    made = make(SITE, folder / "made", "9.9", "1 January 2026")
    with ZipFile(made) as copy:
        copy.extractall(folder / "My Übung")
    return folder / "My Übung" / "circuit-explainer-9.9"


@pytest.fixture(scope="session")
def base(unpacked: Path) -> str:
    """In place of a server's address."""
    return unpacked.as_uri() + "/"
