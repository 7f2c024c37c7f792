"""Pages as files: a site of all chapters that needs no server, one page alone, a poster."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ..contract.lessons import Lesson
from .bundle import Script, bundle
from .exported import (
    POSTERS,
    Link,
    explorer_called,
    export_page,
    file_link,
    inline_page,
    is_explorer,
    material_code,
    material_file,
    poster_file,
    shared_scripts,
)
from .finish import finished, scripts_apart
from .poster.poster import poster_png, poster_svg
from .template import EMBED_SCRIPT, plain_page

Make = Callable[[], str]

HOST_SCRIPTS = (EMBED_SCRIPT, "embed.js")


def export_site(
    chapters: Sequence[Any],
    folder: Path,
    lessons: Sequence[Lesson] = (),
    address: str = "",
    *,
    apart: bool = False,
) -> None:
    """Write the gallery, a page a chapter and its poster, their BokehJS, and scripts for posts.

    Material that a page needs beside it stands in a file of its own. Where the folder's ``address``
    is known each explorer has a card, too, which other sites show with a link to it. Scripts stand
    ``apart`` from the pages where a host's policy asks for it.
    """
    address = _folder_address(address) if address else ""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / POSTERS).mkdir(exist_ok=True)
    for name, make in site(chapters, lessons=lessons, address=address).items():
        is_page = name.endswith(".html")
        text, scripts = scripts_apart(make()) if apart and is_page else (make(), [])
        for file in (Script(name, text), *scripts):
            (folder / file.name).write_text(file.code, encoding="utf-8")
    for explorer in filter(is_explorer, chapters if address else ()):
        (folder / poster_file(explorer.slug, "png")).write_bytes(poster_png(explorer))


def _folder_address(address: str) -> str:
    """Return the address of a folder with its slash; a card has to be found from anywhere."""
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise ValueError(f"{address!r} is no address such as https://example.org/explorers/")
    return f"{address.removesuffix('/')}/"


def export_inline(
    chapters: Sequence[Any], slug: str, file: Path, lessons: Sequence[Lesson] = ()
) -> None:
    """Write one explorer with everything it needs into one file."""
    page = inline_page(chapters, slug, lessons=lessons)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(page, encoding="utf-8")


def export_poster(chapters: Sequence[Any], slug: str, state: str, file: Path) -> None:
    """Write an explorer in the state of a link as a picture, SVG or PNG by the file's name."""
    explorer = explorer_called(slug, chapters)
    kind = file.suffix.lower()
    if kind not in (".svg", ".png"):
        raise ValueError(f"a poster's name ends in .svg or .png; {file.name!r} does not")
    drawn = poster_png(explorer, state) if kind == ".png" else poster_svg(explorer, state).encode()
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(drawn)


def site(
    chapters: Sequence[Any],
    live: Link | None = None,
    lessons: Sequence[Lesson] = (),
    address: str = "",
    rooms: str = "",
) -> dict[str, Make]:
    """Return what makes each file of the site, by name; ``live`` gives addresses under a server.

    ``address`` is where the site will be, if that is known; ``rooms`` where a server's rooms are,
    seen from its pages.
    """
    scripts = shared_scripts(chapters, rooms=bool(rooms))
    files: dict[str, Make] = {
        **{one.name: partial(str, one.code) for one in scripts},
        **{name: partial(host_script, name) for name in HOST_SCRIPTS},
        "index.html": partial(_plain, None, chapters),
    }
    for one in chapters:
        if not is_explorer(one):
            files[f"{one.slug}.html"] = partial(_plain, one, chapters)
            continue
        files[f"{one.slug}.html"] = partial(
            export_page, one, chapters, shared=True, live=live, lessons=lessons, address=address,
            rooms=rooms,
        )  # fmt: skip
        files[poster_file(one.slug)] = partial(poster_svg, one)
        if one.material():
            files[material_file(one)] = partial(material_code, one)
    return files


def host_script(name: str) -> str:
    """Return a script for the page of a post, which adds no name to it."""
    return f"(() => {{\n{bundle(f'static/host/{name}')}\n}})();\n"


def _plain(chapter: Any, chapters: Sequence[Any]) -> str:
    return finished(plain_page(chapter, chapters, file_link, exported=True))
