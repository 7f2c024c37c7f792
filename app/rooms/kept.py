"""Where rooms are: in this process, or (``shared.py``) where several processes find them."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from .room import Counts, Question, Room

Tell = Callable[[str, Room | None], None]  # what happened to a code; none is that its room ended
HERE = "here"
LEFT = 900  # seconds without a teacher and without a follower after which a room ends
CLOSED, TWICE = "closed", "twice"  # why an answer is not taken


class Kept(Protocol):
    """The few things that are asked of wherever rooms are."""

    failures: tuple[type[Exception], ...]  # when it cannot be reached

    async def add(self, room: Room) -> bool:
        """Keep a new room, unless its code is taken."""

    async def room(self, code: str) -> Room | None:
        """Return a room that has not ended."""

    async def change(self, code: str, how: Callable[[Room], Room]) -> Room | None:
        """Change a room in one step, and tell all who follow it."""

    async def remove(self, code: str) -> None:
        """End a room, and tell all who follow it."""

    async def take(self, code: str, question: Question, device: str, answer: str) -> str:
        """Count an answer to the open round in one step, or return why it is not."""

    async def given(self, code: str, question: Question, device: str) -> str | None:
        """Return what a device has answered in a question's round."""

    async def counts(self, code: str, question: Question) -> Sequence[Counts]:
        """Return what was answered in each round of a question."""

    async def asked(self, code: str) -> Sequence[Question]:
        """Return every question of a room, in its last round."""

    async def arrive(self, code: str, device: str) -> None:
        """Count a device among those that follow."""

    async def leave(self, code: str, device: str) -> None:
        """Count a device no more."""

    async def follows(self, code: str, device: str) -> bool:
        """Return whether a device follows a room, at whichever process."""

    async def followers(self, code: str) -> int:
        """Return how many devices follow a room."""

    async def teach(self, code: str) -> None:
        """Note that a room's teacher is there."""

    async def is_left(self, code: str) -> bool:
        """Return whether a room's teacher was not there of late, and nobody follows it."""

    async def still_here(self, devices: Mapping[str, Collection[str]]) -> None:
        """Say now and then who follows at this process, lest they count as gone.

        Rooms that have ended are forgotten then.
        """

    async def listen(self, tell: Tell) -> None:
        """Tell of all that happens, until cancelled."""


@dataclass
class _Held:
    """A room with all that belongs to it."""

    room: Room
    asked: dict[int, Question] = field(default_factory=dict)
    given: dict[tuple[int, int], dict[str, str]] = field(default_factory=dict)  # device: answer
    devices: set[str] = field(default_factory=set)
    taught: float = field(default_factory=time.monotonic)


class Here:
    """Rooms in the memory of this process; nothing here ever waits, so each step is one."""

    failures: tuple[type[Exception], ...] = ()

    def __init__(self) -> None:
        self._held: dict[str, _Held] = {}
        self._tell: Tell = lambda code, room: None

    async def add(self, room: Room) -> bool:
        """Keep a new room, unless its code is taken."""
        return self._held.setdefault(room.code, _Held(room)).room is room

    async def room(self, code: str) -> Room | None:
        """Return a room that has not ended."""
        held = self._held.get(code)
        return held.room if held and held.room.ends > time.time() else None

    async def change(self, code: str, how: Callable[[Room], Room]) -> Room | None:
        """Change a room, and tell its followers."""
        room = await self.room(code)
        if not room:
            return None
        held = self._held[code]
        held.room = how(room)
        if held.room.question:
            held.asked[held.room.question.id] = held.room.question
        self._tell(code, held.room)
        return held.room

    async def remove(self, code: str) -> None:
        """End a room, and tell its followers."""
        self._held.pop(code, None)
        self._tell(code, None)

    async def take(self, code: str, question: Question, device: str, answer: str) -> str:
        """Count an answer to the open round, once a device."""
        held = self._held.get(code)
        if not held or held.room.question != question:
            return CLOSED
        given = held.given.setdefault((question.id, question.round), {})
        if device in given:
            return TWICE
        given[device] = answer
        return ""

    async def given(self, code: str, question: Question, device: str) -> str | None:
        """Return what a device has answered in a question's round."""
        given = self._held[code].given if code in self._held else {}
        return given.get((question.id, question.round), {}).get(device)

    async def counts(self, code: str, question: Question) -> Sequence[Counts]:
        """Return what was answered in each round of a question."""
        held = self._held.get(code)
        given = held.given if held else {}
        rounds = range(1, question.round + 1)
        return [Counter(given.get((question.id, one), {}).values()) for one in rounds]

    async def asked(self, code: str) -> Sequence[Question]:
        """Return every question of a room."""
        held = self._held.get(code)
        return list(held.asked.values()) if held else []

    async def arrive(self, code: str, device: str) -> None:
        """Count a device among those that follow."""
        if held := self._held.get(code):
            held.devices.add(device)

    async def leave(self, code: str, device: str) -> None:
        """Count a device no more."""
        if held := self._held.get(code):
            held.devices.discard(device)

    async def follows(self, code: str, device: str) -> bool:
        """Return whether a device follows a room."""
        held = self._held.get(code)
        return held is not None and device in held.devices

    async def followers(self, code: str) -> int:
        """Return how many devices follow a room."""
        held = self._held.get(code)
        return len(held.devices) if held else 0

    async def teach(self, code: str) -> None:
        """Note that a room's teacher is there."""
        if held := self._held.get(code):
            held.taught = time.monotonic()

    async def is_left(self, code: str) -> bool:
        """Return whether a room's teacher was not there of late, and nobody follows it."""
        held = self._held.get(code)
        return held is not None and not held.devices and time.monotonic() > held.taught + LEFT

    async def still_here(self, devices: Mapping[str, Collection[str]]) -> None:
        """Forget the rooms that have ended; who follows at this process is known to it."""
        now = time.time()
        self._held = {code: one for code, one in self._held.items() if one.room.ends > now}

    async def listen(self, tell: Tell) -> None:
        """Tell of all that happens from now on."""
        self._tell = tell


def kept_at(where: str) -> Kept:
    """Return where rooms are: in this process, or at the address of a Redis."""
    if where == HERE:
        return Here()
    from .shared import Shared  # its package is installed where it is asked for

    return Shared(where)
