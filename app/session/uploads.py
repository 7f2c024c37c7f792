"""Files that readers bring, chunk by chunk, each checked before any of it is kept."""

from __future__ import annotations

import base64
import binascii
import math
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from weakref import WeakSet

from ..contract.declaration import Upload
from ..contract.messages import Refused, quotable

if TYPE_CHECKING:
    from .jobs import Jobs

CHUNK = 48 * 1024  # characters of a message's part of a file
LONGEST_NAME = 200
STALLED = 60  # seconds without a part after which a file counts as given up
SLOWEST = 10_000  # bytes a second that have to come on average after that, as its room is held


class Files:
    """What the files of all sessions of this process take, and how much that may be."""

    def __init__(self) -> None:
        self.most = math.inf  # bytes; who hosts the process says how many
        self.sessions: WeakSet[Jobs] = WeakSet()

    def held(self) -> int:
        """Return the bytes that files take that arrive, are worked on, or are held."""
        return sum(one.weight() for one in tuple(self.sessions))

    def admit(self, incoming: Incoming) -> None:
        """Refuse a file for which there is no room now."""
        room = max(0.0, self.most - self.held())
        if incoming.weight > room:
            needs = {"size": incoming.weight / 1e6, "room": room / 1e6}
            raise Refused("no_room", raw=quotable(incoming.name), **needs)


FILES = Files()


@dataclass
class Incoming:
    """A file on its way, chunk by chunk; never more of it is held than was announced."""

    name: str
    size: int
    weight: int  # bytes that will be held because of it
    data: bytearray = field(default_factory=bytearray)
    begun: float = field(default_factory=time.monotonic)
    heard: float = field(default_factory=time.monotonic)

    @property
    def stalled(self) -> bool:
        """Whether its page seems to have given it up, or takes its time at others' cost."""
        now = time.monotonic()
        due = SLOWEST * (now - self.begun - STALLED)
        return now > self.heard + STALLED or len(self.data) < due

    def add(self, offset: object, chunk: object) -> None:
        """Append a chunk that begins where the last one ended; a repeated one changes nothing."""
        if offset != len(self.data):
            return
        if not isinstance(chunk, str) or not 0 < len(chunk) <= CHUNK:
            raise Refused("part_size")
        try:
            part = base64.b64decode(chunk, validate=True)
        except (binascii.Error, ValueError):
            raise Refused("part_damaged") from None
        if len(self.data) + len(part) > self.size:
            raise Refused("part_more")
        self.data += part
        self.heard = time.monotonic()


def announced(upload: Upload, chunk: Mapping[str, Any]) -> Incoming:
    """Return the file that a first chunk announces, or raise ``Refused`` saying why not."""
    name, size = chunk.get("file"), chunk.get("size")
    if not isinstance(name, str) or not 0 < len(name) <= LONGEST_NAME:
        raise Refused("file_name")
    raw = quotable(name)
    if not name.lower().endswith(upload.endings):
        raise Refused("file_ending", endings=" or ".join(upload.endings), raw=raw)
    if isinstance(size, bool) or not isinstance(size, int) or size < 0:
        raise Refused("file_size", raw=raw)
    if size == 0:
        raise Refused("file_empty", raw=raw)
    if size > upload.most:
        told = min(size, 10**15) / 1e6  # a whole number may exceed the doubles
        raise Refused("file_most", most=upload.most / 1e6, size=told, raw=raw)
    return Incoming(name, size, upload.weight * size)
