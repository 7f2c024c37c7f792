"""The one page, filled from an explorer's declaration, for Panel and for exported files alike."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable
from functools import cache, partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, Template
from latex2mathml.converter import convert
from markupsafe import Markup, escape
from rcssmin import cssmin
from rjsmin import jsmin

from app.connections import CONNECTIONS, Connections, state_link
from app.explorer import Explorer, Table
from app.registry import EXPLORERS
from app.state import kind

STATIC = Path(__file__).parent.parent / "static"
GALLERY_LEDE = (
    "Information is surprise, −log p. Entropy is the average surprise; cross-entropy the average "
    "when the code was built for something else; KL divergence what that mistake wastes; mutual "
    "information what two things share; perplexity is cross-entropy on another scale. Nearly "
    "every loss in machine learning is one of these. Drag the sliders and see."
)
Chapter = type[Explorer] | type[Connections]
CHAPTERS: tuple[Chapter, ...] = (*EXPLORERS, Connections)

ERRORS = {
    403: ("This session is not yours", "Open the page anew from the gallery."),
    404: ("There is no such page", "The address may be mistyped."),
    405: ("This page is only to be read", "Open it in a browser."),
    503: ("Every seat is taken", "All live sessions are in use. Try again in a minute."),
    500: ("Something went wrong here", "It is not your doing. Try again, or begin at the gallery."),
}

_IMPORT = re.compile(r"^import [^;]*? from '(\.{1,2}/[\w/.-]+)';\n", re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(async )?(function|const|class) )", re.MULTILINE)


@cache
def page_template() -> Template:
    """Return ``static/page.html`` as a template, less the indentation that only we read."""
    environment = Environment(autoescape=True)
    # by default keys are sorted, which a preset's are not
    environment.policies["json.dumps_kwargs"] = {"separators": (",", ":")}
    return environment.from_string(re.sub(r"(?m)^ +", "", text_of("page.html")))


@cache
def text_of(name: str) -> str:
    """Return a file of ``static/``."""
    return (STATIC / name).read_text(encoding="utf-8")


def bundle(*entries: str) -> str:
    """Return modules of ``static/`` with all that they import as one script without imports.

    Panel loads a module from an address in which relative imports mean nothing, and an exported
    page has one inline script. Comments and indentation stay behind: they are a third of a page.
    """
    ordered: list[str] = []
    for entry in entries:
        _append_needed(entry, ordered)
    return jsmin("\n".join(_EXPORT.sub("", _IMPORT.sub("", text_of(name))) for name in ordered))


def _append_needed(name: str, ordered: list[str]) -> None:
    """Append a module after the modules it imports, each once."""
    for imported in _IMPORT.findall(text_of(name)):
        path = posixpath.normpath(posixpath.join(posixpath.dirname(name), imported))
        if path not in ordered:
            _append_needed(path, ordered)
    if name not in ordered:
        ordered.append(name)


def page_variables(
    chapter: Chapter | None, link: Callable[[str], str], rows: int = 4
) -> dict[str, Any]:
    """Return what ``page.html`` is filled with, less the figures; no chapter is the gallery."""
    explorer = chapter if chapter in EXPLORERS else None
    around = (None, *CHAPTERS, None)
    place = CHAPTERS.index(chapter) if chapter else -1
    return {
        "chapter": chapter, "explorer": explorer, "explorers": CHAPTERS, "link": link, "rows": rows,
        "before": around[place] if chapter else None,
        "after": around[place + 2],
        "connections": CONNECTIONS, "state_link": partial(state_link, link),
        "ready": {one.slug for one in EXPLORERS},
        "kinds": {n: kind(p) for n, p in explorer.parameters().items()} if explorer else {},
        "grouped": {name for g in explorer.groups for name in g.actions} if explorer else set(),
        "optional": explorer.optional if explorer else (),
        "played": {player.gesture for player in explorer.players} if explorer else set(),
        "style": cssmin(text_of("style.css") + ("" if explorer else text_of("gallery.css"))),
        "boot": jsmin(text_of("boot.js")),
        "gallery_lede": GALLERY_LEDE,
        "slots": slots, "table_markup": table_markup,
    }  # fmt: skip


def slots(html: str) -> Markup:
    """Turn ``{name}`` and ``$$TeX with @name@$$`` of a trusted text into elements to be filled."""
    parts = re.split(r"\$\$(.+?)\$\$", html)
    texts = (formula(part) if odd % 2 else _slotted(part) for odd, part in enumerate(parts))
    return Markup("".join(texts))


def _slotted(html: str) -> str:
    return re.sub(r"\{([\w.]+)\}", r'<span data-slot="\1"></span>', html)


@cache
def formula(tex: str) -> str:
    """Return MathML; ``@name@`` becomes a slot, in parentheses where negative if ``@(name)@``."""
    marked = re.sub(r"@(\(?)(\w+)\)?@", lambda m: rf"\text{{@{'P' * bool(m[1])}:{m[2]}@}}", tex)
    mathml = convert(marked, display="block")
    return re.sub(
        r"<mtext>@(P?):(\w+)@</mtext>",
        lambda m: f'<mtext data-slot="{m[2]}"{" data-paren" if m[1] else ""}></mtext>',
        mathml,
    )


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


def gallery_page(link: Callable[[str], str], **more: Any) -> str:
    """Return the first page."""
    return _plain_page(None, link, **more)


def connections_page(link: Callable[[str], str], **more: Any) -> str:
    """Return the last page."""
    return _plain_page(Connections, link, **more)


def _plain_page(chapter: Chapter | None, link: Callable[[str], str], **more: Any) -> str:
    """Return a page without figures."""
    return page_template().render(page_variables(chapter, link), macros=_no_figures(), **more)


def error_page(status: int, home: str) -> str:
    """Return a page that says what is wrong, in words for a reader."""
    title, text = ERRORS.get(status, ERRORS[500])
    told = {"status": status, "title": title, "text": text, "home": home}
    return _plain_page(None, lambda slug: home + slug, error=told)


def _no_figures() -> Template:
    return Environment(autoescape=True).from_string("{% macro embed(root) %}{% endmacro %}")


def in_order(explorer: type[Explorer], asked: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return a link's keys in the order in which they build on each other, reserved ones out."""
    known = list(explorer.parameters())
    rank = {name: place for place, name in enumerate(known)}
    kept = [(key, raw) for key, raw in asked if key not in RESERVED]
    return sorted(kept, key=lambda pair: rank.get(pair[0], len(known)))


RESERVED = ("explorer", "embed", "theme", "lesson", "hide", "lock")
