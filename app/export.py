"""An explorer as a page that needs no server: the same page and figures, its twin as engine."""

from __future__ import annotations

import base64
import hashlib
import json
import re
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

_SCRIPT = re.compile(r"<script(?P<attributes>[^>]*)>(?P<code>.*?)</script>", re.DOTALL)


def export_site(folder: Path) -> None:
    """Write the gallery, one page an explorer, one BokehJS that they share, and ``embed.js``.

    Material that a page needs beside it stands in a file of its own.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / BOKEH_FILE).write_text(bokeh_code(), encoding="utf-8")
    (folder / "embed.js").write_text(text_of("embed.js"), encoding="utf-8")
    for explorer in exportable():
        page = export_page(explorer, shared=True)
        (folder / f"{explorer.slug}.html").write_text(page, encoding="utf-8")
        if code := material_code(explorer):
            (folder / material_file(explorer)).write_text(code, encoding="utf-8")
    for name, plain in (("index", gallery_page), (Connections.slug, connections_page)):
        page = with_policy(plain(file_link, exported=True))
        (folder / f"{name}.html").write_text(page, encoding="utf-8")


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


def export_page(explorer: type[Explorer], *, shared: bool) -> str:
    """Return an explorer's page, with BokehJS inside or in the file that the site shares."""
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
        **page_variables(explorer, file_link if shared else lone_link, rows),
        "exported": True,
        "shared_bokeh": BOKEH_FILE if shared else "",
        "bokeh_code": "" if shared else bokeh_code(),
        "material_file": material_file(explorer) if shared and explorer.material() else "",
        "material": "" if shared else material_code(explorer),
        "twin": bundle(f"explorers/{explorer.slug}.js", "exported.js"),
        **({} if shared else {"explorers": (), "before": None, "after": None}),
    }
    html = file_html(
        list(figures.values()),
        resources=INLINE,
        title=explorer.title,
        template=page_template(),
        template_variables=variables,
    )
    return with_policy(html)


def material_file(explorer: type[Explorer]) -> str:
    """Return the name of the file that brings an explorer's material to its page in a site."""
    return f"{explorer.slug}-material.js"


def material_code(explorer: type[Explorer]) -> str:
    """Return a script that leaves an explorer's material for ``exported.js``, or nothing."""
    material = json.dumps(explorer.material(), ensure_ascii=False).replace("<", "\\u003c")
    return f"globalThis.bitsAndNats = {material};\n" if explorer.material() else ""


def with_policy(html: str) -> str:
    """Add the content policy: these very scripts, no others, and nothing from elsewhere."""
    hashes, own = [], ""
    for script in _SCRIPT.finditer(html):
        if "src=" in script["attributes"]:
            own = " 'self'"
        elif "application/json" not in script["attributes"]:
            digest = hashlib.sha256(script["code"].encode()).digest()
            hashes.append(f"'sha256-{base64.b64encode(digest).decode()}'")
    policy = (
        f"default-src 'none'; script-src {' '.join(hashes)}{own}; style-src 'unsafe-inline'; "
        "img-src data: blob:; base-uri 'none'; form-action 'none'"
    )
    meta = f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    return html.replace("<!--policy-->", meta, 1)


def file_link(slug: str) -> str:
    """Return the address of an explorer's file beside the others, or of the gallery."""
    return f"{slug or 'index'}.html"


def lone_link(slug: str) -> str:
    """Return the address for a file that stands alone: its own top."""
    return "#explorer"


def bokeh_code() -> str:
    """Return BokehJS itself, whatever extensions (Panel's, say) have put into Bokeh's bundles."""
    return (bokehjs_path() / "js" / "bokeh.min.js").read_text(encoding="utf-8")
