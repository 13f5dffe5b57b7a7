"""Run a page's blocks in CPython while the page is built, so that it holds its charts before any script."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from circuit_explainer import zoo
from circuit_explainer.build import exercise, options, packages, predict, runtime
from circuit_explainer.build.course import Course
from circuit_explainer.build.glossary import Entry
from circuit_explainer.exhibits import markup
from circuit_explainer.exhibits.blocks import Namespace, error_line, new_namespace, run_block

Made = TypeVar("Made")
HEIGHT = 420  # px of a figure
# What blocks import from the part of our package that only such pages fetch; it draws numbers at random.
WORKBENCH_FILES = [packages.WORKBENCH, runtime.NUMPY_PART]
WORKBENCH = re.compile(r"^\s*from circuit_explainer(\.| import .*\b)(training|workbench)\b", re.MULTILINE)
NOTHING = "<!-- -->"  # where a block leaves no trace: Markdown would make an empty paragraph of no text
FENCE = re.compile(r"[\s>]*(?:`{3,}|~{3,})\s*(\w+)")


@dataclass
class PageRun:
    """One page while it is rendered: what its blocks defined, which models they loaded, what went wrong."""

    name: str
    lines: list[str]
    namespace: Namespace = field(default_factory=new_namespace)
    blocks: list[dict[str, Any]] = field(default_factory=list)
    exhibits: set[str] = field(default_factory=set)
    shared: set[str] = field(default_factory=set)
    models: set[str] = field(default_factory=set)
    errors: list[str] = field(default_factory=list)
    last_line: int = 0
    questions: int = 0
    terms: Mapping[str, Entry] = field(default_factory=dict)
    course: Course | None = None

    def data(self) -> dict[str, Any]:
        """Return what the page's script needs to run the blocks again."""
        files = [f"{name}.safetensors" for name in sorted(self.models)]
        workbench = any(WORKBENCH.search(block["source"]) for block in self.blocks)
        return {"page": self.name, "blocks": self.blocks, "files": WORKBENCH_FILES * workbench + files}


# SuperFences hands its formatters no page; MkDocs renders one page at a time.
_current: list[tuple[PageRun, AbstractContextManager[set[str]]]] = []


def begin(name: str, path: Path, terms: Mapping[str, Entry] | None = None, course: Course | None = None) -> PageRun:
    """Start rendering the page `name`, whose Markdown is the file at `path`; `terms` are those of the glossary."""
    run = PageRun(name, path.read_text(encoding="utf-8").splitlines(), terms=terms or {}, course=course)
    recording = zoo.recording()
    run.models = recording.__enter__()
    _current[:] = [(run, recording)]
    return run


def current() -> PageRun:
    """Return the page that is being rendered."""
    return _current[-1][0]


def end() -> PageRun:
    """Finish the page and return what its blocks did."""
    run, recording = _current.pop()
    recording.__exit__(None, None, None)
    return run


def render_block(source: str, inputs: dict[str, str]) -> str:
    """Run the next block of the current page and return its HTML; note what is wrong with it on the page."""
    run = current()
    line = find_block(run, source)
    run.last_line = line
    try:
        settings = options.parse(inputs)
        if settings.run == "build":
            return _prepare(run, source, line)
        run.blocks.append({"source": source, "line": line})
        return _render(run, source, settings, line)
    except Exception as error:
        at = error_line(error, run.name) or line - 1
        run.errors.append(f"{run.name}:{at}: {type(error).__name__}: {error}")
        return ""


def value(expression: str) -> str:
    """Return the text of an expression over what the current page's blocks defined, for its prose."""
    run = current()
    try:
        return str(evaluate(expression))
    except Exception as error:
        run.errors.append(f"{run.name}: the value `{expression}`: {type(error).__name__}: {error}")
        return ""


