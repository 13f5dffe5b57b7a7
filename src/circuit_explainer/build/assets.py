"""What the site holds beside its pages: the browser runtime, the models, our package, scripts and styles.

Each group but the fonts lives in a folder named by the hash of its content: a browser may keep it for ever.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File

from circuit_explainer import zoo
from circuit_explainer.build import runtime
from circuit_explainer.zoo.loader import FILES

WORKBENCH, NUMPY = "workbench.zip", "numpy.zip"  # as web/session.py asks for them
PACKAGE = Path(__file__).parents[1]
WEB = PACKAGE / "web"
TEMPLATES = WEB / "templates"
STYLES = ("tokens.css", "page.css", "chrome.css", "exhibit.css", "lesson.css", "diagram.css", "embed.css")
DOCSTRING_STYLES = "assets/_mkdocstrings.css"  # made by mkdocstrings
# Scripts that no page loads at once: the worker's, the one that runs before the page is drawn, and parts fetched when
# they are used.
APART = ("/interpreter.js", "/early.js", "/tools.js")
LATER = ("/workbench/", "/save/", "/kept.js", "/stores.js")
RUNTIME_PARTS = ("pyodide", "pyscript", "plotly", "katex")
# What the browser's Python imports, by file: the first at its start, the other on pages that need it. `build` stays at
# home, and so does the making of the shipped models.
BROWSER_PACKAGES = {
    "package.zip": ("core", "circuits", "zoo", "charts", "diagrams", "exhibits", "web"),
    WORKBENCH: ("training", "workbench"),
}
# What the lean numpy lacks and readers' code may want: pure Python, so it is that of the numpy installed here.
NUMPY_PARTS = ("ma", "polynomial")
AT_HOME = (WEB / "worker.py", PACKAGE / "zoo" / "making")


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
    fonts = {path.name: path for path in _all_files(runtime_folder / "fonts")}
    parts = [path for part in RUNTIME_PARTS for path in _all_files(runtime_folder / part)]
    runtime_files = {path.relative_to(runtime_folder).as_posix(): path for path in parts}
    models = {f"{name}.safetensors": zoo.directory() / f"{name}.safetensors" for name in FILES}
    scripts = WEB / "js"
    page: dict[str, Path | bytes] = {path.relative_to(scripts).as_posix(): path for path in _all_files(scripts)}
    page |= {path.relative_to(WEB / "css").as_posix(): path for path in _all_files(WEB / "css")}
    modules = {name: _browser_modules(name) for name in BROWSER_PACKAGES} | {NUMPY: _numpy_modules()}
    packages = {name: runtime.compile_package(files, runtime_folder) for name, files in modules.items()}
    page |= packages
    runtime_at, models_at = f"assets/runtime-{_digest(runtime_files)}", f"assets/models-{_digest(models)}"
    page["files.js"] = _files_js(runtime_folder, runtime_at, models_at, packages["package.zip"])
    page_at = f"assets/page-{_digest(page)}"
    groups: dict[str, Mapping[str, Path | bytes]] = {
        "assets/fonts": fonts,
        runtime_at: runtime_files,
        models_at: models,
        page_at: page,
    }
    files = {f"{folder}/{name}": source for folder, group in groups.items() for name, source in group.items()}
    return Site(files, page_at, runtime_at)


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
    pyscript = sorted(path for path in site.files if path.startswith(f"{site.runtime}/pyscript/core"))
    return {
        "main": f"{site.page}/main.js",
        "early": f"{site.page}/reading/early.js",
        "start": f"{site.page}/start.js",
        "modules": [path for path in ours if not path.endswith(APART) and not any(each in path for each in LATER)]
        + pyscript,
        # Text in another face would take other lines, and the page would jump when its own came.
        "fonts": sorted(path for path in site.files if path.endswith("-latin-wght-normal.woff2")),
        "inline": {path.stem: path.read_text(encoding="utf-8") for path in _all_files(WEB / "inline")},
        "docstring_styles": DOCSTRING_STYLES,
        # Only where there is something of it.
        "bench_styles": sorted(
            path for path in site.files if path.startswith(f"{site.page}/workbench/") and path.endswith(".css")
        ),
        "plotly": f"{site.runtime}/plotly/{runtime.PLOTLY}",
        "prefetch": [f"{site.runtime}/pyodide/{name}" for name in runtime.BOOT_FILES if not name.endswith("mjs")],
        "runtime": site.runtime,
    }


def stylesheets(site: Site) -> list[str]:
    """Return our styles in the order in which they apply."""
    return [f"{site.runtime}/katex/katex.min.css", *(f"{site.page}/{name}" for name in STYLES)]


def _files_js(runtime_folder: Path, runtime_at: str, models_at: str, package: Path) -> bytes:
    """Return the one module in which page and worker find every file, wherever the site lies."""
    boot = [*(runtime_folder / "pyodide" / name for name in runtime.BOOT_FILES), package]
    data = {
        "runtime": f"../../{runtime_at}/",
        "models": f"../../{models_at}/",
        "package": "package.zip",
        "parts": {name: name for name in (WORKBENCH, NUMPY)},
        "pyodide": runtime.PYODIDE_VERSION,
        "numpy": runtime.NUMPY_WHEEL,
        "plotly": runtime.PLOTLY,
        "worker": (WEB / "worker.py").read_text(encoding="utf-8"),
        "lock": json.loads((runtime_folder / "pyodide" / runtime.LOCK).read_text()),
        "sizes": {path.name if path != package else "package.zip": runtime.sizes(path) for path in boot},
    }
    resolve = (
        "const resolve = (all, names) => names.forEach((at) => (all[at] = new URL(all[at], import.meta.url).href));\n"
        "resolve(files, ['runtime', 'models', 'package']);\nresolve(files.parts, Object.keys(files.parts));"
    )
    return f"const files = {json.dumps(data)};\n{resolve}\nexport default files;\n".encode()


def _browser_modules(package: str) -> dict[str, Path]:
    sources = [PACKAGE / "__init__.py"] if package != WORKBENCH else []
    sources += [path for name in BROWSER_PACKAGES[package] for path in _all_files(PACKAGE / name)]
    wanted = (path for path in sources if path.suffix in (".py", ".json") and not _at_home(path))
    return {path.relative_to(PACKAGE.parent).as_posix(): path for path in wanted}


def _numpy_modules() -> dict[str, Path]:
    if not runtime.NUMPY_WHEEL.startswith(f"numpy-{numpy.__version__}-"):
        raise RuntimeError(
            f"The site is built with numpy {numpy.__version__}, and the browser runs {runtime.NUMPY_WHEEL}. "
            "Install what pyproject.toml names: `make build` does."
        )
    root = Path(numpy.__file__).parent
    sources = [path for part in NUMPY_PARTS for path in _all_files(root / part)]
    wanted = (path for path in sources if path.suffix == ".py" and "tests" not in path.parts)
    return {path.relative_to(root.parent).as_posix(): path for path in wanted}


def _at_home(path: Path) -> bool:
    return any(path == kept or kept in path.parents for kept in AT_HOME)


def _all_files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)


def _digest(group: Mapping[str, Path | bytes]) -> str:
    digest = hashlib.sha256()
    for name in sorted(group):
        source = group[name]
        digest.update(name.encode())
        digest.update(source if isinstance(source, bytes) else source.read_bytes())
    return digest.hexdigest()[:10]
