"""Every address of the hosted application, and what it answers."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import re
import secrets
from collections.abc import AsyncIterator, Callable, Sequence
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from bokeh.server.session import ServerSession
from bokeh.util.token import generate_secret_key, generate_session_id
from panel.io.asgi import build_asgi_app
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.types import Scope

from ..contract.lessons import read_lessons
from ..page.exported import POSTERS, export_page, shared_scripts
from ..page.finish import script_hashes
from ..page.site import Make, site
from ..page.template import EMBED_SCRIPT, error_page, plain_page, words_page
from ..panel.component import WORKERS, served_pages
from ..registry import CHAPTERS, EXPLORERS
from ..rooms.kept import kept_at
from ..rooms.routes import Rooms
from ..session.uploads import FILES
from .addresses import network_of
from .lifespan import lifespan, put_aside_what_stays
from .metrics import Metrics
from .oembed import Unanswerable, answer, discovery
from .origins import comes_from, names_of
from .redirects import better_address, fits_websocket
from .responses import (
    ASK_FIRST,
    FOR_AN_HOUR,
    IMMUTABLE,
    NEVER_KEPT,
    Packed,
    collected,
    packed,
    packed_file,
    policy_of,
)  # fmt: skip
from .seats import Seats
from .sockets import Sockets

PAGES = "pages/"
ROOMS = "rooms"  # seen from a live page
MOST_FILES = 200  # of Bokeh's and Panel's that are held packed
MOST_FOUND = 100  # pages that are held with the link for one host's oEmbed
LEFT = 499  # what nginx writes down of a client that is gone
FORESIGHT = 20  # seconds from the start to the making of pages that nobody may need
SWEEP = 3  # seconds between two looks for sessions that nobody uses

_BY_SLUG = {explorer.slug: explorer for explorer in EXPLORERS}
_TITLES = {one.slug: one.texts.title for one in CHAPTERS}
_TABLES = [one for one in CHAPTERS if one not in EXPLORERS]  # pages without figures or sessions

FULL = (
    "All live sessions are taken just now, or all that your network may have, so your browser "
    "computes this page by itself. "
    "Nothing is missing but what needs Python."
)

BUSY = (
    "Many readers open live pages just now, so your browser computes this page by itself. "
    "Nothing is missing but what needs Python; loaded again in a moment, the page has that, too."
)


def hosted_link(slug: str) -> str:
    """Return the address of an explorer beside the others, or of the gallery."""
    return slug or "./"


def page_link(slug: str) -> str:
    """Return the address of an explorer's page without a server, seen from the gallery."""
    return f"{PAGES}{slug}.html" if slug in _BY_SLUG else hosted_link(slug)


def live_link(slug: str) -> str:
    """Return the address of a live explorer, seen from the pages without a server."""
    return f"../{slug}"


