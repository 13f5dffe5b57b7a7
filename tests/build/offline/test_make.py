"""The offline copy as files: the same bytes each time, whole, small enough, and with no link that leads nowhere."""

import hashlib
import re
from pathlib import Path
from urllib.parse import unquote
from zipfile import ZipFile

import pytest

from circuit_explainer.build.offline import pages
from circuit_explainer.build.offline.make import make
from tests.budget import over

SITE = Path(__file__).parents[3] / "site"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(SITE, tmp_path_factory.mktemp("made"), "1.2", "3 April 2026")


@pytest.fixture(scope="module")
def folder(made: Path) -> Path:
    return made.with_suffix("")


def test_the_same_site_gives_the_same_bytes(made: Path, tmp_path: Path) -> None:
    assert make(SITE, tmp_path, "1.2", "3 April 2026").read_bytes() == made.read_bytes()


def test_the_zip_holds_one_folder_and_a_true_list_of_hashes(made: Path, tmp_path: Path) -> None:
    with ZipFile(made) as copy:
        copy.extractall(tmp_path)
    (root,) = tmp_path.iterdir()
    listed = dict(line.split("  ")[::-1] for line in (root / "MANIFEST.sha256").read_text().splitlines())
    found = {path.relative_to(root).as_posix(): path for path in root.rglob("*") if path.is_file()}
    assert set(listed) == set(found) - {"MANIFEST.sha256"}
    assert [name for name in listed if hashlib.sha256(found[name].read_bytes()).hexdigest() != listed[name]] == []


def test_it_is_as_small_as_promised(made: Path, folder: Path) -> None:
    added = [*(folder / "assets" / "packs").rglob("*.js"), *(folder / "assets" / "offline").iterdir()]
    packs = sum(path.stat().st_size for path in added)
    assert over("offline", {"zip_megabytes": made.stat().st_size / 1e6, "packs_megabytes": packs / 1e6}) == {}


def test_every_link_leads_to_a_file(folder: Path) -> None:
    for page in folder.rglob("*.html"):
        for link in pages.links(page.read_text(encoding="utf-8")):
            path = re.match(r"[^?#]*", link)
            assert path
            if path[0] and not re.match(r"[a-z]+:", link):
                assert (page.parent / unquote(path[0])).is_file(), f"{page.relative_to(folder)}: {link}"


def test_no_page_asks_for_a_module_or_names_a_foreign_source(folder: Path) -> None:
    for page in folder.rglob("*.html"):
        html = page.read_text(encoding="utf-8")
        assert not re.search(r'type="(module|importmap)"|rel="(modulepreload|prefetch|preload)"', html), page
        assert "unsafe-eval'" not in html.replace("'wasm-unsafe-eval'", "")


def test_the_search_index_leads_to_files(folder: Path) -> None:
    script = (folder / pages.INDEX).read_text(encoding="utf-8")
    places = re.findall(r'"location":"([^"#]*)', script)
    assert len(places) > 100
    assert [place for place in places if not (folder / place).is_file()] == []


def test_without_a_site_it_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="Run `make build` first"):
        make(tmp_path, tmp_path / "out", "1", "today")


def test_a_link_out_of_the_site_is_an_error() -> None:
    with pytest.raises(ValueError, match="outside of the site"):
        pages.page('<meta charset="utf-8"><a href="../../x/">x</a></footer>', "a/index.html", "told")


def test_links_to_folders_lead_to_their_pages() -> None:
    html = '<meta charset="utf-8"><script src="a.js"></script><a href="../b/?q=1#c">x</a><a href="#d">y</a></footer>'
    made = pages.page(html, "a/index.html", "told")
    assert '<a href="../b/index.html?q=1#c">' in made
    assert '<a href="#d">' in made
    assert '<script src="../assets/offline/early.js"></script>' in made
    assert '<p class="offline-note">told</p></footer>' in made
