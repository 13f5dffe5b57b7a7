"""Make the offline copy: a folder that opens by a double click on index.html, and the zip of it."""

from __future__ import annotations

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

from circuit_explainer.build import policy
from circuit_explainer.build.assets import CLASSIC
from circuit_explainer.build.offline import archive, pages
from circuit_explainer.build.offline.bundle import BUNDLES, CORE, bundle
from circuit_explainer.build.offline.packs import PACKED, write_packs

# What only a site on a server needs: files for crawlers and for the browser's copy, and what is in packs and bundles.
LEFT_OUT = ("sitemap.xml*", "objects.inv", "404.html", "sw.js", "search/search_index.json", "opened.html", *PACKED)

LOADED = (*CLASSIC, "search.js")  # by pages themselves, as classic scripts


def make(site: Path, out: Path, version: str, date: str) -> Path:
    """Write the copy of the built `site` as a zip into the folder `out`; return the zip's path.

    The same site gives the same bytes. Raises FileNotFoundError where there is no site, ValueError for a page that
    cannot be part of a copy.
    """
    if not (site / "index.html").is_file():
        raise FileNotFoundError(f"There is no site in {site}. Run `make build` first.")
    name = f"circuit-explainer-{version}"
    folder = out / name
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(site, folder)
    for path in _left_out(folder):
        path.unlink()
    told = f"Offline copy, version {version} of {date}. It works without a network, and nothing is sent anywhere."
    for path in policy.pages(folder):
        at = path.relative_to(folder).as_posix()
        path.write_text(pages.page(path.read_text(encoding="utf-8"), at, told), encoding="utf-8")
    index = (site / "search" / "search_index.json").read_text(encoding="utf-8")
    (folder / pages.INDEX).write_text(pages.search_index(index), encoding="utf-8")
    with TemporaryDirectory() as made:
        bundle(site / "assets", Path(made))
        for script in BUNDLES:
            target = folder / "assets" / "offline" / script
            target.parent.mkdir(exist_ok=True)
            shutil.copyfile(Path(made) / script, target)
        write_packs(site / "assets", Path(made) / CORE, folder / "assets" / "packs")
    archive.manifest(folder)
    return archive.zipped(folder, out / f"{name}.zip")


def _left_out(folder: Path) -> set[Path]:
    modules = {path for path in folder.glob("assets/page-*/**/*.js") if path.name not in LOADED}
    return modules.union(*(folder.rglob(pattern) for pattern in LEFT_OUT))
