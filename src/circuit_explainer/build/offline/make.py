"""Make the offline copy: a folder that opens by a double click on index.html, and the zip of it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from circuit_explainer.build import runtime
from circuit_explainer.build.offline import archive, pages
from circuit_explainer.build.offline.packs import files_of, pack, with_fonts
from circuit_explainer.build.runtime.node import run_node

SCRIPTS = Path(__file__).parents[2] / "web" / "offline"
# What only a site on a server needs: modules, what is in the packs, and files for crawlers and for developers.
LEFT_OUT = (
    "*.map",
    "*.mjs",
    "*.wasm",
    "*.whl",
    "sitemap.xml*",
    "objects.inv",
    "404.html",
    "sw.js",
    "search_index.json",
    "opened.html",
)
TEXTS = ("page/tokens.css", "page/exhibit.css", "page/diagram.css", "page/save/opened.html", "page/save/opened.js",
         "page/exhibit/look.js", "page/exhibit/dress.js")  # fmt: skip
PLOTLY_TEXTS = ("LICENSE", "LICENSES-bundled.txt")


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
    shutil.copytree(site, folder, ignore=shutil.ignore_patterns(*LEFT_OUT))
    told = f"Offline copy, version {version} of {date}. It works without a network, and nothing is sent anywhere."
    for path in sorted(folder.rglob("*.html")):
        if "assets" not in path.relative_to(folder).parts:
            at = path.relative_to(folder).as_posix()
            path.write_text(pages.page(path.read_text(encoding="utf-8"), at, told), encoding="utf-8")
    index = (site / "search" / "search_index.json").read_text(encoding="utf-8")
    (folder / pages.INDEX).write_text(pages.search_index(index), encoding="utf-8")
    _scripts(site, folder)
    archive.manifest(folder)
    return archive.zipped(folder, out / f"{name}.zip")


def _scripts(site: Path, folder: Path) -> None:
    """Write bundles and packs; take out of the folder what they hold."""
    assets = site / "assets"
    (page,) = assets.glob("page-*")
    files = files_of(page / "files.js")
    hashes, core = files["hashes"], str(files["core"])
    boot = [name for name in hashes if "/pyodide/" in name] + [str(files["package"])]
    with TemporaryDirectory() as made:
        job = {
            "modules": str(runtime.cache_dir() / "npm" / "node_modules"), "page": str(page.resolve()),
            "core": str((assets / core).resolve()), "search": str(_search_worker(assets)),
            "offline": str(SCRIPTS), "boot": boot, "out": made,
        }  # fmt: skip
        bundle = Path(__file__).with_name("bundle.mjs")
        run_node(runtime.find_tools(), [str(bundle), json.dumps(job)], "bundling the offline copy's scripts", folder)
        offline = folder / "assets" / "offline"
        offline.mkdir()
        for script in ("early.js", "main.js"):
            shutil.copyfile(Path(made) / script, offline / script)
        contents = {core: Path(made) / "core.js", **{name: assets / name for name in hashes}}
        for name, path in [*contents.items(), *_texts(assets, page, files)]:
            data = with_fonts(path.read_bytes(), path.parent) if name == TEXTS[0] else path.read_bytes()
            target = folder / "assets" / "packs" / f"{name}.js"
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(pack(name, data), encoding="utf-8")
    plotly = f"{files['runtime']}plotly/{files['plotly']}"
    for name in hashes:
        if name != plotly:
            (folder / "assets" / name).unlink(missing_ok=True)
    for path in sorted(folder.glob("assets/page-*/**/*.js")):
        if not path.match("reading/*.js"):
            path.unlink()
    for path in sorted(folder.glob("assets/runtime-*/pyscript/*.js")):
        path.unlink()


def _texts(assets: Path, page: Path, files: object) -> Iterator[tuple[str, Path]]:
    """Files that a page reads to save a chart."""
    for name in TEXTS:
        yield name, page / name.removeprefix("page/")
    for folder in assets.glob("runtime-*/plotly"):
        for name in PLOTLY_TEXTS:
            yield f"{folder.parent.name}/plotly/{name}", folder / name


def _search_worker(assets: Path) -> Path:
    (found,) = (assets / "javascripts" / "workers").glob("search.*.js")
    return found.resolve()
