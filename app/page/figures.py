"""The figures of a chapter's pages: made once, without data, and told as the JSON of BokehJS."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from bokeh.document import Document
from bokeh.embed.util import RenderRoots, standalone_docs_json_and_render_items
from bokeh.models import ColumnDataSource

from ..contract.explorer import Explorer


def empty_figures(explorer: type[Explorer]) -> dict[str, Any]:
    """Return an explorer's figures by name on empty sources: a page's engine fills them."""
    tables = explorer.compute(**explorer.defaults()).tables
    columns = {name: list(table) for name, table in tables.items()}
    columns |= {one.name: list(one.columns) for one in explorer.labels_drawn}
    sources = {
        name: ColumnDataSource({column: [] for column in among}, name=name)
        for name, among in columns.items()
    }
    figures = explorer.figures_drawn(sources)
    for name, figure in figures.items():
        figure.name = f"figure_{name}"
    return figures


@cache
def told_figures(explorer: type[Explorer]) -> tuple[str, RenderRoots]:
    """Return what all live pages of an explorer make their figures from, and where they stand.

    It is told once, as that takes longer than all else of a page; no model of it leaves.
    """
    document = Document()
    with document.models.freeze():
        for figure in empty_figures(explorer).values():
            document.add_root(figure)
    documents, [item] = standalone_docs_json_and_render_items(document)
    told = json.dumps([documents, [item.to_json()]], separators=(",", ":"), ensure_ascii=False)
    return told.replace("<", "\\u003c"), item.roots
