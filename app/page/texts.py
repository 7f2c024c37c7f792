"""Texts as HTML, with elements that the front end fills."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

from ..contract.declaration import Table
from .mathml import formula


def slots(html: str) -> Markup:
    """Turn ``{name}`` and ``$$TeX with @name@$$`` of a trusted text into elements to be filled."""
    parts = re.split(r"\$\$(.+?)\$\$", html)
    texts = (formula(part) if odd % 2 else _slotted(part) for odd, part in enumerate(parts))
    return Markup("".join(texts))


def _slotted(html: str) -> str:
    return re.sub(r"\{([\w.]+)\}", r'<span data-slot="\1"></span>', html)


def table_markup(table: Table) -> Markup:
    """Return a table with headings, an empty body and, where it has one, a row of totals."""
    head = "".join(f'<th scope="col">{escape(title)}</th>' for title, _ in table.columns.values())
    foot = f"<tfoot><tr>{_totals(table)}</tr></tfoot>" if table.totals else ""
    return Markup(
        f'<table><caption class="unseen">{escape(table.title)}</caption><thead><tr>{head}</tr>'
        f'</thead><tbody data-table="{escape(table.name)}"></tbody>{foot}</table>'
    )


def _totals(table: Table) -> str:
    totals = table.totals or {}
    first, *rest = table.columns
    cells = (f'<td data-slot="{totals[c]}"></td>' if c in totals else "<td></td>" for c in rest)
    return f'<th scope="row">{escape(totals.get(first, ""))}</th>{"".join(cells)}'
