"""What our pages add to Markdown, as SuperFences and InlineHilite want it: validators and formatters.

```pyscript title="The second cat looks at sat" height="420" code="folded"     a block of Python, see `options`
```predict                                                                     a question, see `predict`
```exercise                                                                    a question whose answer is typed
```diagram                                                                     an expression that gives SVG
```formula                                                                     TeX, and its words, see `formulas`
```glossary                                                                    the whole glossary
```outcomes                                                                    what the lessons say of themselves
```cite                                                                        how to cite this version
```kept                                                                        what is kept on the reader's device
```copy                                                                        the switch of the copy on the device
```shipped                                                                     what the site ships, see `shipped.page`
`#!value f"{score:.2f}"`                                                       in a sentence, a number of this page
`#!math d_k`                                                                   in a sentence, a short formula
`#!term residual stream`                                                       in a sentence, a term of the glossary
"""

from __future__ import annotations

from typing import Any
from xml.etree.ElementTree import Element

from circuit_explainer.build import about, course, formulas, glossary, keep, kept, prerender, shipped


def validate(_language: str, inputs: dict[str, str], options: dict[str, Any], _attrs: object, _md: object) -> bool:
    """Take every option as it stands: SuperFences would turn a refused fence into plain text without a word."""
    options.update(inputs)
    return True


def render(source: str, _language: str, _class: str, options: dict[str, Any], _md: object, **_ignored: object) -> str:
    """Return the HTML of one block of the page being rendered."""
    return prerender.render_block(source, options)


def predict(source: str, _language: str, _class: str, _options: dict[str, Any], _md: object, **_ignored: object) -> str:
    """Return the HTML of one question of the page being rendered."""
    return prerender.render_question(source)


def exercise(
    source: str, _language: str, _class: str, _options: dict[str, Any], _md: object, **_ignored: object
) -> str:
    """Return the HTML of one exercise of the page being rendered."""
    return prerender.render_exercise(source)


def diagram(source: str, _language: str, _class: str, _options: dict[str, Any], _md: object, **_ignored: object) -> str:
    """Return the HTML that an expression over the page's names gives: a function of `circuit_explainer.diagrams`."""
    return prerender.value(source)


def formula(source: str, _language: str, _class: str, _options: dict[str, Any], _md: object, **_ignored: object) -> str:
    """Return a formula of the page being rendered with its words; it is set when the page is whole."""
    return prerender.noting(formulas.block, source)


def terms(_source: str, _language: str, _class: str, _options: dict[str, Any], _md: object, **_ignored: object) -> str:
    """Return the glossary."""
    return glossary.page(prerender.current().terms)


def outcomes(
    _source: str, _language: str, _class: str, _options: dict[str, Any], _md: object, **_ignored: object
) -> str:
    """Return the table of the lessons."""
    return prerender.noting(lambda _: course.outcomes(_course()), "outcomes")


def cite(_source: str, _language: str, _class: str, _options: dict[str, Any], _md: object, **_ignored: object) -> str:
    """Return how this version is cited."""
    return prerender.noting(lambda _: about.html(_about()), "cite")


def _course() -> course.Course:
    found = prerender.current().course
    if found is None:
        raise ValueError("This page was rendered apart from the site.")
    return found


def _about() -> about.About:
    found = _course().about
    if found is None:
        raise ValueError(f"There is no {about.FILE} beside mkdocs.yml.")
    return found


def parts(source: str, _language: str, _class: str, _options: dict[str, Any], _md: object, **_ignored: object) -> str:
    """Return the place of a table of what the site ships; it is filled when the page is whole."""
    return shipped.block(source)


def device(_source: str, _language: str, _class: str, _options: dict[str, Any], _md: object, **_ignored: object) -> str:
    """Return the table of what is kept on the reader's device."""
    return kept.table()


def copy(_source: str, _language: str, _class: str, _options: dict[str, Any], _md: object, **_ignored: object) -> str:
    """Return the switch of the copy on the reader's device."""
    return keep.switch()


def math(source: str, _language: str, _class: str, _md: object) -> Element:
    """Return a short formula."""
    return formulas.inline(source)


def term(source: str, _language: str, _class: str, _md: object) -> Element:
    """Return a term that is explained where it stands."""
    run = prerender.current()
    found = prerender.noting(lambda form: glossary.link(form, run.terms, run.name), source)
    return found if isinstance(found, Element) else Element("span")


def value(source: str, _language: str, _class: str, _md: object) -> Element:
    """Return a value of the page being rendered, for its prose."""
    element = Element("span", {"class": "value"})
    element.text = prerender.value(source)
    return element


FENCES = (
    {"name": "pyscript", "class": "pyscript", "validator": validate, "format": render},
    {"name": "predict", "class": "predict", "validator": validate, "format": predict},
    {"name": "exercise", "class": "exercise", "validator": validate, "format": exercise},
    {"name": "diagram", "class": "diagram", "validator": validate, "format": diagram},
    {"name": "formula", "class": "formula", "validator": validate, "format": formula},
    {"name": "outcomes", "class": "outcomes", "validator": validate, "format": outcomes},
    {"name": "cite", "class": "cite", "validator": validate, "format": cite},
    {"name": "glossary", "class": "glossary", "validator": validate, "format": terms},
    {"name": "shipped", "class": "shipped", "validator": validate, "format": parts},
    {"name": "kept", "class": "kept", "validator": validate, "format": device},
    {"name": "copy", "class": "copy", "validator": validate, "format": copy},
)
INLINE = (
    {"name": "value", "class": "value", "format": value},
    {"name": "math", "class": "math", "format": math},
    {"name": "term", "class": "term", "format": term},
)