def evaluate(expression: str) -> Any:
    """Return the value of an expression over what the current page's blocks defined; raises what it raises."""
    run = current()
    return eval(compile(expression.strip(), run.name, "eval"), run.namespace)


def render_question(source: str) -> str:
    """Return the HTML of the next `predict` fence of the current page; note what is wrong with it on the page."""
    run = current()
    run.questions += 1
    return noting(lambda given: predict.html(given, f"predict-{run.questions}", value), source)


def render_exercise(source: str) -> str:
    """Return the HTML of an `exercise` fence of the current page; note what is wrong with it on the page."""
    run = current()
    try:
        return exercise.html(source, evaluate, value)
    except Exception as error:
        line = find_block(run, source, "exercise", after=0) - 1
        run.errors.append(f"{run.name}:{line}: {type(error).__name__}: {error}")
        return ""


def noting(make: Callable[[str], Made], source: str) -> Made | str:
    """Return what `make` makes of a piece of the current page; note on the page what is wrong with it."""
    try:
        return make(source)
    except (ValueError, yaml.YAMLError) as error:
        current().errors.append(f"{current().name}: {source.strip()[:60]!r}: {error}")
        return ""


def find_block(run: PageRun, source: str, name: str = "pyscript", after: int | None = None) -> int:
    """Return the line of the page where a fence's source begins, by default after the blocks before it.

    SuperFences tells no line numbers, and takes away indentation and quotation marks.
    """
    wanted = [line.strip() for line in source.splitlines()]
    after = run.last_line if after is None else after
    for start in range(after + 1, len(run.lines) + 1):
        found = [line.lstrip("> \t").rstrip() for line in run.lines[start : start + len(wanted)]]
        fence = FENCE.match(run.lines[start - 1])
        if fence and fence[1] == name and found == wanted:
            return start + 1
    return after + 1


def _prepare(run: PageRun, source: str, line: int) -> str:
    """Run a block of which the page keeps nothing but the names that it defines, for its prose."""
    # A copy of what was recorded: models that only the prose needs are not for the page to fetch.
    models = set(run.models)
    if run_block(source, run.namespace, run.name, line):
        raise ValueError('An exhibit lives in the page: a block with run="build" defines none.')
    run.models.intersection_update(models)
    return NOTHING


def _render(run: PageRun, source: str, settings: options.Options, line: int) -> str:
    exhibit = run_block(source, run.namespace, run.name, line)
    code = code_html(source, settings.code)
    if exhibit is None:
        return code or NOTHING
    if not settings.title:
        raise ValueError(
            f"Exhibit '{exhibit.name}' has no title. Add title=\"…\" to the fence: "
            "a sentence that says what its chart shows."
        )
    if exhibit.name in run.exhibits:
        raise ValueError(f"This page has two exhibits named '{exhibit.name}'. Rename one of the functions.")
    run.exhibits.add(exhibit.name)
    shared = {name for name, control in exhibit.controls.items() if control.shared}
    quiet = shared & run.shared
    run.shared |= shared
    chart = exhibit.draw({})
    if settings.height and "html" in chart.figure:
        raise ValueError(f"Exhibit '{exhibit.name}' is a picture, which takes the height it needs. Remove height=….")
    height = settings.height or HEIGHT
    return markup.exhibit(exhibit, chart, title=settings.title, height=height, code=code, quiet=quiet)


def code_html(source: str, shown: str) -> str:
    """Return the block's code, highlighted: folded, in the open, or not at all."""
    if shown == "hidden":
        return ""
    html = highlight(source, PythonLexer(), HtmlFormatter(cssclass="highlight", wrapcode=True))
    opened = " open" if shown == "shown" else ""
    return f'<details class="exhibit-code"{opened} data-search-exclude><summary>Show code</summary>{html}</details>\n'


def page_data(run: PageRun) -> str:
    """Return what the page's script needs, or nothing for a page without blocks."""
    return markup.data("page", run.data()) if run.blocks else ""
