"""The followers of rooms at this process: who they are, and what is written to each."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections import Counter
from collections.abc import Iterator

from starlette.types import Message, Receive, Send

from .limits import FOLLOWERS, FOLLOWERS_OF_A_ROOM, FOLLOWERS_OF_AN_ADDRESS
from .room import Declined, Room

HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),  # nginx passes on what it has
]
RETRY = (500, 1500)  # ms: those who lose a process come back one by one
BEAT = b"event: beat\ndata: {}\n\n"  # by which proxies and pages see that the stream lives
ENDED = b"event: end\ndata: {}\n\n"
FULL = (429, "As many follow rooms as can just now. Please try again in a while.")


class Channel:
    """A room's followers at this process, and the event that is written to all of them.

    The event is made once for all. Who is slow skips what is out of date: there is no queue.
    """

    def __init__(self) -> None:
        self.room: Room | None = None
        self.event = self.result = b""
        self.farewell: bytes | None = None  # once the streams are to end
        self.devices: Counter[str] = Counter()  # how many streams each has
        self.addresses: Counter[str] = Counter()
        self._turn = asyncio.Event()

    def tell(self, room: Room | None) -> None:
        """Take a newer room; none is one that has ended."""
        if room is None:
            self.end(ENDED)
        elif self.room is None or room.seq > self.room.seq:
            self.room, self.event, self.result = room, room.event(), room.result()
            self.wake()

    def end(self, farewell: bytes = b"") -> None:
        """End every stream; without a farewell, browsers come back and find another process."""
        self.farewell = farewell
        self.wake()

    def wake(self) -> None:
        """Wake every stream: to write what is new or, where nothing is, a beat."""
        turn, self._turn = self._turn, asyncio.Event()
        turn.set()

    async def serve(self, ticket: str, receive: Receive, send: Send) -> None:
        """Write a stream until its client is gone or it is to end."""
        async with asyncio.TaskGroup() as group:
            writing = group.create_task(self._write(_greeting(ticket), send))
            while (await receive())["type"] != "http.disconnect":
                pass
            writing.cancel()

    async def _write(self, greeting: bytes, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
        seen, shown, body = None, b"", greeting
        while self.farewell is None:
            if self.result != shown:
                body, shown = body + self.result, self.result
            if self.room is not seen:
                body, seen = body + self.event, self.room
            await send(_part(body or BEAT))
            body = b""
            if self.room is seen and self.farewell is None:
                await self._turn.wait()
        await send({"type": "http.response.body", "body": self.farewell, "more_body": False})


def _part(body: bytes) -> Message:
    return {"type": "http.response.body", "body": body, "more_body": True}


def _greeting(ticket: str) -> bytes:
    """Return how a stream begins; a browser that comes back names the last ``id`` by itself."""
    retry = random.randint(*RETRY)
    return (
        f'retry: {retry}\nid: {ticket}\nevent: ticket\ndata: {{"ticket":"{ticket}"}}\n\n'.encode()
    )


class Streams:
    """The channels of this process, each as long as it has followers."""

    def __init__(self) -> None:
        self.channels: dict[str, Channel] = {}
        self._over = False

    def count(self) -> int:
        """Return how many followers there are."""
        return sum(one.devices.total() for one in self.channels.values())

    @contextlib.contextmanager
    def following(self, code: str, device: str, address: str) -> Iterator[Channel]:
        """Count one more stream of a room in the body, or decline it; give the room's channel."""
        channel = self.channels.setdefault(code, Channel())
        if self._over:
            channel.end()
        try:
            self._let_in(channel, address)
            channel.devices[device] += 1
            channel.addresses[address] += 1
            try:
                yield channel
            finally:
                for counter, one in ((channel.devices, device), (channel.addresses, address)):
                    counter[one] -= 1
                    if not counter[one]:
                        del counter[one]
        finally:
            if not channel.devices:
                self.channels.pop(code, None)

    def _let_in(self, channel: Channel, address: str) -> None:
        of_address = channel.addresses[address] if address else 0
        if channel.devices.total() >= FOLLOWERS_OF_A_ROOM or self.count() >= FOLLOWERS:
            raise Declined(*FULL)
        if of_address >= FOLLOWERS_OF_AN_ADDRESS:
            raise Declined(429, "As many follow this room from your network as can.")

    def tell(self, code: str, room: Room | None) -> None:
        """Take what has happened in a room."""
        if channel := self.channels.get(code):
            channel.tell(room)

    def devices(self) -> dict[str, list[str]]:
        """Return who follows which room here."""
        return {code: list(channel.devices) for code, channel in self.channels.items()}

    def beat(self) -> None:
        """Show every follower that its stream lives."""
        for channel in self.channels.values():
            channel.wake()

    def end(self) -> None:
        """End all streams: the process is about to."""
        self._over = True
        for channel in self.channels.values():
            channel.end()
