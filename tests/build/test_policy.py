"""The Content-Security-Policy: on every page, and with room for the scripts that stand in it and for no others."""

import re
from pathlib import Path

import pytest

from circuit_explainer.build.files import sha256
from circuit_explainer.build.policy import guarded

SITE = Path(__file__).parents[2] / "site"
PAGE = '<head><meta charset="utf-8"></head><script>ran()</script><script type="application/json">{}</script>'
PAGES = sorted(path for path in SITE.rglob("*.html") if "assets" not in path.parts)


def found(html: str) -> dict[str, str]:
    content = re.search(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">', html)
    assert content
    return dict(part.split(" ", 1) for part in content[1].split("; "))


def test_scripts_in_the_page_are_named_by_their_hash() -> None:
    assert found(guarded(PAGE))["script-src"].split()[-1] == f"'sha256-{sha256(b'ran()')}'"


def test_a_page_without_a_place_for_it_is_an_error() -> None:
    with pytest.raises(ValueError, match="the policy stands behind it"):
        guarded("<head></head>")


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(SITE).as_posix())
def test_every_page_of_the_site_has_it_before_all_else(path: Path) -> None:
    html = path.read_text(encoding="utf-8")
    policy = found(html)
    assert policy["default-src"] == policy["base-uri"] == policy["form-action"] == "'none'"
    assert not re.search(r"unsafe-(inline|eval)'|https?:|\*", policy["script-src"].replace("'wasm-unsafe-eval'", ""))
    assert "http" not in "".join(policy.values())
    assert html.index("Content-Security-Policy") < min(html.find(tag) % len(html) for tag in ("<script", "<link"))


def test_no_page_of_ours_has_a_handler_in_its_markup() -> None:
    handlers = re.compile(r"<[^>]* on[a-z]+=")
    assert [path for path in PAGES if handlers.search(path.read_text(encoding="utf-8"))] == []
