"""A lecture hall at one process: how soon what the teacher moves is with all who follow."""

import asyncio
import bisect
import collections
import contextlib
import itertools
import json
import statistics
import time
from dataclasses import dataclass, field

from tests.rooms.followers import follow

SOON = 0.150  # seconds within which a move reaches a follower
PACE = 10  # moves a second
AT_ONCE = 25  # pages that come in at once


class Line:
    """A connection that is kept, as a page's."""

    async def open(self, server):
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", server.port)
        return self

    async def post(self, path, told=None, key="", body=None, **headers):
        """Return the status of what is answered."""
        body = json.dumps(told or {}).encode() if body is None else body
        named = {"Host": "127.0.0.1", "Content-Length": len(body), **headers}
        named |= {"Authorization": f"Bearer {key}"} if key else {}
        lines = [f"{name.replace('_', '-')}: {value}" for name, value in named.items()]
        head = "\r\n".join((f"POST {path} HTTP/1.1", *lines, "", ""))
        self.writer.write(head.encode() + body)
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode().lower()
        length = head.partition("content-length: ")[2].partition("\r")[0]
        await self.reader.readexactly(int(length or 0))
        return int(head.split()[1])

    def close(self):
        self.writer.close()


def resident(server):
    """Return the bytes of memory that a server has."""
    with open(f"/proc/{server.process.pid}/status") as told:
        return next(1024 * int(line.split()[1]) for line in told if line.startswith("VmRSS"))


async def come_in(server, teacher, count, **headers):
    """Let many begin to follow; return them."""
    followers = []
    while len(followers) < count:
        more = min(AT_ONCE, count - len(followers))
        coming = (follow(server, teacher, **headers) for _ in range(more))
        followers += await asyncio.gather(*coming)
    return followers


@dataclass
class Moves:
    """What became of a teacher's moves: statuses, and seconds from each to each follower."""

    statuses: collections.Counter = field(default_factory=collections.Counter)
    waits: list = field(default_factory=list)
    late: int = 0  # that never came, nor anything newer
    final: int = 0  # followers that have the last state

    def soon(self):
        """Return the share of moves that reached a follower soon."""
        total = len(self.waits) + self.late
        return bisect.bisect_right(sorted(self.waits), SOON) / total

    def told(self):
        """Return the numbers as a line."""
        median, most, nearly = (1000 * one for one in _cuts(self.waits))
        return (
            f"{100 * self.soon():.2f} % of {len(self.waits)} moves within {1000 * SOON:.0f} ms "
            f"(median {median:.0f}, 95 % {most:.0f}, 99 % {nearly:.0f}, longest "
            f"{1000 * max(self.waits):.0f}); {self.final} have the last state; "
            f"statuses {dict(self.statuses)}"
        )


def _cuts(waits):
    """Return what half, 95 and 99 of 100 waits are below."""
    cuts = statistics.quantiles(waits, n=100)
    return cuts[49], cuts[94], cuts[98]


async def move(server, teacher, followers, seconds):
    """Move ten times a second; return what became of it."""
    moves, sent, line = Moves(), {}, await Line().open(server)
    first, begun = teacher.sees()["seq"] + 1, time.perf_counter()
    for n in range(seconds * PACE):
        await asyncio.sleep(max(0, begun + n / PACE - time.perf_counter()))
        sent[first + n] = time.perf_counter()
        told = {"slug": "kl", "query": f"mu_q={n % 60 / 20}&sigma_q={1 + n % 7 / 10}"}
        moves.statuses[await line.post(f"{teacher.path}/state", told, teacher.key)] += 1
    line.close()
    last = max(sent)
    for one in followers:
        await one.until(lambda one=one: one.room["seq"] == last or one.closed)
        moves.final += one.room["seq"] == last and one.room["query"] == told["query"]
        _waits(moves, one, sent)
    return moves


def _waits(moves, follower, sent):
    """Count how long each move took to a follower: until it came, or what it was skipped for."""
    came = None
    for seq in sorted(sent, reverse=True):
        came = min(follower.came.get(seq, came or float("inf")), came or float("inf"))
        if came == float("inf"):
            moves.late += 1
        else:
            moves.waits.append(came - sent[seq])


async def answer(server, teacher, followers, asked, seconds, **headers):
    """Let each follower answer once within so many seconds; return the statuses and the waits."""
    begun, waits, statuses = time.perf_counter(), [], collections.Counter()

    async def one(place, follower):
        line = await Line().open(server)
        await asyncio.sleep(max(0, begun + seconds * place / len(followers) - time.perf_counter()))
        sent = time.perf_counter()
        told = {**asked, "ticket": follower.ticket, "answer": place % 2}
        statuses[await line.post(f"{teacher.path}/answers", told, **headers)] += 1
        waits.append(time.perf_counter() - sent)
        line.close()

    await asyncio.gather(*(one(*pair) for pair in enumerate(followers)))
    return statuses, waits


async def flood(server, teacher, asked, answered, stray):
    """Do from one address, as fast as it goes, what is refused; return the statuses at the end.

    It repeats the answer of who has ``answered``, forges, comes with the ticket of a ``stray`` from
    another room, and sends a million letters.
    """
    line, path, statuses = Line(), f"{teacher.path}/answers", collections.Counter()
    await line.open(server)
    of_others = {"X_Forwarded_For": "198.51.100.1"}
    tickets = (answered.ticket, "0.0", stray.ticket)
    bodies = [json.dumps({**asked, "ticket": one, "answer": 1}).encode() for one in tickets]
    bodies.append(json.dumps({**asked, "ticket": "x" * 10**6}).encode())
    with contextlib.suppress(asyncio.CancelledError):
        await asyncio.sleep(0.2)  # until that one has answered
        for body in itertools.cycle(bodies):
            statuses[await line.post(path, body=body, **of_others)] += 1
    line.close()
    return statuses


async def stopped(task):
    """Stop what goes on, and return what it gives then."""
    task.cancel()
    return await task
