"""An explorer as a page that needs no server: the same page and figures, its twin as engine."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence
from functools import cache
from html import escape
from itertools import chain
from typing import Any

from bokeh.document import Document
from bokeh.embed import file_html
from bokeh.resources import INLINE

from ..contract.explorer import Explorer
from ..contract.lessons import Lesson
from .bokehjs import bokeh_script
from .bundle import SHARED, Script, bundle, exports_of, needed, shared_script, taken_from
from .figures import empty_figures
from .finish import finished
from .poster.poster import Poster, title_of
from .template import EMBED_SCRIPT, lessons_of, page_template, page_variables

Link = Callable[[str], str]

POSTERS = "posters"  # the folder of a site with its pictures
ROOM_PART = "static/rooms/room.js"


def is_explorer(chapter: Any) -> bool:
    """Return whether a chapter has figures and a state: the last page, a table, has neither."""
    return isinstance(chapter, type) and issubclass(chapter, Explorer)


def inline_page(chapters: Sequence[Any], slug: str, **options: Any) -> str:
    """Return the page of one explorer with everything it needs inside."""
    return export_page(explorer_called(slug, chapters), chapters, shared=False, **options)


def explorer_called(slug: str, chapters: Sequence[Any]) -> type[Explorer]:
    """Return the explorer with such a slug, or say which there are."""
    explorers = {one.slug: one for one in chapters if is_explorer(one)}
    if slug not in explorers:
        known = ", ".join(explorers)
        raise ValueError(f"no explorer called {slug!r} can be exported; there are {known}")
    return explorers[slug]


def export_page(
    explorer: type[Explorer],
    chapters: Sequence[Any],
    *,
    shared: bool,
    link: Link | None = None,
    live: Link | None = None,
    folder: str = "",
    notice: str = "",
    lessons: Sequence[Lesson] = (),
    address: str = "",
    asked: str = "",
    rooms: str = "",
) -> str:
    """Return an explorer's page, with BokehJS and the front end inside or in files of the site.

    ``link`` gives the addresses of the other pages, ``live`` those of the explorers under a server;
    ``folder`` is where the shared files are; ``notice`` stands above the explorer; of ``lessons``
    those for this explorer are in the page; ``asked`` is what its address would ask for, for a page
    that has none, such as the document of a frame; ``rooms`` is where the server's rooms are, seen
    from the page.
    """
    figures = _figures_here(explorer)
    rows = len(explorer.defaults().get("labels", ()))
    link = link or (file_link if shared else lone_link)
    bokeh = _shared_bokeh(chapters)
    room = bool(rooms)
    front, beside = _shared_front(tuple(chapters), room) if shared else (Script("", ""), ())
    variables = {
        **page_variables(explorer, chapters, link, rows, lessons, rooms),
        "exported": True,
        "shared_bokeh": folder + bokeh.name if shared else "",
        "bokeh_code": "" if shared else bokeh.code,
        "material_file": folder + material_file(explorer) if shared and explorer.material() else "",
        "material": "" if shared else material_code(explorer),
        "front_file": folder + front.name if front.name else "",
        "front_name": SHARED,
        "twin": bundle(*entries(explorer, lessons, room), beside=beside),
        "exports": model_exports(explorer),
        "parts": front_parts(explorer, lessons, room).values(),
        **({} if shared else {"explorers": (), "before": None, "after": None}),
        "live": live(explorer.slug) if live else "",
        "notice": notice,
        "poster": _poster_markup(explorer, folder if shared else None),
        "card": f"{address}{poster_file(explorer.slug, 'png')}" if address else "",
        "embed_script": folder + EMBED_SCRIPT if shared else "",
        "asked": asked,
    }
    html = file_html(
        list(figures.values()),
        resources=INLINE,
        title=explorer.texts.title,
        template=page_template(),
        template_variables=variables,
    )
    return finished(html, front.code, connects=room)


def _poster_markup(explorer: type[Explorer], folder: str | None) -> str:
    """Return what stands for the figures where no script runs: a site's file, or the picture."""
    if folder is None:
        return Poster(explorer).svg()
    start = explorer.defaults()
    said = escape(title_of(explorer, start, explorer.results(start, {})))
    return f'<img src="{folder}{poster_file(explorer.slug)}" alt="{said}">'


