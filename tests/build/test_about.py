"""What is cited is what is there: CITATION.cff, the package and the page agree."""

from datetime import date
from importlib.metadata import version
from pathlib import Path

import pytest

from circuit_explainer.build import about

ROOT = Path(__file__).parents[2]
CITED = about.About(
    "A title",
    ("Ada, Grace", "The authors"),
    "1.2.0",
    date(2026, 5, 4),
    "MIT",
    "https://x.org/site",
    "https://g.com/a/b",
)


def test_the_file_and_the_package_are_the_same_version() -> None:
    found = about.read(ROOT, "https://x.org/site/")
    assert found is not None
    assert found.version == version(about.PACKAGE)
    assert f'version = "{found.version}"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert found.address == "https://x.org/site"
    assert found.repository == ""


def test_another_version_is_told(tmp_path: Path) -> None:
    given = (ROOT / about.FILE).read_text(encoding="utf-8")
    (tmp_path / about.FILE).write_text(given.replace("\nversion: ", "\nversion: 9"), encoding="utf-8")
    with pytest.raises(ValueError, match="is about version 9.* is installed"):
        about.read(tmp_path)
    assert about.read(tmp_path / "none") is None


def test_bibtex_and_plain() -> None:
    entry = about.bibtex(CITED)
    assert entry.startswith("@software{circuit-explainer-1.2.0,\n")
    assert "  author = {Ada, Grace and {The authors}},\n" in entry
    assert "  title = {{A title}},\n" in entry
    assert "  year = {2026},\n" in entry
    assert "  url = {https://x.org/site},\n}" in entry
    assert about.plain(CITED) == "Ada, Grace; The authors (2026). A title. Version 1.2.0. https://x.org/site/"


def test_the_frozen_copy_is_linked_where_the_repository_is_known() -> None:
    name = "circuit-explainer-1.2.0.zip"
    link = f'<a href="https://g.com/a/b/releases/download/v1.2.0/{name}">{name}</a>'
    assert link in about.html(CITED)
    apart = about.About(CITED.title, CITED.authors, CITED.version, CITED.released, CITED.license)
    assert "<a " not in about.html(apart)
    assert f"<code>{name}</code> of the release <code>v1.2.0</code>" in about.html(apart)
    assert "url" not in about.bibtex(apart)


@pytest.mark.parametrize("address", ["http://127.0.0.1:8000/", "http://localhost:3000", None, ""])
def test_a_site_for_this_computer_has_no_address_to_cite(address: str | None) -> None:
    found = about.read(ROOT, address, "https://g.com/a/b/")
    assert found is not None
    assert (found.address, found.repository) == ("", "https://g.com/a/b")
