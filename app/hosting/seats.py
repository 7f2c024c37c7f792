"""Who may have a live session: as many as there are seats, shared fairly, and none at the end."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Callable, Iterable

from bokeh.server.session import ServerSession
from starlette.requests import Request

from .addresses import Addresses, network_of
from .turns import Turns


class Seats:
    """The seats of one process; ``sessions`` tells who sits there."""

    def __init__(
        self, most: int, of_an_address: int, sessions: Callable[[], Iterable[ServerSession]]
    ) -> None:
        self.most = most
        self._sessions = sessions
        self._addresses = Addresses(of_an_address)
        self._turns = Turns()
        self._opening = 0  # sessions that are being made
        self._draining = False

    def drain(self) -> None:
        """Give no more seats: the process is about to end."""
        self._draining = True

    def are_left(self) -> bool:
        """Return whether a reader who comes now may have one."""
        return not (self._draining or self._is_full())

    def taken(self) -> int:
        """Return how many sessions live."""
        return len(self._living())

    def waiting(self) -> int:
        """Return how many readers wait for theirs."""
        return self._turns.waiting

    @contextlib.asynccontextmanager
    async def seat(self, request: Request, session: str) -> AsyncIterator[str]:
        """Hold a seat while its session is made in the body; give why there is none, or nothing."""
        address = network_of(request.client.host if request.client else "")
        if why := self._why_none(address):
            yield why
            return
        self._opening += 1
        try:
            with self._addresses.opening(session, address):
                async with self._turns.turn(request) as why:
                    yield why
        finally:
            self._opening -= 1

    def _why_none(self, address: str) -> str:
        if self._draining:
            return "draining"
        if self._is_full():
            return "full"
        return "address" if self._addresses.is_full(address, self._living()) else ""

    def _is_full(self) -> bool:
        return self.taken() + self._opening >= self.most

    def _living(self) -> list[str]:
        return [one.id for one in self._sessions() if not one.expiration_requested]
