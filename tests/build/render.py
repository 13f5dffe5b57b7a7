"""Render one Markdown file as the site build does; `python -m tests.build.render` rewrites the golden files."""

from pathlib import Path

from markdown import Markdown

from circuit_explainer.build import fences, prerender

GOLDEN = Path(__file__).parent / "golden"
CONFIGS = {
    "pymdownx.superfences": {"custom_fences": list(fences.FENCES)},
    "pymdownx.inlinehilite": {"custom_inline": list(fences.INLINE)},
}


def render(path: Path) -> tuple[str, prerender.PageRun]:
    """Return the page's HTML and what its blocks did."""
    run = prerender.begin(path.name, path)
    markdown = Markdown(
        extensions=["admonition", *CONFIGS],
        extension_configs=CONFIGS,
    )
    try:
        html = markdown.convert(path.read_text(encoding="utf-8"))
    finally:
        prerender.end()
    return html + "\n" + prerender.page_data(run) + "\n", run


if __name__ == "__main__":
    for page in sorted(GOLDEN.glob("*.md")):
        page.with_suffix(".html").write_text(render(page)[0], encoding="utf-8")
