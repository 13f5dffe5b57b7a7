"""What this version of the site is, for who cites it or keeps it: from CITATION.cff and the package's own version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from html import escape
from pathlib import Path
from typing import Any

import yaml
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import BibTeXLexer, TextLexer

from circuit_explainer.build.version import VERSION

PACKAGE = "circuit-explainer"
FILE = "CITATION.cff"
LOCAL = ("http://127.0.0.1", "http://localhost")


@dataclass(frozen=True)
class About:
    """One version: `address` is that of the site and `repository` that of its code, both without a slash at the end.

    Either is empty where it is not known: a site that was built for this computer alone has no address to cite.
    """

    title: str
    authors: tuple[str, ...]
    version: str
    released: date
    license: str
    address: str = ""
    repository: str = ""

    @property
    def offline(self) -> str:
        """The address of this version's frozen copy, which is attached to its release; empty without a repository."""
        if not self.repository:
            return ""
        return f"{self.repository}/releases/download/v{self.version}/{PACKAGE}-{self.version}.zip"


def read(folder: Path, site_url: str | None = None, repo_url: str | None = None) -> About | None:
    """Return what CITATION.cff in `folder` says of the installed package; None where there is no such file.

    Raises:
        ValueError: the file is about another version than the package.
    """
    file = folder / FILE
    if not file.is_file():
        return None
    given: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    installed = VERSION
    if str(given["version"]) != installed:
        raise ValueError(
            f"{FILE} is about version {given['version']}, and {installed} is installed. "
            f"Write the version of pyproject.toml into {FILE}."
        )
    address = (site_url or "").rstrip("/")
    return About(
        str(given["title"]),
        tuple(_name(author) for author in given["authors"]),
        installed,
        date.fromisoformat(str(given["date-released"])),
        str(given["license"]),
        "" if address.startswith(LOCAL) else address,
        (repo_url or str(given.get("repository-code", ""))).rstrip("/"),
    )


def bibtex(about: About) -> str:
    """Return the entry for a bibliography. Names that are not a person's stay as they are, in braces of their own."""
    names = (name if "," in name else f"{{{name}}}" for name in about.authors)
    fields = {
        "author": " and ".join(names),
        "title": f"{{{about.title}}}",
        "version": about.version,
        "year": str(about.released.year),
        "license": about.license,
        "url": about.address,
    }
    lines = "".join(f"  {name} = {{{text}}},\n" for name, text in fields.items() if text)
    return f"@software{{{PACKAGE}-{about.version},\n{lines}}}"


def plain(about: About) -> str:
    """Return the reference as a sentence."""
    names = "; ".join(about.authors)
    end = f" {about.address}/" if about.address else ""
    return f"{names} ({about.released.year}). {about.title}. Version {about.version}.{end}"


def html(about: About) -> str:
    """Return both forms, each to copy, and where this version's frozen copy is."""
    blocks = (
        f"<p>{title}</p>{highlight(text, lexer(), HtmlFormatter(cssclass='highlight', wrapcode=True))}"
        for title, text, lexer in (("BibTeX", bibtex(about), BibTeXLexer), ("Plain", plain(about), TextLexer))
    )
    return f'<div class="cite">{"".join(blocks)}</div><p>{_copy(about)}</p>'


def _copy(about: About) -> str:
    file = f"{PACKAGE}-{about.version}.zip"
    told = f"This is version {about.version}."
    if not about.offline:
        return f"{told} Its frozen copy is the file <code>{file}</code> of the release <code>v{about.version}</code>."
    return f'{told} Its frozen copy, which needs no network: <a href="{escape(about.offline)}">{file}</a>.'


def _name(author: Mapping[str, str]) -> str:
    return author["name"] if "name" in author else f"{author['family-names']}, {author['given-names']}"
