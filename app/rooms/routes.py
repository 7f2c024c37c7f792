"""Every address of the rooms, and what it answers: JSON, streams of events, and two pages."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from functools import partial, wraps
from typing import Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from ..contract.explorer import Explorer
from . import limits
from .kept import TWICE, Kept
from .limits import Uses
from .room import (
    CODE_LENGTH,
    Declined,
    Room,
    as_csv,
    new_room,
    question_asked,
    state_of,
    tally,
)  # fmt: skip
from .streams import Streams
from .tickets import device_of, new_ticket

LOOK = 3.0  # seconds between two looks whether what is followed here has ended or moved on
BEATS = 5  # looks from one beat to the next
MOST_IGNORED = 4_000_000  # bytes that are read of a body too large, so that its answer is read, too
NO_STORE = {"cache-control": "no-store"}
NO_ROOM = (404, "There is no room with this code. It may be mistyped, or the room has ended.")
OVER = "This round takes no answers now."
AWAY = "Rooms cannot be reached just now. Please try again in a moment."

Handler = Callable[["Rooms", Request], Awaitable[Response]]
PageOf = Callable[[int, str, str], Response]  # of a status, a title and a text: a page with a field


def _answers(handler: Handler) -> Handler:
    """Let a handler decline in JSON, and answer those alone who may ask from where they do."""

    @wraps(handler)
    async def answering(self: Rooms, request: Request) -> Response:
        return await self.answered(request.scope, partial(handler, self, request))

    return answering


def _error(status: int, why: str, **more: Any) -> Response:
    return JSONResponse({"error": why, **more}, status, NO_STORE)


def _done() -> Response:
    return Response(status_code=204, headers=NO_STORE)


class Rooms:
    """The rooms of one process.

    ``is_ours`` says of a request whether the page that sends it is ours; ``address_of`` what counts
    as its address; ``page_of`` makes the page that asks for a code.
    """

    def __init__(
        self,
        kept: Kept,
        explorers: Mapping[str, type[Explorer]],
        is_ours: Callable[[Scope], bool],
        address_of: Callable[[Scope], str],
        page_of: PageOf,
    ) -> None:
        self.is_ours, self.address_of = is_ours, address_of
        self.kept, self.streams = kept, Streams()
        self._explorers, self._page_of = explorers, page_of
        self._uses: dict[str, Uses] = {}

    async def answered[Answer](
        self, scope: Scope, act: Callable[[], Awaitable[Answer]]
    ) -> Answer | Response:
        """Return what is answered to a request, or why it is declined."""
        try:
            if not self.is_ours(scope):
                raise Declined(403, "Another site’s page may not do that here.")
            return await act()
        except Declined as declined:
            return _error(declined.status, str(declined), **declined.more)
        except self.kept.failures:
            return _error(503, AWAY)

    def routes(self) -> list[BaseRoute]:
        """Return what is at which address."""
        one = "/rooms/{code}"
        return [
            Route("/r", self._ask_code),
            Route("/r/{code}", self._enter),
            Route("/rooms", self._open, methods=["POST"]),
            Route(one, self._look, methods=["GET"]),
            Route(one, self._end, methods=["DELETE"]),
            Route(f"{one}/events", _Events(self), methods=["GET"]),
            Route(f"{one}/state", self._move, methods=["POST"]),
            Route(f"{one}/question", self._question, methods=["POST"]),
            Route(f"{one}/close", self._close, methods=["POST"]),
            Route(f"{one}/reveal", self._reveal, methods=["POST"]),
            Route(f"{one}/clear", self._clear, methods=["POST"]),
            Route(f"{one}/answers", self._answer, methods=["POST"]),
            Route(f"{one}/answers.csv", self._csv),
        ]

    def count(self) -> int:
        """Return how many rooms were opened here and have not ended."""
        return len(self._opened())

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Follow what happens in rooms, and look after those who follow, in the body."""
        tasks = [asyncio.create_task(one) for one in (self.kept.listen(self._tell), self._watch())]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def _tell(self, code: str, room: Room | None) -> None:
        self.streams.tell(code, room)
        if room is None:
            self._uses.pop(code, None)

    async def _watch(self) -> None:
        """Look now and then whether rooms went on, or ended, without our being told."""
        beats = 0
        while True:
            await asyncio.sleep(LOOK)
            with contextlib.suppress(*self.kept.failures):
                await self._tell_who_is_here()
                for code in list(self.streams.channels):
                    self._tell(code, await self.kept.room(code))
            beats = (beats + 1) % BEATS
            if not beats:
                self.streams.beat()
                await self._leave()
            self._uses = {code: one for code, one in self._uses.items() if one.ends > time.time()}

    async def _tell_who_is_here(self) -> None:
        """Say who follows here; also who came while that was being written."""
        before = self.streams.devices()
        await self.kept.still_here(before)
        for code, devices in self.streams.devices().items():
            for device in set(devices).difference(before.get(code, ())):
                await self.kept.arrive(code, device)

    async def _leave(self) -> None:
        """End the rooms of this process where nobody is any more, as their number is limited."""
        with contextlib.suppress(*self.kept.failures):
            for code in [code for code, one in self._uses.items() if one.opener is not None]:
                if await self.kept.is_left(code):
                    await self.kept.remove(code)
                    self._uses.pop(code, None)

    def _opened(self) -> list[str]:
        """Return from which addresses the rooms that were opened here were."""
        now = time.time()
        openers = [one.opener for one in self._uses.values() if one.ends > now]
        return [one for one in openers if one is not None]

    def _uses_of(self, room: Room) -> Uses:
        return self._uses.setdefault(room.code, Uses(room.ends))

    def _may_open(self, address: str) -> None:
        opened = self._opened()
        if len(opened) >= limits.ROOMS:
            raise Declined(429, "All rooms are taken just now. Please try again later.")
        if address and opened.count(address) >= limits.ROOMS_OF_AN_ADDRESS:
            most = limits.ROOMS_OF_AN_ADDRESS
            raise Declined(429, f"From your network {most} rooms are open, which is the most.")

    async def room(self, request: Request) -> Room:
        """Return the room that a request names, or decline it."""
        code = request.path_params["code"].upper()
        room = await self.kept.room(code) if len(code) == CODE_LENGTH else None
        if not room:
            raise Declined(*NO_ROOM)
        return room

    async def _taught(self, request: Request) -> Room:
        """Return the room of a teacher, who shows its key."""
        room = await self.room(request)
        kind, _, key = request.headers.get("authorization", "").partition(" ")
        room.require(key.strip() if kind.lower() == "bearer" else "")
        await self.kept.teach(room.code)
        return room

    async def _change(self, code: str, how: Callable[[Room], Room]) -> Room:
        room = await self.kept.change(code, how)
        if not room:
            raise Declined(*NO_ROOM)
        return room

    @_answers
    async def _open(self, request: Request) -> Response:
        address = self.address_of(request.scope)
        self._may_open(address)
        slug, query = state_of(self._explorers, await _body(request))
        room, key = new_room(slug, query, time.time())
        while not await self.kept.add(room):
            room, key = new_room(slug, query, time.time())
        self._uses[room.code] = Uses(room.ends, address)
        answer = {"code": room.code, "key": key, "ends": room.ends}
        return JSONResponse(answer, 201, NO_STORE)

    @_answers
    async def _look(self, request: Request) -> Response:
        room = await self._taught(request)
        asked = room.question
        rounds = tally(asked, await self.kept.counts(room.code, asked)) if asked else []
        followers = await self.kept.followers(room.code)
        now = {"seq": room.seq, "slug": room.slug, "query": room.query}
        known = asked and asked.known()
        answer = {"followers": followers, **now, "question": known, "rounds": rounds}
        return JSONResponse(answer, headers=NO_STORE)

    @_answers
    async def _end(self, request: Request) -> Response:
        room = await self._taught(request)
        await self.kept.remove(room.code)
        return _done()

    @_answers
    async def _move(self, request: Request) -> Response:
        room = await self._taught(request)
        self._uses_of(room).pace.step()
        slug, query = state_of(self._explorers, await _body(request))
        await self._change(room.code, lambda now: now.moved(slug, query))
        return _done()

    @_answers
    async def _question(self, request: Request) -> Response:
        room = await self._taught(request)
        self._uses_of(room).pace.step()
        told = await _body(request)
        if told.get("again") is True:
            room = await self._change(room.code, Room.again)
        else:
            question = question_asked(told)
            room = await self._change(room.code, lambda now: now.put(question))
        assert room.question
        answer = {"id": room.question.id, "round": room.question.round}
        return JSONResponse(answer, headers=NO_STORE)

    @_answers
    async def _close(self, request: Request) -> Response:
        return await self._changed(request, Room.closed)

    @_answers
    async def _reveal(self, request: Request) -> Response:
        room = await self._taught(request)
        told = await _body(request)
        settling = [told.get(name) for name in ("id", "round", "truth")]
        # Closed, so that what is counted is all.
        room = await self._change(room.code, lambda now: now.settled(*settling).closed())
        assert room.question
        asked = room.question
        counts = await self.kept.counts(room.code, asked)
        await self._change(room.code, lambda now: now.revealed(asked, counts))
        return _done()

    @_answers
    async def _clear(self, request: Request) -> Response:
        return await self._changed(request, Room.cleared)

    async def _changed(self, request: Request, how: Callable[[Room], Room]) -> Response:
        room = await self._taught(request)
        await self._change(room.code, how)
        return _done()

    @_answers
    async def _answer(self, request: Request) -> Response:
        room, address = await self.room(request), self.address_of(request.scope)
        meter = self._uses_of(room).meter
        meter.begin(room)
        stranger = address and f"a stranger at {address}"
        try:
            told = await _body(request)
        except Declined:
            meter.refuse(stranger)
            raise
        device = device_of(room, told.get("ticket"))
        if not device or not await self.kept.follows(room.code, device):
            meter.refuse(stranger)
            raise Declined(403, "Only a page that follows this room can answer.")
        try:
            await self._take(room, device, told)
        except Declined:
            meter.refuse(f"device {device}")
            raise
        return _done()

    async def _take(self, room: Room, device: str, told: Mapping[str, Any]) -> None:
        question = room.open_question(told.get("id"), told.get("round"))
        answer = question.answer(told.get("answer"))
        if why := await self.kept.take(room.code, question, device, answer):
            if why != TWICE:
                raise Declined(409, OVER)
            before = await self.kept.given(room.code, question, device)
            raise Declined(
                409, "This device has answered already.", answer=before and json.loads(before)
            )

    @_answers
    async def _csv(self, request: Request) -> Response:
        room = await self._taught(request)
        asked = await self.kept.asked(room.code)
        rows = as_csv([(one, await self.kept.counts(room.code, one)) for one in asked])
        name = f'attachment; filename="answers-{room.code}.csv"'
        return Response(rows, 200, {**NO_STORE, "content-disposition": name}, "text/csv")

    async def _enter(self, request: Request) -> Response:
        """Lead from the short address to the page that a room is about."""
        try:
            room = await self.room(request)
        except Declined as declined:
            return self._page_of(404, "There is no such room", str(declined))
        except self.kept.failures:
            return self._page_of(503, "Not just now", AWAY)
        to = f"../pages/{room.slug}.html?room={room.code}"
        return RedirectResponse(to, 302, NO_STORE)

    async def _ask_code(self, request: Request) -> Response:
        code = "".join(filter(str.isalnum, request.query_params.get("code", "")))[:12].upper()
        if code:
            return RedirectResponse(f"r/{code}", 302, NO_STORE)
        return self._page_of(200, "Follow a room", "Type the code that your teacher shows.")


