"""Bundle the site's modules into classic scripts, with esbuild under Node: a page from a disk may load no modules."""

from __future__ import annotations

import json
from pathlib import Path

from circuit_explainer.build import runtime
from circuit_explainer.build.offline.packs import boot_files, files_of, page_folder
from circuit_explainer.build.runtime.node import run_node
from circuit_explainer.build.runtime.npm_packages import node_modules
from circuit_explainer.build.runtime.places import alone

SCRIPTS = Path(__file__).parents[2] / "web" / "offline"
BUNDLES = ("early.js", "main.js")  # what pages load
CORE = "core.js"  # PyScript, for a pack


def bundle(assets: Path, out: Path) -> None:
    """Write the bundles of a built site's `assets` into `out`. Raises Problem where Node or esbuild fails."""
    tools, cache = runtime.find_tools(), runtime.cache_dir()
    with alone(cache):
        modules = node_modules(tools, cache)
    (search,) = (assets / "javascripts" / "workers").glob("search.*.js")
    files = files_of(assets)
    job = {
        "modules": modules,
        "page": page_folder(assets),
        "core": assets / str(files["core"]),
        "search": search,
        "offline": SCRIPTS,
        "out": out,
    }
    given = {name: str(path.resolve()) for name, path in job.items()} | {"boot": boot_files(files)}
    script = Path(__file__).with_name("bundle.mjs")
    run_node(tools, [str(script), json.dumps(given)], "bundling the offline copy's scripts", out)
