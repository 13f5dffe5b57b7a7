"""A table of guesses: in each cell a token and a number, tinted by the number."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from html import escape

from circuit_explainer.charts.chart import Array
from circuit_explainer.charts.labels import shortened, signed

# Columns of a token in a cell.
WIDTH = 8


def grid(
    tokens: Sequence[Sequence[str]],
    shares: Array,
    rows: Sequence[str],
    columns: Sequence[str],
    corner: str,
    marked: Collection[tuple[int, int]] = (),
    both: bool = False,
) -> str:
    """Return the table as HTML, its first row at the foot, as layers are drawn.

    `tokens` [row][column] stand above `shares` [row, column], which lie between 0 and 1, with `both` between -1 and 1;
    NaN leaves a cell empty. Cells in `marked` are outlined.
    """
    head = "".join(f'<th scope="col">{escape(shortened(column, WIDTH))}</th>' for column in columns)
    body = ""
    for r in reversed(range(len(rows))):
        inner = "".join(_cell(tokens[r][c], float(shares[r, c]), (r, c) in marked, both) for c in range(len(columns)))
        body += f'<tr><th scope="row">{escape(rows[r])}</th>{inner}</tr>'
    return (
        f'<table class="cells guesses"><thead><tr><th scope="col">{escape(corner)}</th>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table>"
    )


def _cell(token: str, share: float, marked: bool, both: bool) -> str:
    if share != share:  # NaN
        return "<td></td>"
    sign = "below" if share < 0 else "above"
    number = signed(share) if both else f"{share:.2f}"
    return (
        f'<td class="{sign}{" marked" if marked else ""}" style="--share:{abs(share):.2f}">'
        f"<bdi>{escape(shortened(token, WIDTH))}</bdi><br>{number}</td>"
    )
