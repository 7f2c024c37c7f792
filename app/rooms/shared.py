"""Rooms in Redis, where several processes find them and tell each other what happens."""

from __future__ import annotations

import asyncio
import json
import logging
import secrets
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict
from itertools import product
from typing import Any

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.client import Pipeline
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from .kept import LEFT, Tell
from .room import Counts, Question, Room, question_of, room_of

MOST_CONNECTIONS = 16  # of a process; who comes when all are in use waits
PRESENT = 10  # seconds for which a process counts that says no more who follows there
PATIENCE = 2.0  # seconds for an answer of Redis
AGAIN = 0.5  # seconds until Redis is tried again
NEWS = "bitsandnats:news"  # one channel: a code and, unless it ended, the room as it is now
LOG = logging.getLogger("bitsandnats.rooms")

# In one step: an answer counts where its round is the open one and its device has not answered.
TAKE = """
if redis.call('HGET', KEYS[1], 'open') ~= ARGV[1] then return 'closed' end
if redis.call('HSETNX', KEYS[2], ARGV[2], ARGV[3]) == 0 then return 'twice' end
redis.call('HINCRBY', KEYS[3], ARGV[3], 1)
redis.call('EXPIREAT', KEYS[2], ARGV[4])
redis.call('EXPIREAT', KEYS[3], ARGV[4])
return ''
"""