class _Events:
    """The stream of a room's follower, without what a response of Starlette's would add to it."""

    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a stream until it ends, or decline it in JSON."""
        follow = partial(self._follow, Request(scope), receive, send)
        if declined := await self._rooms.answered(scope, follow):
            await declined(scope, receive, send)

    async def _follow(self, request: Request, receive: Receive, send: Send) -> None:
        kept, streams = self._rooms.kept, self._rooms.streams
        room = await self._rooms.room(request)
        given = request.headers.get("last-event-id") or request.query_params.get("ticket", "")
        ticket = given if device_of(room, given) else new_ticket(room)
        device, address = device_of(room, ticket), self._rooms.address_of(request.scope)
        with streams.following(room.code, device, address) as channel:
            try:
                await kept.arrive(room.code, device)
                if not channel.room:  # from now on we are told of changes
                    channel.tell(await kept.room(room.code))
                await channel.serve(ticket, receive, send)
            finally:
                if channel.devices[device] == 1:
                    with contextlib.suppress(*kept.failures):
                        await kept.leave(room.code, device)


async def _body(request: Request) -> Mapping[str, Any]:
    """Return what a request tells in JSON, or decline what is too large or nothing of the kind."""
    held, size = bytearray(), 0
    with contextlib.suppress(ClientDisconnect):  # who is gone reads no answer
        async for part in request.stream():
            size += len(part)
            if size <= limits.BODY:
                held += part
            elif size > MOST_IGNORED:
                break
    if size > limits.BODY:
        raise Declined(413, f"A request has {limits.BODY} bytes at most.")
    try:
        told = json.loads(held or b"{}")
    except (ValueError, RecursionError) as error:
        raise Declined(400, "That is no JSON.") from error
    if not isinstance(told, dict):
        raise Declined(400, "A request is an object in JSON.")
    return told
