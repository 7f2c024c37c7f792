"""Who may have a live page made now: one at a time, and nobody waits for long."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator

from starlette.requests import Request

MOST_WAITING = 5
LONGEST_WAIT = 2.0  # seconds
RECENT = 0.3  # weight of the last page in what a page takes


class Turns:
    """Lets pages be made in turn; who would wait for long, or has left, gets none."""

    def __init__(self) -> None:
        self._free = asyncio.Lock()
        self._takes = 0.0  # seconds, of late
        self.waiting = 0

    @contextlib.asynccontextmanager
    async def turn(self, request: Request) -> AsyncIterator[str]:
        """Wait for a turn, and hold it in the body; give why there is none, or nothing."""
        why = await self._why_not(request)
        begun = time.monotonic()
        try:
            yield why
        finally:
            if not why:
                self._takes += RECENT * (time.monotonic() - begun - self._takes)
                self._free.release()

    async def _why_not(self, request: Request) -> str:
        if not self.waiting and not self._free.locked():
            await self._free.acquire()
            return ""
        expected = (self.waiting + 1) * self._takes
        if self.waiting >= MOST_WAITING or expected > LONGEST_WAIT:
            return "queue"
        self.waiting += 1
        try:
            return await self._waited(request)
        finally:
            self.waiting -= 1

    async def _waited(self, request: Request) -> str:
        mine, left = asyncio.create_task(self._free.acquire()), asyncio.create_task(_left(request))
        try:
            await asyncio.wait(
                {mine, left}, timeout=LONGEST_WAIT, return_when=asyncio.FIRST_COMPLETED
            )
            why = "left" if left.done() else "" if mine.done() else "queue"
        except asyncio.CancelledError:
            why = "left"
            raise
        finally:
            left.cancel()
            if why and not mine.cancel():
                self._free.release()  # it came at the same moment
        return why


async def _left(request: Request) -> None:
    """Return once the client of a request is gone."""
    while (await request.receive())["type"] != "http.disconnect":
        pass
