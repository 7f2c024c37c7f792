"""A chapter's texts as HTML, with elements that the front end fills, shows and hides."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any
from urllib.parse import parse_qsl

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup, escape
from mdit_py_plugins.attrs import attrs_block_plugin, attrs_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin

from ..contract.declaration import Table
from ..contract.links import state_link
from ..contract.texts import Texts
from .mathml import formula

ROLES = ("p", "q", "accent")  # spans of these classes are bold words in a colour

_SLOT = re.compile(r"\{([\w.]+)\}")


def text_html(
    texts: Texts, kind: str, name: str = "", *, inline: bool = False,
    link: Callable[[str], str] = str,
) -> Markup:  # fmt: skip
    """Return a text as HTML; ``inline`` is for one that stands within a line, such as a caption.

    ``link`` gives the address of a chapter, to whose state a link such as ``kl?mu_q=2`` leads.
    """
    render = _markdown().renderInline if inline else _markdown().render
    html = render(texts.get(kind, name), {"link": link})
    return Markup(_slotted(html, texts.all("Passage")))


def task_html(texts: Texts, text: str) -> Markup:
    """Return a task's text as HTML: words in bold, in a colour or shown by a flag, and no more.

    A lesson is a stranger's file, so it brings no links, pictures, formulas or HTML of its own.
    """
    return Markup(_slotted(_plain_markdown().renderInline(text), texts.all("Passage")))


def _slotted(html: str, passages: Mapping[str, str]) -> str:
    """Put passages and empty elements where slots stand."""

    def filled(slot: re.Match[str]) -> str:
        if slot[1] in passages:
            return _slotted(_markdown().renderInline(passages[slot[1]]), passages)
        return f'<span data-slot="{slot[1]}"></span>'

    return _SLOT.sub(filled, html)


@cache
def _markdown() -> MarkdownIt:
    markdown = MarkdownIt("commonmark").enable("table")
    markdown.use(attrs_plugin, spans=True).use(attrs_block_plugin).use(dollarmath_plugin)
    markdown.core.ruler.push("elements", _choose_elements)
    for name in ("math_block", "math_inline_double"):
        markdown.add_render_rule(name, _formula)
    return markdown


@cache
def _plain_markdown() -> MarkdownIt:
    markdown = MarkdownIt("zero").enable(["emphasis", "backticks", "escape"])
    markdown.use(attrs_plugin, spans=True, allowed=("class", "show"))
    markdown.core.ruler.push("elements", _choose_elements)
    return markdown


def _choose_elements(state: Any) -> None:
    """Choose elements by role, and mark what a flag shows; that is hidden until the page knows."""
    for block in state.tokens:
        opened: list[str] = []
        for token in (block, *(block.children or ())):
            if flag := token.attrs.pop("show", None):
                token.attrs |= {"data-show": flag, "hidden": ""}
            if token.type == "span_open":
                opened.append("b" if token.attrs.get("class") in ROLES else "span")
                token.tag = opened[-1]
            elif token.type == "link_open":
                opened.append(_lead(token, state.env["link"]))
            elif token.type in ("span_close", "link_close"):
                token.tag = opened.pop()
            elif token.type in ("strong_open", "strong_close"):
                token.tag = "b"


def _lead(token: Token, link: Callable[[str], str]) -> str:
    """Lead a link to a chapter's state, or out of the site, and return the element that it is.

    What is outside opens beside the page, which keeps its state, and its host is told nothing of
    it. On a page that stands alone there is no other chapter, so the words stay without a link.
    """
    href = str(token.attrs["href"])
    if "://" in href:
        token.attrs |= {"target": "_blank", "rel": "noopener noreferrer"}
        return token.tag
    slug, _, query = href.partition("?")
    address = state_link(link, slug, dict(parse_qsl(query)))
    alone = address.startswith("#")
    token.tag, token.attrs = ("span", {}) if alone else ("a", {"href": address})
    return token.tag


def _formula(_: Any, tokens: list[Token], place: int, *more: Any) -> str:
    return formula(tokens[place].content.strip().replace("\n", " "))


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
