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
from ..contract.lessons import Lesson
from ..contract.links import state_link
from ..contract.parameters import kind
from ..contract.tasks import tasks_of
from .bundle import bundle, minified_script, minified_style, text_of
from .gallery import weather
from .texts import table_markup, task_html, text_html

GALLERY_LEDE = (
    "Information is surprise, −log p; nearly every loss in machine learning is an average of it."
)
ERRORS = {
    403: ("This session is not yours", "Open the page anew from the gallery."),
    404: ("There is no such page", "The address may be mistyped."),
    405: ("This page is only to be read", "Open it in a browser."),
    503: ("Every seat is taken", "All live sessions are in use. Try again in a minute."),
    500: ("Something went wrong here", "It is not your doing. Try again, or begin at the gallery."),
}

EMBED_SCRIPT = "bits.js"  # beside a site's pages, for posts
BOOT = ("static/boot.js", "static/framed.js", "static/touch.js")  # before anything is painted

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
    chapter: Any,
    chapters: Sequence[Any],
    link: Link,
    rows: int = 4,
    lessons: Sequence[Lesson] = (),
    rooms: str = "",
) -> dict[str, Any]:
    """Return what ``page.html`` is filled with, less the figures; no chapter is the gallery.

    ``chapters`` are all that the pages lead to, in reading order; ``link`` gives their addresses;
    ``rooms`` is where the server's rooms are, seen from the page, if it has any.
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
        "alone": [n for n, p in explorer.parameters().items() if getattr(p, "alone", False)]
        if explorer else [],
        "grouped": {name for g in explorer.groups for name in g.actions} if explorer else set(),
        "optional": explorer.optional if explorer else (),
        "in_folds": {name for g in explorer.groups if g.fold for name in g.pictures}
        if explorer else set(),
        "turn": _turn(explorer) if explorer else "",
        "leads": _leads(explorer) if explorer else set(),
        "played": {player.gesture for player in explorer.players} if explorer else set(),
        "style": style_of("style.css", *_own_sheets(chapter, explorer, rooms)),
        "rooms": rooms if explorer else "",
        "boot": minified_script("".join(map(text_of, BOOT))),
        "gallery_lede": GALLERY_LEDE,
        "weather": weather(), "gallery_script": minified_script(text_of("static/gallery.js")),
        "text": partial(text_html, chapter.texts, link=link) if chapter else None,
        "task_text": partial(task_html, chapter.texts) if chapter else None,
        "lessons": lessons_of(explorer, lessons) if explorer else [],
        "table_markup": table_markup, "rows_shown": ROWS_SHOWN,
        "living": _living(chapter.slug) if chapter and not explorer else "",
        "wake": _wake(),
        "slugs": {one.slug for one in chapters},
    }  # fmt: skip


def lessons_of(explorer: type[Explorer], lessons: Sequence[Lesson]) -> list[Lesson]:
    """Return a chapter's own tasks, as a lesson without a name, and the lessons for it."""
    own = Lesson("", explorer.slug, tasks=list(tasks_of(explorer)))
    return [*([own] if own.tasks else ()), *(one for one in lessons if one.slug == explorer.slug)]


def _leads(explorer: type[Explorer]) -> set[str]:
    """Return the pictures that a compact page keeps.

    That is the first with a handle, or the first, with those that take turns with it and a low one
    that follows it.
    """
    at_hand = {name for group in explorer.groups for name in group.pictures}
    seen = [one for one in explorer.pictures if not one.below and one.name not in at_hand]
    pulled = {handle.picture for handle in explorer.handles}
    first = next((one for one in seen if one.name in pulled), None) or next(iter(seen), None)
    if not first:
        return set()
    in_turn = {one.name for one in seen if one.name in explorer.optional}
    after = seen[seen.index(first) + 1 :][:1]
    low = {one.name for one in after if one.size in ("short", "slim")}
    return {first.name, *low, *(in_turn if first.name in in_turn else ())}


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


def _own_sheets(chapter: Any, explorer: Any, rooms: str) -> tuple[str, ...]:
    """Return what a page has of style beside what all have."""
    if explorer:
        return ("present.css", "rooms.css") if rooms else ("present.css",)
    return ("living.css",) if chapter else ("gallery.css",)


@cache
def _living(slug: str) -> str:
    """Return what the rows of a table are played with: the rows' twin, and what paints them."""
    return bundle(f"app/explorers/{slug}/model.js", "static/front/living.js")


@cache
def _wake() -> str:
    """Return what starts that once a reader asks for it."""
    return bundle("static/front/wake.js")


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
    return words_page(title, text, chapters, home, status=status)


def words_page(title: str, text: str, chapters: Sequence[Any], home: str, **more: Any) -> str:
    """Return a page that says something; ``more`` is its ``status``, or ``code`` for a field."""
    words = {"title": title, "text": text, "home": home, **more}
    style = style_of("style.css", "said.css")
    return plain_page(None, chapters, lambda slug: home + slug, error=words, style=style)


def _no_figures() -> Template:
    return Environment(autoescape=True).from_string("{% macro embed(root) %}{% endmacro %}")
