"""Every address of the hosted application, and what it answers."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator, Callable, Sequence
from functools import partial
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
from ..page.finish import script_hashes
from ..page.template import EMBED_SCRIPT, error_page, words_page
from ..panel.component import WORKERS, served_pages
from ..registry import CHAPTERS, EXPLORERS
from ..rooms.kept import kept_at
from ..rooms.routes import Rooms
from ..session.uploads import FILES
from .addresses import network_of
from .files import TABLES, TITLES, Files
from .lifespan import lifespan, put_aside_what_stays
from .metrics import Metrics
from .oembed import Unanswerable, answer
from .origins import comes_from, names_of
from .places import PAGES, ROOMS, hosted_link, page_link
from .redirects import better_address, fits_websocket
from .responses import ASK_FIRST, IMMUTABLE, NEVER_KEPT, collected, packed_page, policy_of
from .seats import Seats
from .sockets import Sockets
from .spare import SparePages

LEFT = 499  # what nginx writes down of a client that is gone
SWEEP = 3  # seconds between two looks for sessions that nobody uses

_BY_SLUG = {explorer.slug: explorer for explorer in EXPLORERS}


class Site:
    """The routes."""

    def __init__(self, chosen: argparse.Namespace) -> None:
        self._chosen = chosen
        folder = getattr(chosen, "lessons", "")
        lessons = read_lessons(Path(folder), EXPLORERS) if folder else []
        rooms_at = ROOMS if chosen.rooms else ""
        self._pages_said: dict[str, tuple[str, str]] = {}
        self.seats = Seats(chosen.sessions, chosen.address_sessions, self._all_sessions)
        self._ready = False
        self.metrics = Metrics()
        self._secret = (chosen.secret or generate_secret_key()).encode()
        lifetime = chosen.session_lifetime * 1000
        self._panel: Any = build_asgi_app(
            served_pages(hosted_link, lessons, PAGES + EMBED_SCRIPT, rooms_at),
            websocket_origin=["*"],  # stricter here: see comes_from
            index_enabled=False,
            sign_sessions=True, secret_key=self._secret,
            include_headers=[], include_cookies=[],  # else the token repeats a reader's cookies
            unused_session_lifetime_milliseconds=lifetime,
            check_unused_sessions_milliseconds=min(lifetime, SWEEP * 1000),
        )  # fmt: skip
        self._files = Files(self._panel, chosen.prefix, lessons, rooms_at)
        self._spare = SparePages(lessons, rooms_at)
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
            *(Route(f"/{one.slug}", self._file) for one in TABLES),
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
        pages_first = self._chosen.start == "pages"
        await asyncio.to_thread(self._files.build, pages_first=pages_first)
        if pages_first:
            await self._files.make_pages()
        rooms = self.rooms.running() if self.rooms else contextlib.nullcontext()
        async with lifespan(self._panel), rooms:
            await self._warm()
            put_aside_what_stays()
            self._ready = True
            foresight = asyncio.create_task(self._spare.foresee())
            yield
            foresight.cancel()
            self._spare.end()
            self._ready = False

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
        await self._files.load(scope, page.decode())
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
            told = answer(request.query_params, self._files.base(request), TITLES)
        except Unanswerable as error:
            return PlainTextResponse(f"{error}\n", error.status, headers)
        return JSONResponse(told, headers=headers)

    async def _to_pages(self, request: Request) -> Response:
        return RedirectResponse(PAGES, 302)

    async def _file(self, request: Request) -> Response:
        path = self._inner_path(request)
        if found := await self._files.at(path):
            if path.removeprefix(f"/{PAGES}").strip("/").removesuffix(".html") in TITLES:
                found = self._files.discovered(found, request)
            response = found.response(request)
            if not path.startswith(f"/{PAGES}"):  # those bring their own
                hashes = script_hashes(found.body.decode())
                response.headers["content-security-policy"] = policy_of(hashes)
            return response
        return self._error(404)

    def _inner_path(self, request: Request) -> str:
        return request.url.path.removeprefix(self._chosen.prefix)

    async def _static(self, request: Request) -> Response:
        path = self._inner_path(request)
        found = None
        with contextlib.suppress(OSError, ValueError):  # a name that no file can have
            found = await self._files.static(dict(request.scope), path)
        if not found:
            return self._error(404)
        response = found.response(request)
        if "v" in request.query_params:
            response.headers["cache-control"] = IMMUTABLE
        return response

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
        page = self._files.with_discovery(body.decode(), request)
        page = page.replace("<script", f'<script nonce="{nonce}"')
        response = packed_page(page, NEVER_KEPT, effort=4).response(request)
        response.headers["content-security-policy"] = policy_of(f"'nonce-{nonce}'")
        return response

    def _all_sessions(self) -> list[ServerSession]:
        contexts = self._panel.core.applications.values()
        return [one for context in contexts for one in context.sessions]

    async def _without_server(self, slug: str, request: Request, why: str) -> Response:
        self.metrics.refuse(why)
        if why == "left":
            return Response(status_code=LEFT)
        page = await self._spare.page(slug, why)
        return self._files.discovered(page, request).response(request)

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
