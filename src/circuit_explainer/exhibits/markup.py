"""Static HTML of an exhibit: what stands in the page before, and without, any script.

The worker uses `table` and the page's script fills the same elements, so the markup exists once. Of an exhibit the
search knows the title and the sentence: `data-search-exclude` is Material's, and ends with the first inner element of
the same tag.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from html import escape

from circuit_explainer.exhibits.drawn import ChartLike, TableLike
from circuit_explainer.exhibits.exhibit import Exhibit
from circuit_explainer.exhibits.form import form

# Heights are given in pixels at the first text size, and grow with the text.
PIXELS_A_REM = 20


def exhibit(
    exhibit: Exhibit, chart: ChartLike, *, title: str, height: int, code: str, quiet: Collection[str] = ()
) -> str:
    """Return the whole section.

    `height` is that of a figure; a picture takes what it needs. `code` is ready HTML for the code's folded part, or
    empty; `quiet` as for `form`.
    """
    name = escape(exhibit.name)
    # A picture needs no script to be seen.
    picture = chart.figure.get("html", "")
    kind = "group" if picture else "img"
    # What may scroll has to take the focus, unless something in it does.
    scrolls = ' tabindex="0"' if picture and "data-set" not in picture else ""
    # A figure is drawn later, into a box of this height; a picture stands in the page already.
    size = "" if picture else f' style="height:{height / PIXELS_A_REM:g}rem"'
    # Where there is much to set it stands beside the chart, if there is room.
    wide = " data-wide" if exhibit.follow else ""
    before, between, after = ("<div>\n", "</div>\n<div>\n", "</div>\n") if wide else ("", "", "")
    return f"""<section class="exhibit" id="{name}"{wide} data-state="built" aria-labelledby="{name}-title">
<p class="exhibit-title" id="{name}-title">{escape(title)}</p>
<p class="exhibit-reading" data-role="reading" data-search-exclude>{escape(chart.reading)}</p>
{before}{form(exhibit, quiet)}{history(exhibit)}
<p class="exhibit-message" data-role="message" aria-live="polite"></p>
{between}<div class="exhibit-chart" data-role="chart" data-search-exclude{size} role="{kind}"{scrolls} \
aria-labelledby="{name}-title" aria-describedby="{name}-summary">{picture}</div>
{data("figure", {"html": ""} if picture else chart.figure)}
<p class="spoken" data-role="cell" role="status"></p>
<p class="exhibit-summary" id="{name}-summary" data-role="summary" aria-live="polite">{escape(chart.summary)}</p>
<div class="exhibit-tools">
<details class="exhibit-table" data-search-exclude><summary>Table</summary>
<div data-role="table" tabindex="0" role="group" aria-labelledby="{name}-title">{table(chart.table)}</div></details>
{program(exhibit)}{code}<details class="exhibit-save" data-search-exclude><summary>Save</summary></details>
<a href="#{name}" data-role="link" data-search-exclude>Copy link</a>{reset(exhibit)}
<p class="exhibit-message" data-role="saved" role="status"></p></div>
{after}</section>
"""


def chart_data(chart: ChartLike) -> dict[str, object]:
    """Return a chart as the page's script draws it: `figure`, `summary`, `reading` and the `table` as HTML."""
    return {
        "figure": chart.figure,
        "summary": chart.summary,
        "reading": chart.reading,
        "table": table(chart.table),
    }


def history(exhibit: Exhibit) -> str:
    """Return the row of an exhibit with a history: the way back and forth, and what stops a long computation."""
    if not exhibit.follow:
        return ""
    undo, redo = (
        f'<button type="button" data-history="{by}" aria-disabled="true">{words}</button>'
        for by, words in (("-1", "Undo"), ("1", "Redo"))
    )
    again = '<button type="button" data-history="start">Start over</button>'
    cancel = '<button type="button" data-role="cancel" hidden>Cancel</button>'
    told = f'<span data-role="told"></span>{cancel}'
    return f'\n<div class="exhibit-history" data-search-exclude>{undo}{redo}{again}{told}</div>'


def program(exhibit: Exhibit) -> str:
    """Return the folded part for the code that computes the same elsewhere; the page fills in the present one."""
    if not exhibit.program:
        return ""
    code = escape(exhibit.program(**exhibit.parse({})))
    return (
        '<details class="exhibit-program" data-search-exclude><summary>TransformerLens code</summary>'
        f'<pre tabindex="0"><code data-role="program">{code}</code></pre>'
        '<button type="button" data-role="copy-program">Copy the code</button></details>\n'
    )


def reset(exhibit: Exhibit) -> str:
    """Return the button that brings every control back to its first value; Start over does it where there is one."""
    if not exhibit.controls or exhibit.follow:
        return ""
    controls = f"{escape(exhibit.name)}-controls"
    return f'<button type="reset" class="exhibit-reset" data-search-exclude form="{controls}">Reset</button>'


def table(table: TableLike) -> str:
    """Return a chart's table (`caption`, `columns`, `rows` of text and numbers) as HTML.

    Its class keeps Material from putting it into a second scrolling box. The first column heads its row.
    Numbers stand with three decimals, and carry six digits for the file that is made of the table; empty cells stay
    empty.
    """
    head = "".join(f'<th scope="col">{escape(column)}</th>' for column in table.columns)
    body = "".join(
        f'<tr><th scope="row">{escape(str(row[0]))}</th>{"".join(map(_cell, row[1:]))}</tr>' for row in table.rows
    )
    return (
        f'<table class="exhibit-data"><caption>{escape(table.caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    )


def _cell(cell: str | float | None) -> str:
    """Return a cell, with an attribute that has the number's digits where its text has fewer."""
    if cell is None or isinstance(cell, str):
        return f"<td>{escape(cell)}</td>" if cell else "<td></td>"
    text, digits = f"{cell:.3f}", f"{cell:.6g}"
    return f"<td>{text}</td>" if float(text) == float(digits) else f'<td data-value="{digits}">{text}</td>'


def data(role: str, value: Mapping[str, object]) -> str:
    """Return strict JSON for the page's script. Raises ValueError for NaN and infinities.

    In a template, not in a script: Material runs the scripts of the pages that it brings, whatever their type.
    """
    text = json.dumps(value, allow_nan=False, ensure_ascii=False, separators=(",", ":"))
    return f'<template data-role="{role}" data-search-exclude>{escape(text, quote=False)}</template>'
