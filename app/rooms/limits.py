"""How much of a room one address, or one device, may use; each process counts by itself."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field

from .room import Declined, Room

ROOMS = 50  # of a process
ROOMS_OF_AN_ADDRESS = 5  # opened there, at once
FOLLOWERS = 2000  # of a process
FOLLOWERS_OF_A_ROOM = 1000  # at a process
FOLLOWERS_OF_AN_ADDRESS = 600  # in a room: a lecture hall may have one address
MOVES = 20  # a second in a room
BODY = 16384  # bytes of a request
REFUSALS = 60  # answers refused to one address, or one device, in a round
MOST_NAMES = 10_000  # addresses and devices that are remembered of a round

SLOWER = (429, "That was too much at once. Please wait a moment and try again.")


@dataclass
class Pace:
    """So many at once, and as many a second after that."""

    most: int
    _left: float = field(init=False)
    _at: float = field(init=False)

    def __post_init__(self) -> None:
        """Begin with all of it."""
        self._left, self._at = self.most, time.monotonic()

    def step(self) -> None:
        """Take one, or decline."""
        now = time.monotonic()
        self._left = min(self.most, self._left + (now - self._at) * self.most)
        self._at = now
        if self._left < 1:
            raise Declined(*SLOWER)
        self._left -= 1


class Meter:
    """What was refused of whom in a round; who is refused often is no longer told why.

    A device that follows the room pays for itself, not for its neighbours behind the same address.
    """

    def __init__(self) -> None:
        self._round: tuple[int, int] | None = None
        self._refused: Counter[str] = Counter()

    def begin(self, room: Room) -> None:
        """Forget what was of another round."""
        now = (room.question.id, room.question.round) if room.question else None
        if now != self._round or len(self._refused) > MOST_NAMES:
            self._round = now
            self._refused.clear()

    def refuse(self, who: str) -> None:
        """Count a refused answer of an address or a device; nobody's address is not counted."""
        if not who:
            return
        if self._refused[who] >= REFUSALS:
            raise Declined(*SLOWER)
        self._refused[who] += 1


@dataclass
class Uses:
    """What this process counts of a room; ``opener`` is the address that opened it here."""

    ends: float
    opener: str | None = None
    pace: Pace = field(default_factory=lambda: Pace(MOVES))
    meter: Meter = field(default_factory=Meter)
