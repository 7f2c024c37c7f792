"""An explorer as a page that needs no server: the same page and figures, its twin as engine."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Callable
from pathlib import Path

import bokeh
from bokeh.embed import file_html
from bokeh.resources import INLINE
from bokeh.util.paths import bokehjs_path

from app.connections import Connections
from app.explorer import Explorer
from app.page import (
    STATIC,
    bundle,
    connections_page,
    gallery_page,
    page_template,
    page_variables,
    text_of,
)
from app.registry import EXPLORERS

BOKEH_FILE = f"bokeh-{bokeh.__version__}.min.js"

Link = Callable[[str], str]

_SCRIPT = re.compile(r"<script(?P<attributes>[^>]*)>(?P<code>.*?)</script>", re.DOTALL)


def export_site(folder: Path) -> None:
    """Write the gallery, one page an explorer, one BokehJS that they share, and ``embed.js``.

    Material that a page needs beside it stands in a file of its own.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in site().items():
        (folder / name).write_text(text, encoding="utf-8")


def site(live: Link | None = None) -> dict[str, str]:
    """Return the files of the site by name; ``live`` gives addresses under a server beside it."""
    return {
        BOKEH_FILE: bokeh_code(),
        "embed.js": text_of("embed.js"),
        **{f"{one.slug}.html": export_page(one, shared=True, live=live) for one in exportable()},
        **{material_file(one): code for one in exportable() if (code := material_code(one))},
        "index.html": with_policy(gallery_page(file_link, exported=True)),
        f"{Connections.slug}.html": with_policy(connections_page(file_link, exported=True)),
    }


def export_inline(slug: str, file: Path) -> None:
    """Write one explorer with everything it needs into one file."""
    explorer = next((one for one in exportable() if one.slug == slug), None)
    if explorer is None:
        known = ", ".join(one.slug for one in exportable())
        raise ValueError(f"no explorer called {slug!r} can be exported; there are {known}")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(export_page(explorer, shared=False), encoding="utf-8")


def exportable() -> list[type[Explorer]]:
    """Return the explorers that have a browser twin."""
    return [one for one in EXPLORERS if (STATIC / "explorers" / f"{one.slug}.js").is_file()]


def export_page(
    explorer: type[Explorer],
    *,
    shared: bool,
    link: Link | None = None,
    live: Link | None = None,
    folder: str = "",
    notice: str = "",
) -> str:
    """Return an explorer's page, with BokehJS inside or in the file that the site shares.

    ``link`` gives the addresses of the other pages, ``live`` those of the explorers under a server;
    ``folder`` is where the shared files are; ``notice`` stands above the explorer.
    """
    session = explorer()
    rows = len(session.state.get("labels", ()))
    figures = {
        picture.name: session.figures[picture.name]
        for picture in explorer.pictures
        if not picture.served
    }
    for name, figure in figures.items():
        figure.name = f"figure_{name}"
    for source in session.sources.values():
        source.data = {column: [] for column in source.data}  # the twin fills them at the start
    variables = {
        **page_variables(explorer, link or (file_link if shared else lone_link), rows),
        "exported": True,
        "shared_bokeh": folder + BOKEH_FILE if shared else "",
        "bokeh_code": "" if shared else bokeh_code(),
        "material_file": folder + material_file(explorer) if shared and explorer.material() else "",
        "material": "" if shared else material_code(explorer),
        "twin": bundle(*entries(explorer)),
        **({} if shared else {"explorers": (), "before": None, "after": None}),
        "live": live(explorer.slug) if live else "",
        "notice": notice,
    }
    html = file_html(
        list(figures.values()),
        resources=INLINE,
        title=explorer.title,
        template=page_template(),
        template_variables=variables,
    )
    return with_policy(html)


def entries(explorer: type[Explorer]) -> tuple[str, ...]:
    """Return the modules that an explorer's page starts from."""
    passages = ("passage.js",) if explorer.passages else ()
    return (f"explorers/{explorer.slug}.js", *passages, "exported.js")


def material_file(explorer: type[Explorer]) -> str:
    """Return the name of the file that brings an explorer's material to its page in a site."""
    return f"{explorer.slug}-material.js"


def material_code(explorer: type[Explorer]) -> str:
    """Return a script that leaves an explorer's material for ``exported.js``, or nothing."""
    material = json.dumps(explorer.material(), ensure_ascii=False).replace("<", "\\u003c")
    return f"globalThis.bitsAndNats = {material};\n" if explorer.material() else ""


def with_policy(html: str) -> str:
    """Add the content policy: these very scripts, no others, and nothing from elsewhere."""
    own = " 'self'" if any("src=" in one["attributes"] for one in _SCRIPT.finditer(html)) else ""
    policy = (
        f"default-src 'none'; script-src {script_hashes(html)}{own}; style-src 'unsafe-inline'; "
        "img-src data: blob:; base-uri 'none'; form-action 'none'"
    )
    meta = f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    return html.replace("<!--policy-->", meta, 1)


def script_hashes(html: str) -> str:
    """Return what in a content policy allows the scripts that stand in a page, and no others."""
    hashes = []
    for script in _SCRIPT.finditer(html):
        if not re.search("src=|application/json", script["attributes"]):
            digest = hashlib.sha256(script["code"].encode()).digest()
            hashes.append(f"'sha256-{base64.b64encode(digest).decode()}'")
    return " ".join(hashes)


def file_link(slug: str) -> str:
    """Return the address of an explorer's file beside the others, or of the gallery."""
    return f"{slug or 'index'}.html"


def lone_link(slug: str) -> str:
    """Return the address for a file that stands alone: its own top."""
    return "#explorer"


def bokeh_code() -> str:
    """Return BokehJS itself, whatever extensions (Panel's, say) have put into Bokeh's bundles."""
    return (bokehjs_path() / "js" / "bokeh.min.js").read_text(encoding="utf-8")
