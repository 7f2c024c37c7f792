"""What needs no session: built once, or when it is first asked for, and held with its gzip."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from functools import cached_property, partial
from typing import Any

from starlette.requests import Request
from starlette.types import Scope

from ..contract.lessons import Lesson
from ..page.exported import POSTERS, shared_scripts
from ..page.site import Make, site
from ..page.template import plain_page
from ..registry import CHAPTERS, EXPLORERS
from .oembed import discovery
from .places import PAGES, hosted_link, live_link, page_link
from .responses import (
    ASK_FIRST,
    FOR_AN_HOUR,
    Packed,
    collected,
    packed,
    packed_file,
    packed_page,
)  # fmt: skip

MOST_FILES = 200  # of Bokeh's and Panel's that are held packed
MOST_FOUND = 100  # pages that are held with the link for one host's oEmbed
TABLES = [one for one in CHAPTERS if one not in EXPLORERS]  # pages without figures or sessions
TITLES = {one.slug: one.texts.title for one in CHAPTERS}


class Files:
    """The gallery, the pages without a server, and the files that Bokeh's and Panel's pages load.

    ``panel`` has the last of these; ``rooms`` is where rooms are, seen from a live page, if any.
    """

    def __init__(self, panel: Any, prefix: str, lessons: Sequence[Lesson], rooms: str) -> None:
        self._panel, self._prefix, self._lessons, self._rooms = panel, prefix, lessons, rooms
        self._held: dict[str, Packed] = {}
        self._found: dict[tuple[str, str], Packed] = {}
        self._making = asyncio.Lock()  # a page is made once, however many ask for it meanwhile

    def build(self, *, pages_first: bool) -> None:
        """Make the gallery, which leads to the pages without a server first, or to live ones."""
        link = page_link if pages_first else hosted_link
        gallery = plain_page(None, CHAPTERS, link, follow="r" if self._rooms else "")
        self._held["/"] = packed_page(gallery, ASK_FIRST)
        for one in TABLES:
            self._held[f"/{one.slug}"] = packed_page(plain_page(one, CHAPTERS, link), ASK_FIRST)

    async def make_pages(self) -> None:
        """Make the pages without a server; what readers without scripts see is made when asked."""
        for name in await asyncio.to_thread(lambda: list(self._site)):
            if not name.startswith(POSTERS):
                await self.at(f"/{PAGES}{name}")

    async def load(self, scope: Scope, page: str) -> None:
        """Hold the files that a live page asks for."""
        for name in re.findall(r'src="(static/[^"?]+)', page):
            await self.static({**scope, "path": f"/{name}"}, f"/{name}")

    async def at(self, path: str) -> Packed | None:
        """Return what is at an address, made where it is not; what is held waits for nothing."""
        path = f"/{PAGES}index.html" if path == f"/{PAGES}" else path
        if path not in self._held and path.startswith(f"/{PAGES}"):
            make = partial(self._packed_file, path.removeprefix(f"/{PAGES}"))
            async with self._making:
                if path not in self._held and (made := await asyncio.to_thread(make)):
                    self._held[path] = made
        return self._held.get(path)

    async def static(self, scope: Scope, path: str) -> Packed | None:
        """Return a file of Bokeh's or Panel's, held in memory from its first use on."""
        if path in self._held:
            return self._held[path]
        status, kind, body = await collected(self._panel, {**scope, "method": "GET"})
        if status != 200:
            return None
        found = await asyncio.to_thread(packed, body, kind, FOR_AN_HOUR)
        if len(self._held) < MOST_FILES:
            self._held[path] = found
        return found

    def base(self, request: Request) -> str:
        """Return the gallery's address, as the request names this host."""
        return f"{request.url.scheme}://{request.url.netloc}{self._prefix}/"

    def with_discovery(self, page: str, request: Request) -> str:
        """Return a page's text with the link by which a blog finds its embed."""
        link = discovery(self.base(request), str(request.url))
        return page.replace("</title>", f"</title>\n{link}", 1)

    def discovered(self, page: Packed, request: Request) -> Packed:
        """Return a page from memory with that link."""
        address = str(request.url)
        known = self._found.get((address, page.digest))
        if known:
            return known
        text = self.with_discovery(page.body.decode(), request)
        found = packed_page(text, page.cache, effort=4)
        if len(self._found) >= MOST_FOUND:  # the oldest goes
            self._found.pop(next(iter(self._found)))
        self._found[address, page.digest] = found
        return found

    @cached_property
    def _site(self) -> dict[str, Make]:
        rooms = self._rooms and f"../{self._rooms}"
        return site(CHAPTERS, live_link, self._lessons, rooms=rooms)

    def _packed_file(self, name: str) -> Packed | None:
        if name not in self._site:
            return None
        scripts = shared_scripts(CHAPTERS, rooms=bool(self._rooms))
        versioned = any(name == one.name for one in scripts)
        return packed_file(name, self._site[name](), versioned=versioned)
