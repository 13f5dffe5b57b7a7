"""The plugin in a real MkDocs build: what it adds to the site, and how a wrong block ends the build."""

import base64
import hashlib
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from circuit_explainer.build.runtime import cache_dir

GOOD = """
# A page

```pyscript title="Each token looks just before it"
from circuit_explainer import charts, zoo
from circuit_explainer.exhibits import Text, exhibit
model = zoo.load("by-hand")

@exhibit(text=Text("a b a"))
def pattern(text):
    logits, cache = model.run_with_cache(text)
    return charts.attention(cache["pattern", 0][0, 0], model.to_str_tokens(text))
```
"""


def build(folder: Path, page: str) -> subprocess.CompletedProcess[str]:
    (folder / "docs").mkdir()
    (folder / "docs" / "index.md").write_text(page, encoding="utf-8")
    (folder / "mkdocs.yml").write_text(
        "site_name: Test\ntheme: {name: material, font: false}\n"
        f"plugins: [{{circuit-explainer: {{runtime: {cache_dir() / 'runtime'}}}}}]\n"
        "markdown_extensions: [pymdownx.superfences]\n",
        encoding="utf-8",
    )
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("built")
    done = build(folder, GOOD)
    assert done.returncode == 0, done.stderr
    return folder / "site"


def test_the_page_holds_its_chart_and_names_its_models(site: Path) -> None:
    html = (site / "index.html").read_text(encoding="utf-8")
    assert "“a₂” looks at “b” with 1.00" in html
    assert '"files":["by-hand.safetensors"]' in html


def test_what_the_page_links_to_is_in_the_site(site: Path) -> None:
    html = (site / "index.html").read_text(encoding="utf-8")
    links = re.findall(r'(?:href|src)="(assets/[^"]+)"', html)
    assert any(link.endswith("start.js") for link in links)
    assert any(link.endswith("pyodide.asm.wasm") for link in links)
    assert [link for link in links if not (site / link).is_file()] == []


def test_page_and_worker_find_their_files(site: Path) -> None:
    module = next((site / "assets").glob("page-*/files.js"))
    files = json.loads(module.read_text(encoding="utf-8").removeprefix("export default ").removesuffix(";\n"))
    assets = site / "assets"
    assert files["runtime"] + "plotly/" + files["plotly"] in files["hashes"]
    assert files["models"] + "by-hand.safetensors" in files["hashes"]
    for name, expected in files["hashes"].items():
        found = base64.b64encode(hashlib.sha256((assets / name).read_bytes()).digest()).decode()
        assert found == expected, name
    for name, size in files["sizes"].items():
        place = files["package"] if name == "package.zip" else f"{files['runtime']}pyodide/{name}"
        assert (assets / place).stat().st_size == size["size"]


def test_a_wrong_block_ends_the_build_with_page_line_and_fix(tmp_path: Path) -> None:
    done = build(tmp_path, GOOD.replace("def pattern(text)", "def pattern(words)"))
    assert done.returncode != 0
    assert "index.md:9: ExhibitError: Control 'text' has no parameter in pattern(words)" in done.stderr
    assert "Traceback" not in done.stderr