def shared_scripts(chapters: Sequence[Any], *, rooms: bool = False) -> tuple[Script, Script]:
    """Return what the pages of a site share: the BokehJS for all their figures, and their front."""
    return _shared_bokeh(chapters), _shared_front(tuple(chapters), rooms)[0]


def _shared_bokeh(chapters: Sequence[Any]) -> Script:
    models = map(_models_drawn, filter(is_explorer, chapters))
    return bokeh_script(frozenset[str]().union(*models))


@cache
def _shared_front(chapters: tuple[Any, ...], rooms: bool) -> tuple[Script, tuple[str, ...]]:
    """Return the front that pages share, and its modules: those that two pages or more need."""
    pages = [entries(one, rooms=rooms) for one in filter(is_explorer, chapters)]
    count = Counter(chain.from_iterable(needed(*page) for page in pages))
    modules = tuple(one for one in count if count[one] > 1 and one.startswith("static/"))
    names = {name for page in pages for name in taken_from(modules, *page)}
    return Script.called("front", shared_script(modules, names)), modules


@cache
def _models_drawn(explorer: type[Explorer]) -> frozenset[str]:
    """Return the names of the Bokeh models that an explorer's page is made of."""
    roots = [*_figures_here(explorer).values(), Document().config.notifications]
    return frozenset(model.__qualified_model__ for root in roots for model in root.references())


@cache
def _figures_here(explorer: type[Explorer]) -> dict[str, Any]:
    """Return the figures of a page without a server, less those that take one.

    They are made once, as that takes longer than all else of a page.
    """
    served = {picture.name for picture in explorer.pictures if picture.served}
    figures = empty_figures(explorer)
    return {name: figure for name, figure in figures.items() if name not in served}


def entries(
    explorer: type[Explorer], lessons: Sequence[Lesson] = (), rooms: bool = False
) -> tuple[str, ...]:
    """Return the modules that an explorer's page starts from."""
    model = f"app/explorers/{explorer.slug.replace('-', '_')}/model.js"
    return (model, *front_parts(explorer, lessons, rooms), "static/engines/browser.js")


def front_parts(
    explorer: type[Explorer], lessons: Sequence[Lesson] = (), rooms: bool = False
) -> dict[str, str]:
    """Return the modules that a page needs beside those that all need, and what each gives."""
    controls = {one["control"] for one in explorer.spec()["parameters"]}
    needed = {
        ("at-hand", "bindAtHand"): any(one.pictures and not one.fold for one in explorer.groups),
        ("handles", "bindHandles"): explorer.handles,
        ("labels", "bindLabels"): explorer.labels_drawn,
        ("letters-control", "buildLetters"): "letters" in controls,
        ("outcomes-control", "buildOutcomes"): "outcomes" in controls,
        ("pair-control", "buildPair"): "pair" in controls,
        ("passage", "bindPassages"): explorer.passages,
        ("player", "bindPlayers"): explorer.players,
        ("shares-control", "buildShares"): "rows" in controls,
        ("tasks", "bindTasks"): lessons_of(explorer, lessons),
        ("table-control", "buildTable"): "table" in controls,
    }
    parts = {f"static/front/{name}.js": gives for (name, gives), need in needed.items() if need}
    return {**parts, **({ROOM_PART: "bindRoom"} if rooms else {})}


def model_exports(explorer: type[Explorer]) -> list[str]:
    """Return what an explorer's twin exports of what an engine knows to call."""
    known = ("compute", "move", "entryName", "prepare")
    return [name for name in exports_of(entries(explorer)[0]) if name in known]


def poster_file(slug: str, ending: str = "svg") -> str:
    """Return the name of a chapter's poster in a site."""
    return f"{POSTERS}/{slug}.{ending}"


def material_file(chapter: type[Explorer]) -> str:
    """Return the name of the file that brings an explorer's material to its page in a site."""
    return f"{chapter.slug}-material.js"


def material_code(chapter: type[Explorer]) -> str:
    """Return a script that leaves a chapter's material for its page's engine, or nothing."""
    if not chapter.material():
        return ""
    material = json.dumps(chapter.material(), ensure_ascii=False).replace("<", "\\u003c")
    return f"globalThis.bitsAndNats = {material};\n"


def file_link(slug: str) -> str:
    """Return the address of an explorer's file beside the others, or of the gallery."""
    return f"{slug or 'index'}.html"


def lone_link(slug: str) -> str:
    """Return the address for a file that stands alone: its own top."""
    return "#explorer"
