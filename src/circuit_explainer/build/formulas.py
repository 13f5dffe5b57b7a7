"""Formulas: set by KaTeX when the site is built, so that pages show them without scripts; never without words.

```formula
\\text{score} = q \\cdot k
---
The score is the dot product of query and key.
```
`#!math d_head` sets a short one in a sentence.
"""

from __future__ import annotations

import json
import re
import subprocess
from html import escape, unescape
from pathlib import Path
from xml.etree.ElementTree import Element

from circuit_explainer.build import runtime

SCRIPT = Path(__file__).with_name("katex.mjs")
# With what must not begin a line.
PLACE = re.compile(r'<(span|div) class="tex">(.*?)</\1>([,.;:?!)]*)', re.DOTALL)


def block(source: str) -> str:
    """Return a formula with its words, its place to be filled by `typeset`.

    Raises:
        ValueError: the words are missing.
    """
    tex, _, words = source.partition("\n---\n")
    if not tex.strip() or not words.strip():
        raise ValueError(f"A formula needs TeX, a line ---, and its words. Got {source!r:.100}.")
    return (
        f'<figure class="formula" tabindex="0"><div class="tex">{escape(tex.strip(), quote=False)}</div>'
        f"<figcaption>{escape(words.strip(), quote=False)}</figcaption></figure>"
    )


def inline(source: str) -> Element:
    """Return the place of a formula within a sentence."""
    element = Element("span", {"class": "tex"})
    element.text = source
    return element


def typeset(html: str, katex: Path) -> str:
    """Return a page with all its formulas set by the KaTeX module `katex`; the search leaves them out.

    Raises:
        ValueError: KaTeX refuses one; the sentence is KaTeX's.
    """
    places = PLACE.findall(html)
    if not places:
        return html
    jobs = [{"tex": unescape(tex), "display": tag == "div"} for tag, tex, _ in places]
    command = [*runtime.find_tools().node, str(SCRIPT), str(katex)]
    done = subprocess.run(command, input=json.dumps(jobs), capture_output=True, text=True, check=False)
    if done.returncode:
        raise ValueError(f"A formula cannot be set: {done.stderr.strip()}")
    made = iter(json.loads(done.stdout))
    return PLACE.sub(
        lambda place: f'<{place[1]} class="tex" data-search-exclude>{next(made)}{place[3]}</{place[1]}>', html
    )
