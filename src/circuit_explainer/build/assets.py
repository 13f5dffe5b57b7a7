"""What the site holds beside its pages: the browser runtime, the models, our package, scripts and styles.

Each group but the fonts lives in a folder named by the hash of its content: a browser may keep it for ever.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File

from circuit_explainer import zoo
from circuit_explainer.build import runtime
from circuit_explainer.build.files import Folders, brought, files_js, sha256
from circuit_explainer.build.packages import browser_modules
from circuit_explainer.zoo.loader import FILES

PACKAGE = Path(__file__).parents[1]
WEB = PACKAGE / "web"
TEMPLATES = WEB / "templates"
STYLES = (
    *("tokens.css", "page.css", "chrome.css", "exhibit.css", "lesson.css", "diagram.css", "embed.css"),
    *("hide.css", "print.css"),
)
DOCSTRING_STYLES = "assets/_mkdocstrings.css"  # made by mkdocstrings
# Run before the page is drawn, and before Material's script.
CLASSIC = ("early.js", "sitemap.js", "within.js", "unloaded.js")
# Modules that no page loads at once: the worker's, and parts fetched when they are used.
APART = ("/interpreter.js", "/tools.js", "/search.js", *CLASSIC)
# Modules that Python's start waits for; its page asks for them first.
START = ("/start.js", "/life.js", "/files.js", "/pyscript.js", "/where.js", "/checked.js")
LATER = ("/workbench/", "/save/", "/keep/", "/kept.js", "/stores.js")
RUNTIME_PARTS = ("pyodide", "pyscript", "plotly", "katex")


@dataclass(frozen=True)
class Site:
    """Files by their path in the site; a Path stands for a file to copy, bytes for one made here."""

    files: Mapping[str, Path | bytes]
    page: str
    runtime: str


def collect(runtime_folder: Path) -> Site:
    """Gather every asset. Raises FileNotFoundError that says what to run when the runtime is not assembled."""
    if not (runtime_folder / "pyodide").is_dir():
        raise FileNotFoundError(f"No browser runtime in {runtime_folder}. Run `make build`, which assembles it first.")
    parts = [path for part in RUNTIME_PARTS for path in _all_files(runtime_folder / part)]
    runtime_files = {path.relative_to(runtime_folder).as_posix(): path for path in parts}
    models = {f"{name}.safetensors": zoo.directory() / f"{name}.safetensors" for name in FILES}
    python = {name: runtime.compile_package(modules, runtime_folder) for name, modules in browser_modules().items()}
    folders = Folders(_named("runtime", runtime_files), _named("models", models), _named("python", python))
    groups = dict(zip(folders, (runtime_files, models, python), strict=True))
    files = {folder + name: path for folder, group in groups.items() for name, path in group.items()}
    page: dict[str, Path | bytes] = {
        path.relative_to(folder).as_posix(): path for folder in (WEB / "js", WEB / "css") for path in _all_files(folder)
    }
    page["files.js"] = files_js(folders, files)
    page_at = _named("page", page)
    fonts = {f"fonts/{path.name}": path for path in _all_files(runtime_folder / "fonts")}
    whole = {**fonts, **files, **{page_at + name: source for name, source in page.items()}}
    at_root = {f"assets/{name}": source for name, source in whole.items()}
    return Site(at_root, f"assets/{page_at.rstrip('/')}", f"assets/{folders.runtime.rstrip('/')}")


def site_files(site: Site, config: MkDocsConfig) -> Iterator[File]:
    """Yield each asset as a file of the site."""
    for path, source in site.files.items():
        if isinstance(source, bytes):
            yield File.generated(config, path, content=source)
        else:
            yield File.generated(config, path, abs_src_path=str(source))


def template_data(site: Site) -> dict[str, Any]:
    """Return what the page template links to."""
    ours = sorted(path for path in site.files if path.startswith(site.page) and path.endswith(".js"))
    pyscript = sorted(path for path in site.files if "/pyscript/" in path and path.endswith(".js"))
    core = [path for path in pyscript if brought(path)]
    modules = [path for path in ours if not path.endswith(APART) and not any(each in path for each in LATER)]
    plotly = f"{site.runtime}/plotly/{runtime.PLOTLY}"
    return {
        "bundle": _bundle(),
        "main": f"{site.page}/main.js",
        "search": f"{site.page}/reading/search.js",
        "classic": [f"{site.page}/reading/{name}" for name in CLASSIC],
        "start": f"{site.page}/start.js",
        "modules": sorted(core + modules, key=lambda path: path not in core and not path.endswith(START)),
        # Text in another face would take other lines, and the page would jump when its own came.
        "fonts": sorted(path for path in site.files if path.endswith("-latin-wght-normal.woff2")),
        "docstring_styles": DOCSTRING_STYLES,
        # Only where there is something of it.
        "bench_styles": sorted(
            path for path in site.files if path.startswith(f"{site.page}/workbench/") and path.endswith(".css")
        ),
        # Modules that other modules bring cannot have the attribute of this name.
        "integrity": {path: f"sha256-{sha256(_content(site.files[path]))}" for path in [*pyscript, plotly]},
        "plotly": plotly,
        "prefetch": [f"{site.runtime}/pyodide/{name}" for name in runtime.BOOT_FILES],
        "runtime": site.runtime,
    }


def stylesheets(site: Site) -> list[str]:
    """Return our styles in the order in which they apply."""
    return [f"{site.runtime}/katex/katex.min.css", *(f"{site.page}/{name}" for name in STYLES)]


def _bundle() -> str:
    """Return Material's script by its path in the site."""
    templates = Path(str(resources.files("material"))) / "templates"
    (found,) = templates.glob("assets/javascripts/bundle.*.min.js")
    return found.relative_to(templates).as_posix()


def _all_files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)


def _content(source: Path | bytes) -> bytes:
    return source if isinstance(source, bytes) else source.read_bytes()


def _named(name: str, group: Mapping[str, Path] | Mapping[str, Path | bytes]) -> str:
    """Return the folder of a group: its name, with a hash over what is in it."""
    digest = hashlib.sha256()
    for file in sorted(group):
        digest.update(file.encode())
        digest.update(_content(group[file]))
    return f"{name}-{digest.hexdigest()[:10]}/"
