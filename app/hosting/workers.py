"""Several processes on one port: a page's websocket finds the process that made the page.

The operating system gives each connection to whichever process takes it first, while a session
lives in one. So a session's name begins with its process's, and every process also listens on a
socket of Linux's abstract namespace (no file, so a read-only disk will do), where the others hand
on websockets that came to the wrong door.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import secrets
import socket
from collections.abc import AsyncIterator, Iterator, Sequence
from urllib.parse import quote, unquote, urlsplit

from bokeh.util.token import get_session_id
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from websockets.asyncio.client import unix_connect
from websockets.asyncio.connection import Connection
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed, InvalidHandshake
from websockets.typing import Subprotocol

from .redirects import comes_from

NAMED = re.compile(r"([0-9a-f]{16})-[0-9a-f]{32}")
GONE = 1012  # "service restart": the page asks for a new session


def session_of(scope: Scope) -> str:
    """Return the session that a websocket asks for, or nothing."""
    try:
        return str(get_session_id(scope["subprotocols"][1]))
    except Exception:  # whatever a stranger's token makes Bokeh raise
        return ""


class Workers:
    """A process among others; ``session`` serves the websockets of its own sessions.

    A websocket may come from a page of its own host or of ``origins``.
    """

    def __init__(self, session: ASGIApp, origins: Sequence[str], *, several: bool) -> None:
        self._session = session
        self._origins = origins
        self._several = several
        self._name = secrets.token_hex(8)

    def new_session(self) -> str:
        """Return a session's name that nobody can guess and every process can place."""
        return f"{self._name}-{secrets.token_hex(16)}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a websocket here, or let the process do it that its session is in."""
        named = NAMED.fullmatch(session_of(scope))
        if not comes_from(scope, self._origins):
            await receive()
            await send({"type": "websocket.close", "code": 1008})
        elif not self._several or not named or named[1] == self._name:
            await self._session(scope, receive, send)
        else:
            await hand_on(named[1], scope, receive, send)

    @contextlib.asynccontextmanager
    async def listening(self) -> AsyncIterator[None]:
        """Take what other processes hand on."""
        if not self._several:
            yield
            return
        door = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        door.bind(door_of(self._name))
        door.listen()
        server = await serve(
            self._take, sock=door, compression=None, max_size=None, ping_interval=None,
            select_subprotocol=lambda _, offered: Subprotocol("bokeh"),
        )  # fmt: skip
        async with server:
            yield

    async def _take(self, connection: ServerConnection) -> None:
        request = connection.request
        offered = ",".join(request.headers.get_all("Sec-WebSocket-Protocol"))
        address = urlsplit(request.path)
        scope: Scope = {
            "type": "websocket", "asgi": {"version": "3.0", "spec_version": "2.4"},
            "path": unquote(address.path), "query_string": address.query.encode("latin-1"),
            "root_path": unquote(request.headers.get("X-Root-Path", "")),
            "subprotocols": [part.strip() for part in offered.split(",")],
            "headers": [], "scheme": "ws",
        }  # fmt: skip
        opened = iter([{"type": "websocket.connect"}])
        await self._session(scope, *_ends(connection, opened))


def door_of(name: str) -> str:
    """Return the address at which a process takes what others hand on."""
    return f"\0bitsandnats-{name}"


def _ends(connection: Connection, first: Iterator[Message]) -> tuple[Receive, Send]:
    """Return a connection as the two ends of an ASGI websocket."""

    async def receive() -> Message:
        if message := next(first, None):
            return message
        try:
            text = await connection.recv()
        except ConnectionClosed as closed:
            code = closed.rcvd.code if closed.rcvd else 1006
            return {"type": "websocket.disconnect", "code": code}
        return {"type": "websocket.receive", "bytes" if isinstance(text, bytes) else "text": text}

    async def send(message: Message) -> None:
        with contextlib.suppress(ConnectionClosed):
            if message["type"] == "websocket.send":
                sent = message.get("bytes")
                await connection.send(message["text"] if sent is None else sent)
            elif message["type"] == "websocket.close":
                await connection.close(message.get("code", 1000), message.get("reason", ""))

    return receive, send


async def hand_on(name: str, scope: Scope, receive: Receive, send: Send) -> None:
    """Let another process serve a websocket; where it is gone, tell the page to begin anew."""
    await receive()
    query = scope["query_string"].decode("latin-1")
    calling = unix_connect(
        door_of(name), uri=f"ws://worker{quote(scope['path'])}?{query}",
        subprotocols=[Subprotocol(one) for one in scope["subprotocols"]],
        additional_headers={"X-Root-Path": quote(scope.get("root_path", ""))},
        compression=None, max_size=None, ping_interval=None,
    )  # fmt: skip
    try:
        async with calling as connection:
            await send({"type": "websocket.accept", "subprotocol": "bokeh"})
            await _carry(_ends(connection, iter(())), (receive, send))
    except (OSError, InvalidHandshake):
        await send({"type": "websocket.close", "code": GONE})


async def _carry(away: tuple[Receive, Send], here: tuple[Receive, Send]) -> None:
    """Carry messages both ways until either end closes."""
    ways = [_pump(here[0], away[1], 1000), _pump(away[0], here[1], GONE)]
    tasks = {asyncio.create_task(way) for way in ways}
    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in tasks:
        task.cancel()


async def _pump(receive: Receive, send: Send, code: int) -> None:
    """Carry messages one way until an end closes; then close the other, with its own code."""
    while (message := await receive())["type"] == "websocket.receive":
        await send({**message, "type": "websocket.send"})
    told = message.get("code", code)
    await send({"type": "websocket.close", "code": code if told in (1005, 1006) else told})
