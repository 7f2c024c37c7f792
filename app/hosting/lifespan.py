"""From the start to the end: an application within ours, and the server's last moments."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import time
from collections.abc import AsyncIterator, Callable
from socket import socket

import uvicorn
from starlette.types import ASGIApp, Message

OLDER = 2  # rounds of the collector between those through all; Python's own number is 10


@contextlib.asynccontextmanager
async def lifespan(application: ASGIApp) -> AsyncIterator[None]:
    """Start an inner ASGI application as a server would, and stop it after the body."""
    asked, told = asyncio.Queue[Message](), asyncio.Queue[Message]()
    task = asyncio.create_task(_run(application, asked, told))
    await asked.put({"type": "lifespan.startup"})
    if (answer := await told.get())["type"] != "lifespan.startup.complete":
        raise RuntimeError(f"Panel did not start: {answer.get('message')}")
    try:
        yield
    finally:
        await asked.put({"type": "lifespan.shutdown"})
        await told.get()
        await task


async def _run(
    application: ASGIApp, asked: asyncio.Queue[Message], told: asyncio.Queue[Message]
) -> None:
    try:
        await application({"type": "lifespan", "asgi": {"version": "3.0"}}, asked.get, told.put)
    finally:
        await told.put({"type": "ended"})


def put_aside_what_stays() -> None:
    """Let Python's collector look no more through what there is: it took 0.1 s, amid drags.

    Through the rest it looks more often, as each session that ends leaves a thousand objects that
    only the collector frees; it still waits until a quarter as many are new as are old. From 3.14
    on Python goes through all in small steps, and leaves that number aside.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*gc.get_threshold()[:2], OLDER)


class Server(uvicorn.Server):
    """Goes on answering for a while once it is to end, so that a balancer can turn away."""

    def __init__(
        self,
        config: uvicorn.Config,
        drain: Callable[[], None],
        seconds: float,
        end: Callable[[], None],
    ) -> None:
        super().__init__(config)
        self._drain, self._seconds, self._end = drain, seconds, end

    async def shutdown(self, sockets: list[socket] | None = None) -> None:
        """Drain, then close every websocket with 1012 and end what is under way, streams first."""
        self._drain()
        until = time.monotonic() + self._seconds
        while time.monotonic() < until and not self.force_exit:
            await asyncio.sleep(0.1)
        self._end()
        await super().shutdown(sockets)
