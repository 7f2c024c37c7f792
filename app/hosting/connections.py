"""Whom a connection is kept for: not for those who dawdle, nor for more than there is room for."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
import sys
from typing import Any, ClassVar

from uvicorn.protocols.http.h11_impl import H11Protocol

WHOLE = 10.0  # seconds in which a request has to be here, whole, however its bytes trickle
TAKEN = 30.0  # seconds in which a client takes something of an answer that waits for it
GONE = 30_000  # ms without a sign that what was sent has arrived, as of a phone out of reach
LOOK = 1.0  # seconds between two looks at a connection
MOST = 5000  # connections; a silent one takes about 10 kB
SPARE = 256  # files that connections leave alone: as many may be accepted before any is let go

LOG = logging.getLogger("bitsandnats.server")


class Punctual(H11Protocol):
    """A connection that ends where its other end dawdles, or where others need the room more.

    uvicorn waits for a first request, and for the rest of one, as long as the client likes.
    A websocket begins as one of these, and so is looked at to its end, too.
    """

    most: ClassVar[int] = MOST
    _waiting: ClassVar[dict[Punctual, None]] = {}  # for a request, the longest-waiting first

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a request."""
        super().connection_made(transport)
        self._left, self._took = 0, self.loop.time()
        if hasattr(socket, "TCP_USER_TIMEOUT") and (own := transport.get_extra_info("socket")):
            own.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, GONE)
        self._wait()
        if len(self.connections) > self.most:
            longest = next(iter(self._waiting))
            self.connections.discard(longest)
            longest.let_go()
        self._look()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no longer."""
        self._waiting.pop(self, None)
        super().connection_lost(exc)

    def handle_events(self) -> None:
        """Take what has come in; a request that is whole is no longer waited for."""
        super().handle_events()
        if self.cycle and not self.cycle.more_body and not self.cycle.response_complete:
            self._waiting.pop(self, None)

    def handle_websocket_upgrade(self, event: Any) -> None:
        """Leave the connection to its websocket, which asks now and then whether it is there."""
        self._waiting.pop(self, None)
        super().handle_websocket_upgrade(event)

    def on_response_complete(self) -> None:
        """Wait for the next request, which may be here already."""
        self._wait()
        super().on_response_complete()

    def _wait(self) -> None:
        self._since = self.loop.time()
        self._waiting.pop(self, None)
        self._waiting[self] = None

    def let_go(self) -> None:
        """End at once, and wait for nothing more."""
        self._waiting.pop(self, None)
        self.transport.abort()

    def _look(self) -> None:
        now, left = self.loop.time(), self.transport.get_write_buffer_size()
        if left == 0 or left < self._left:
            self._took = now
        self._left = left
        if left and self in self._waiting:  # the next request is due once this answer is taken
            self._wait()
        if now > self._took + TAKEN or (self in self._waiting and now > self._since + WHOLE):
            self.let_go()
        elif left or not self.transport.is_closing():
            self.loop.call_later(LOOK, self._look)


def make_room() -> None:
    """Raise the limit of open files as far as this process may, and say what it leaves room for."""
    if sys.platform == "win32":
        return
    import resource

    before, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(ValueError, OSError):  # where the system has a lower one of its own
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    if limit != resource.RLIM_INFINITY:
        Punctual.most = max(1, min(MOST, limit - SPARE))
    LOG.info("room for %d connections: up to %d open files (%d before)",
             Punctual.most, limit, before)  # fmt: skip