class Shared:
    """Rooms in a Redis of version 7 or newer, of which all is gone once they end."""

    failures: tuple[type[Exception], ...] = (RedisError, OSError)

    def __init__(self, where: str) -> None:
        pool = BlockingConnectionPool.from_url(
            where, max_connections=MOST_CONNECTIONS, timeout=PATIENCE, decode_responses=True,
            socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE, socket_keepalive=True,
            retry=Retry(NoBackoff(), 1),  # a connection may have gone stale
        )  # fmt: skip
        self._redis = Redis.from_pool(pool)
        self._take: Any = self._redis.register_script(TAKE)
        self._process = secrets.token_hex(8)

    async def add(self, room: Room) -> bool:
        """Keep a new room, unless its code is taken."""
        key = _key(room.code, "room")
        async with self._redis.pipeline() as pipe:
            pipe.hsetnx(key, "room", room.as_json())
            pipe.expireat(key, room.ends, nx=True)
            pipe.set(_key(room.code, "taught"), 1, ex=LEFT, nx=True)
            new, *_ = await pipe.execute()
        return bool(new)

    async def room(self, code: str) -> Room | None:
        """Return a room that has not ended."""
        packed = await self._redis.hget(_key(code, "room"), "room")
        return room_of(packed) if packed else None

    async def change(self, code: str, how: Callable[[Room], Room]) -> Room | None:
        """Change a room in one step, and tell all who follow it."""
        key = _key(code, "room")

        async def step(pipe: Pipeline) -> Room | None:
            packed = await pipe.hget(key, "room")
            if not packed:
                return None
            room = how(room_of(packed))
            pipe.multi()
            pipe.hset(key, mapping={"room": room.as_json(), "open": _open(room.question)})
            pipe.expireat(key, room.ends)
            if asked := room.question:
                pipe.hset(_key(code, "asked"), str(asked.id), json.dumps(asdict(asked)))
                pipe.expireat(_key(code, "asked"), room.ends)
            pipe.publish(NEWS, f"{code} {room.as_json().decode()}")
            return room

        return await self._redis.transaction(step, key, value_from_callable=True)

    async def remove(self, code: str) -> None:
        """End a room, and tell all who follow it; nothing is left of what was answered there."""
        asked = await self.asked(code)
        async with self._redis.pipeline() as pipe:
            pipe.delete(*(_key(code, what) for what in ("room", "asked", "taught")))
            for one, what in product(asked, ("given", "counts")):
                pipe.delete(*(_key(code, what, one.id, n + 1) for n in range(one.round)))
            pipe.publish(NEWS, f"{code} ")
            await pipe.execute()

    async def take(self, code: str, question: Question, device: str, answer: str) -> str:
        """Count an answer to the open round in one step, or return why it is not."""
        room = await self.room(code)
        asked = (question.id, question.round)
        keys = [_key(code, "room"), _key(code, "given", *asked), _key(code, "counts", *asked)]
        arguments = [_open(question), device, answer, room.ends if room else 0]
        return str(await self._take(keys=keys, args=arguments))

    async def given(self, code: str, question: Question, device: str) -> str | None:
        """Return what a device has answered in a question's round."""
        key = _key(code, "given", question.id, question.round)
        found = await self._redis.hget(key, device)
        return None if found is None else str(found)

    async def counts(self, code: str, question: Question) -> Sequence[Counts]:
        """Return what was answered in each round of a question."""
        async with self._redis.pipeline() as pipe:
            for one in range(1, question.round + 1):
                pipe.hgetall(_key(code, "counts", question.id, one))
            found = await pipe.execute()
        return [{answer: int(count) for answer, count in one.items()} for one in found]

    async def asked(self, code: str) -> Sequence[Question]:
        """Return every question of a room, in its last round."""
        found = await self._redis.hgetall(_key(code, "asked"))
        return [question_of(json.loads(found[one])) for one in sorted(found, key=int)]

    async def arrive(self, code: str, device: str) -> None:
        """Count a device among those that follow."""
        async with self._redis.pipeline() as pipe:
            self._present(pipe, code, [device])
            await pipe.execute()

    async def leave(self, code: str, device: str) -> None:
        """Count a device no more."""
        await self._redis.srem(_key(code, "at", self._process), device)

    async def follows(self, code: str, device: str) -> bool:
        """Return whether a device follows a room, at whichever process."""
        return any(await self._of_each(code, lambda pipe, key: pipe.sismember(key, device)))

    async def followers(self, code: str) -> int:
        """Return how many devices follow a room."""
        return sum(await self._of_each(code, lambda pipe, key: pipe.scard(key)))

    async def _of_each(self, code: str, ask: Callable[[Pipeline, str], object]) -> list[int]:
        """Return what is found at each process that has followers of a room."""
        processes = await self._redis.smembers(_key(code, "processes"))
        async with self._redis.pipeline(transaction=False) as pipe:
            for one in processes:
                ask(pipe, _key(code, "at", one))
            return await pipe.execute()

    async def teach(self, code: str) -> None:
        """Note that a room's teacher is there."""
        await self._redis.set(_key(code, "taught"), 1, ex=LEFT)

    async def is_left(self, code: str) -> bool:
        """Return whether a room's teacher was not there of late, and nobody follows it."""
        taught = await self._redis.exists(_key(code, "taught"))
        return not taught and not await self.followers(code)

    async def still_here(self, devices: Mapping[str, Collection[str]]) -> None:
        """Say who follows at this process; what it said counts for a while alone."""
        async with self._redis.pipeline() as pipe:
            for code, present in devices.items():
                pipe.delete(_key(code, "at", self._process))
                self._present(pipe, code, present)
            await pipe.execute()

    def _present(self, pipe: Pipeline, code: str, devices: Collection[str]) -> None:
        here, processes = _key(code, "at", self._process), _key(code, "processes")
        pipe.sadd(here, *devices)
        pipe.expire(here, PRESENT)
        pipe.sadd(processes, self._process)
        pipe.expire(processes, PRESENT)

    async def listen(self, tell: Tell) -> None:
        """Tell of all that happens, until cancelled."""
        try:
            while True:
                try:
                    await self._hear(tell)
                except self.failures as error:
                    LOG.warning("Redis cannot be reached, so rooms stand still: %s", error)
                    await asyncio.sleep(AGAIN)
        finally:
            await self._redis.aclose()

    async def _hear(self, tell: Tell) -> None:
        async with self._redis.pubsub(ignore_subscribe_messages=True) as news:
            await news.subscribe(NEWS)
            while True:
                if told := await news.get_message(timeout=PATIENCE):
                    pass_on(told["data"], tell)


def pass_on(news: str, tell: Tell) -> None:
    """Tell what a message of the channel says, unless it cannot be read."""
    code, _, packed = news.partition(" ")
    try:
        tell(code, room_of(packed) if packed else None)
    except (TypeError, KeyError, ValueError):  # another version of this program wrote it
        LOG.warning("What happened in room %s cannot be read here.", code)


def _key(code: str, *what: object) -> str:
    return ":".join(("bitsandnats", f"{{{code}}}", *map(str, what)))


def _open(question: Question | None) -> str:
    """Return the round that takes answers, or nothing."""
    return f"{question.id}:{question.round}" if question and question.open else ""
