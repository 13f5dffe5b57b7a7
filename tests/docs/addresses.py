"""Addresses of the built site that stay: pages, sections, exhibits and exercises.

`python -m tests.docs.addresses` appends those that are new to the list; it takes none away.
"""

import re
from pathlib import Path

SITE = Path(__file__).parents[2] / "site"
LIST = Path(__file__).with_name("addresses.txt")
MOVED = re.compile(r'<link rel="canonical" href="([^"]+)">')
# What is given an address of its own: headings, terms, exhibits, checks of exercises.
PLACES = re.compile(r'<(?:h[1-6]|dt|section class="exhibit"|form class="predict exercise") id="([^"]+)"')
# Sections of these pages are names of the code.
BY_CODE = "reference/api/"


def built() -> list[str]:
    """What stands in the site now, such as "/lessons/prove-it/" and "/lessons/prove-it/#switch_off"."""
    found: list[str] = []
    for file in sorted(SITE.rglob("index.html")):
        page, text = _page(file), file.read_text(encoding="utf-8")
        if 'http-equiv="refresh"' in text:
            continue
        found.append(f"/{page}")
        if not page.startswith(BY_CODE):
            found += [f"/{page}#{place}" for place in PLACES.findall(_article(text))]
    return found


def listed() -> list[str]:
    """What the list holds."""
    return LIST.read_text(encoding="utf-8").splitlines()


def leads_somewhere(address: str) -> bool:
    """Whether an address still shows what it was given for: there, or where a redirect leads. A place that moved within
    its page may be any element with its old id."""
    page, _, place = address.removeprefix("/").partition("#")
    file = SITE / page / "index.html"
    if not file.is_file():
        return False
    text = file.read_text(encoding="utf-8")
    if 'http-equiv="refresh"' in text:
        found = MOVED.search(text)
        target = (file.parent / found[1]).resolve() if found else file.parent
        return target != file.parent and leads_somewhere(_page(target / "index.html") + (place and f"#{place}"))
    return not place or f'id="{place}"' in text


def _page(file: Path) -> str:
    path = file.parent.relative_to(SITE).as_posix()
    return "" if path == "." else f"{path}/"


def _article(text: str) -> str:
    return text[text.index("<article") : text.index("</article>")]


if __name__ == "__main__":
    known = listed() if LIST.is_file() else []
    new = [address for address in built() if address not in set(known)]
    LIST.write_text("".join(f"{address}\n" for address in [*known, *new]), encoding="utf-8")
    print(f"{len(new)} new addresses")