class Site:
    """The routes, with what is built once: exported pages, the gallery, files in memory."""

    def __init__(self, chosen: argparse.Namespace) -> None:
        self._chosen = chosen
        folder = getattr(chosen, "lessons", "")
        self._lessons = read_lessons(Path(folder), EXPLORERS) if folder else []
        self._rooms_at = ROOMS if chosen.rooms else ""
        self._files: dict[str, Packed] = {}
        self._full: dict[str, Packed] = {}
        self._bare: dict[str, str] = {}  # the same pages, before the notice is chosen
        self._found: dict[tuple[str, str], Packed] = {}
        self._pages_said: dict[str, tuple[str, str]] = {}
        self.seats = Seats(chosen.sessions, chosen.address_sessions, self._all_sessions)
        self._making = asyncio.Lock()  # a page is made once, however many ask for it meanwhile
        self._ready = False
        self.metrics = Metrics()
        self._secret = (chosen.secret or generate_secret_key()).encode()
        lifetime = chosen.session_lifetime * 1000
        self._panel: Any = build_asgi_app(
            served_pages(hosted_link, self._lessons, PAGES + EMBED_SCRIPT, self._rooms_at),
            websocket_origin=["*"],  # stricter here: see comes_from
            index_enabled=False,
            sign_sessions=True, secret_key=self._secret,
            include_headers=[], include_cookies=[],  # else the token repeats a reader's cookies
            unused_session_lifetime_milliseconds=lifetime,
            check_unused_sessions_milliseconds=min(lifetime, SWEEP * 1000),
        )  # fmt: skip
        origins = " ".join(chosen.origin).split()
        named = bool(names_of(chosen.allowed_hosts, chosen.host))
        self._sockets = Sockets(self._panel, self._secret, origins, self.metrics, named=named)
        self.rooms = self._made_rooms(origins, named=named) if chosen.rooms else None
        FILES.most = chosen.files * 1e6
        WORKERS.most = chosen.workers
        self._tell_numbers()

    def _tell_numbers(self) -> None:
        tell = self.metrics.tell
        tell("sessions", "Live sessions.", self.seats.taken)
        tell("sessions_most", "Live sessions that there may be.", lambda: self.seats.most)
        tell("queue", "Readers who wait for a live page.", self.seats.waiting)
        tell("files_bytes", "What readers' files take.", FILES.held)
        tell("files_most_bytes", "What readers' files may take.", lambda: FILES.most)

    def _made_rooms(self, origins: Sequence[str], *, named: bool) -> Rooms:
        def is_ours(scope: Scope) -> bool:  # a browser names no origin where a page of ours reads
            return comes_from(scope, origins, named=named or scope["method"] == "GET")

        def address_of(scope: Scope) -> str:
            return network_of(scope["client"][0] if scope["client"] else "")

        rooms = Rooms(kept_at(self._chosen.rooms), _BY_SLUG, is_ours, address_of, self._code_page)
        self.metrics.tell("rooms", "Rooms that were opened here.", rooms.count)
        self.metrics.tell("followers", "Pages that follow a room here.", rooms.streams.count)
        return rooms

    def end_streams(self) -> None:
        """End what would not end by itself: the process is about to."""
        if self.rooms:
            self.rooms.streams.end()

    def routes(self) -> list[BaseRoute]:
        """Return what is at which address."""
        return [
            Route("/healthz", self._health),
            Route("/readyz", self._readiness),
            Route("/robots.txt", self._robots),
            Route("/oembed", self._oembed),
            *(self.rooms.routes() if self.rooms else ()),
            Route("/", self._file),
            *(Route(f"/{one.slug}", self._file) for one in _TABLES),
            Route("/pages", self._to_pages),
            Route("/pages/{name:path}", self._file),
            Route("/static/{name:path}", self._static),
            Route("/{slug}", self._live),
            Route("/{slug}/", self._live),
            WebSocketRoute("/{slug}/ws", self._sockets),
        ]

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Make what the first visitors ask for, then stand ready until the server ends."""
        self.metrics.loop = asyncio.get_running_loop()
        await asyncio.to_thread(self._build)
        if self._chosen.start == "pages":
            for name in await asyncio.to_thread(lambda: list(self._site)):
                if not name.startswith(POSTERS):  # those are for readers without scripts
                    await self._page_file(name)
        rooms = self.rooms.running() if self.rooms else contextlib.nullcontext()
        async with lifespan(self._panel), rooms:
            await self._warm()
            put_aside_what_stays()
            self._ready = True
            foresight = asyncio.create_task(self._foresee())
            yield
            foresight.cancel()
            self._ready = False

    def _build(self) -> None:
        link = page_link if self._chosen.start == "pages" else hosted_link
        gallery = plain_page(None, CHAPTERS, link, follow="r" if self._rooms_at else "")
        self._files["/"] = self._html(gallery, ASK_FIRST)
        for one in _TABLES:
            self._files[f"/{one.slug}"] = self._html(plain_page(one, CHAPTERS, link), ASK_FIRST)

    @cached_property
    def _site(self) -> dict[str, Make]:
        rooms = self._rooms_at and f"../{self._rooms_at}"
        return site(CHAPTERS, live_link, self._lessons, rooms=rooms)

    async def _page_file(self, name: str) -> Packed | None:
        """Return a file of the pages without a server, which are made when first asked for."""
        path = f"/{PAGES}{name}"
        return await self._made_once(self._files, path, partial(self._packed_page, name))

    async def _made_once(
        self, held: dict[str, Packed], key: str, make: Callable[[], Packed | None]
    ) -> Packed | None:
        """Return what is held, and make it where it is not; what is held waits for nothing."""
        if key not in held:
            async with self._making:
                if key not in held and (made := await asyncio.to_thread(make)):
                    held[key] = made
        return held.get(key)

    def _packed_page(self, name: str) -> Packed | None:
        if name not in self._site:
            return None
        scripts = shared_scripts(CHAPTERS, rooms=bool(self._rooms_at))
        versioned = any(name == one.name for one in scripts)
        return packed_file(name, self._site[name](), versioned=versioned)

    @staticmethod
    def _html(page: str, cache: str, effort: int = 9) -> Packed:
        return packed(page.encode(), "text/html; charset=utf-8", cache, effort)

    async def _warm(self) -> None:
        """Make one session's page, and pack the files that it asks for."""
        scope = {
            "type": "http",
            "method": "GET",
            "root_path": "",
            "headers": [],
            "query_string": b"",
        }
        _, _, page = await collected(self._panel, {**scope, "path": f"/{EXPLORERS[0].slug}"})
        for name in re.findall(r'src="(static/[^"?]+)', page.decode()):
            await self._packed_static({**scope, "path": f"/{name}"}, f"/{name}")
        for one in self._all_sessions():
            one.request_expiration()

    async def _health(self, request: Request) -> Response:
        return PlainTextResponse("ok\n", headers={"cache-control": NEVER_KEPT})

    async def _readiness(self, request: Request) -> Response:
        told = ("ready\n", 200)
        if not (self._ready and self.seats.are_left()):
            told = ("not ready\n", 503)
        return PlainTextResponse(*told, headers={"cache-control": NEVER_KEPT})

    async def _robots(self, request: Request) -> Response:
        """Ask search engines not to open sessions; the pages without a server hold the same."""
        lives = "".join(f"Disallow: {self._chosen.prefix}/{one.slug}\n" for one in EXPLORERS)
        return PlainTextResponse(f"User-agent: *\n{lives}", headers={"cache-control": ASK_FIRST})

    async def _oembed(self, request: Request) -> Response:
        """Say how one of our pages is embedded; who asks is a program, of any site."""
        headers = {"access-control-allow-origin": "*", "cache-control": ASK_FIRST}
        try:
            told = answer(request.query_params, self._base(request), _TITLES)
        except Unanswerable as error:
            return PlainTextResponse(f"{error}\n", error.status, headers)
        return JSONResponse(told, headers=headers)

    def _base(self, request: Request) -> str:
        """Return the gallery's address, as the request names this host."""
        return f"{request.url.scheme}://{request.url.netloc}{self._chosen.prefix}/"

    def _with_discovery(self, page: str, request: Request) -> str:
        link = discovery(self._base(request), str(request.url))
        return page.replace("</title>", f"</title>\n{link}", 1)

    async def _to_pages(self, request: Request) -> Response:
        return RedirectResponse(PAGES, 302)

    async def _file(self, request: Request) -> Response:
        path = self._inner_path(request)
        found = self._files.get(path)
        if not found and path.startswith(f"/{PAGES}"):
            found = await self._page_file(path.removeprefix(f"/{PAGES}") or "index.html")
        if found:
            if path.removeprefix(f"/{PAGES}").strip("/").removesuffix(".html") in _TITLES:
                found = self._discovered(found, request)
            response = found.response(request)
            if not path.startswith(f"/{PAGES}"):  # those bring their own
                hashes = script_hashes(found.body.decode())
                response.headers["content-security-policy"] = policy_of(hashes)
            return response
        return self._error(404)

    def _discovered(self, page: Packed, request: Request) -> Packed:
        """Return a page from memory with the link by which a blog finds its embed."""
        address = str(request.url)
        known = self._found.get((address, page.digest))
        if known:
            return known
        text = self._with_discovery(page.body.decode(), request)
        found = self._html(text, page.cache, effort=4)
        if len(self._found) >= MOST_FOUND:  # the oldest goes
            self._found.pop(next(iter(self._found)))
        self._found[address, page.digest] = found
        return found

    def _inner_path(self, request: Request) -> str:
        return request.url.path.removeprefix(self._chosen.prefix)

    async def _static(self, request: Request) -> Response:
        path = self._inner_path(request)
        found = self._files.get(path)
        with contextlib.suppress(OSError, ValueError):  # a name that no file can have
            found = found or await self._packed_static(dict(request.scope), path)
        if not found:
            return self._error(404)
        response = found.response(request)
        if "v" in request.query_params:
            response.headers["cache-control"] = IMMUTABLE
        return response

    async def _packed_static(self, scope: Scope, path: str) -> Packed | None:
        """Hold a file of Bokeh's or Panel's in memory from its first use on."""
        status, kind, body = await collected(self._panel, {**scope, "method": "GET"})
        if status != 200:
            return None
        found = await asyncio.to_thread(packed, body, kind, FOR_AN_HOUR)
        if len(self._files) < MOST_FILES:
            self._files[path] = found
        return found

    async def _live(self, request: Request) -> Response:
        slug = request.path_params["slug"]
        if slug not in _BY_SLUG:
            return self._error(404)
        query = request.scope["query_string"]
        if elsewhere := better_address(request.url.path, query, [slug]):
            return RedirectResponse(elsewhere, 302)
        if not fits_websocket(request.url.path, query):
            return RedirectResponse(f"{page_link(slug)}#{query.decode('latin-1')}", 302)
        if request.method == "HEAD":
            return Response(headers={"cache-control": NEVER_KEPT}, media_type="text/html")
        own = [pair for pair in request.scope["headers"] if pair[0] != b"bokeh-session-id"]
        identity = generate_session_id(secret_key=self._secret, signed=True)
        headers = [*own, (b"bokeh-session-id", identity.encode())]
        async with self.seats.seat(request, identity) as why_not:
            if not why_not:
                scope = {**request.scope, "method": "GET", "headers": headers}
                status, _, body = await collected(self._panel, scope)
        if why_not:
            return await self._without_server(slug, request, why_not)
        return self._live_page(body, request) if status == 200 else self._error(status)

    def _live_page(self, body: bytes, request: Request) -> Response:
        """Return the page of a session, whose scripts alone may run."""
        nonce = secrets.token_urlsafe(16)
        page = self._with_discovery(body.decode(), request)
        page = page.replace("<script", f'<script nonce="{nonce}"')
        response = self._html(page, NEVER_KEPT, effort=4).response(request)
        response.headers["content-security-policy"] = policy_of(f"'nonce-{nonce}'")
        return response

    def _all_sessions(self) -> list[ServerSession]:
        contexts = self._panel.core.applications.values()
        return [one for context in contexts for one in context.sessions]

    async def _without_server(self, slug: str, request: Request, why: str) -> Response:
        self.metrics.refuse(why)
        if why == "left":
            return Response(status_code=LEFT)
        page = await self._page_without(slug, FULL if why in ("full", "address") else BUSY)
        return self._discovered(page, request).response(request)

    async def _foresee(self) -> None:
        """Make, before anybody waits for it, what readers get who find no seat."""
        await asyncio.sleep(FORESIGHT)
        for one in EXPLORERS:
            for notice in (FULL, BUSY):
                await self._page_without(one.slug, notice)
        put_aside_what_stays()

    async def _page_without(self, slug: str, notice: str) -> Packed:
        make, key = partial(self._packed_without, slug, notice), f"{slug} {notice}"
        await self._made_once(self._full, key, make)
        return self._full[key]

    def _packed_without(self, slug: str, notice: str) -> Packed:
        if slug not in self._bare:
            self._bare[slug] = export_page(
                _BY_SLUG[slug], CHAPTERS, shared=True, link=hosted_link, live=hosted_link,
                notice=FULL, folder=PAGES, lessons=self._lessons, rooms=self._rooms_at,
            )  # fmt: skip
        return self._html(self._bare[slug].replace(FULL, notice), NEVER_KEPT)

    def _error(self, status: int) -> Response:
        home = self._chosen.prefix + "/"
        return self._said(status, str(status), partial(error_page, status, CHAPTERS, home))

    def _code_page(self, status: int, title: str, text: str) -> Response:
        """Return a page with a field for a room's code."""
        make = partial(words_page, title, text, CHAPTERS, self._chosen.prefix + "/", code=True)
        return self._said(status, title, make, forms="'self'")

    def _said(
        self, status: int, key: str, make: Callable[[], str], forms: str = "'none'"
    ) -> Response:
        if key not in self._pages_said:  # made once: a stranger may ask for it often
            page = make()
            policy = policy_of(script_hashes(page), forms)
            self._pages_said[key] = page, policy
        page, policy = self._pages_said[key]
        headers = {"cache-control": NEVER_KEPT, "content-security-policy": policy}
        return Response(page, status, headers, "text/html; charset=utf-8")

    async def missing(self, request: Request, error: Exception) -> Response:
        """Answer for an address where nothing is."""
        return self._error(404)

    async def refused(self, request: Request, error: Exception) -> Response:
        """Answer for a method that an address does not take."""
        return self._error(405)

    async def broken(self, request: Request, error: Exception) -> Response:
        """Answer for an error of ours, without its insides."""
        return self._error(500)
