"""The one page, filled from a chapter's declaration, for Panel and for exported files alike."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache, partial
from itertools import accumulate
from typing import Any

from jinja2 import Environment, Template

from ..contract.declaration import ROWS_SHOWN
from ..contract.explorer import Explorer
from ..contract.links import state_link
from ..contract.parameters import kind
from .bundle import minified_script, minified_style, text_of
from .texts import table_markup, text_html

GALLERY_LEDE = (
    "Information is surprise, −log p. Entropy is the average surprise; cross-entropy the average "
    "when the code was built for something else; KL divergence what that mistake wastes; mutual "
    "information what two things share; perplexity is cross-entropy on another scale. Nearly "
    "every loss in machine learning is one of these. Drag the sliders and see."
)
ERRORS = {
    403: ("This session is not yours", "Open the page anew from the gallery."),
    404: ("There is no such page", "The address may be mistyped."),
    405: ("This page is only to be read", "Open it in a browser."),
    503: ("Every seat is taken", "All live sessions are in use. Try again in a minute."),
    500: ("Something went wrong here", "It is not your doing. Try again, or begin at the gallery."),
}

CARD_LENGTH = 300  # letters that take as much room as a card's title, formula or buttons
CARDS_AFTER = 2  # the code, and what is shared

Link = Callable[[str], str]


@cache
def page_template() -> Template:
    """Return ``static/page.html`` as a template, less the indentation that only we read."""
    environment = Environment(autoescape=True)
    # by default keys are sorted, which a preset's are not
    environment.policies["json.dumps_kwargs"] = {"separators": (",", ":"), "ensure_ascii": False}
    return environment.from_string(re.sub(r"(?m)^ +", "", text_of("static/page.html")))


def page_variables(
    chapter: Any, chapters: Sequence[Any], link: Link, rows: int = 4
) -> dict[str, Any]:
    """Return what ``page.html`` is filled with, less the figures; no chapter is the gallery.

    ``chapters`` are all that the pages lead to, in reading order; ``link`` gives their addresses.
    """
    explorer = chapter if isinstance(chapter, type) and issubclass(chapter, Explorer) else None
    around = (None, *chapters, None)
    place = chapters.index(chapter) if chapter else -1
    return {
        "chapter": chapter, "explorer": explorer, "explorers": chapters, "link": link, "rows": rows,
        "before": around[place] if chapter else None,
        "after": around[place + 2],
        "state_link": partial(state_link, link),
        "kinds": {n: kind(p) for n, p in explorer.parameters().items()} if explorer else {},
        "grouped": {name for g in explorer.groups for name in g.actions} if explorer else set(),
        "optional": explorer.optional if explorer else (),
        "turn": _turn(explorer) if explorer else "",
        "played": {player.gesture for player in explorer.players} if explorer else set(),
        "style": style_of("style.css") if explorer else style_of("style.css", "gallery.css"),
        "boot": minified_script(text_of("static/boot.js")),
        "gallery_lede": GALLERY_LEDE,
        "text": partial(text_html, chapter.texts) if chapter else None,
        "table_markup": table_markup, "rows_shown": ROWS_SHOWN,
    }  # fmt: skip


def _turn(explorer: type[Explorer]) -> str:
    """Return the title of the card that begins the second column, so that none ever changes sides.

    The columns are about as long as each other when a page opens, by the letters in them.
    """
    texts = {title: explorer.texts("Card", title) for title in explorer.texts.all("Card")}
    lengths = [CARD_LENGTH + len(text) for text in texts.values()]
    tables = sum(t.live and t.name not in explorer.optional for t in explorer.tables)
    total = CARD_LENGTH * (tables + CARDS_AFTER) + sum(lengths)
    ends = accumulate(lengths, initial=CARD_LENGTH * tables)
    return min(zip(texts, ends, strict=False), key=lambda one: abs(one[1] - total / 2))[0]


@cache
def style_of(*sheets: str) -> str:
    """Return style sheets as one, less what only we read."""
    return minified_style("".join(text_of(f"static/styles/{sheet}") for sheet in sheets))


def plain_page(chapter: Any, chapters: Sequence[Any], link: Link, **more: Any) -> str:
    """Return a page without figures: the gallery where ``chapter`` is None, or the last page."""
    variables = page_variables(chapter, chapters, link)
    return page_template().render(variables, macros=_no_figures(), **more)


def error_page(status: int, chapters: Sequence[Any], home: str) -> str:
    """Return a page that says what is wrong, in words for a reader."""
    title, text = ERRORS.get(status, ERRORS[500])
    words = {"status": status, "title": title, "text": text, "home": home}
    return plain_page(None, chapters, lambda slug: home + slug, error=words)


def _no_figures() -> Template:
    return Environment(autoescape=True).from_string("{% macro embed(root) %}{% endmacro %}")
