"""What is asked of wherever rooms are, of both: a process's memory, and Redis."""

import asyncio
import time
from collections import Counter
from dataclasses import replace

import pytest

from app.rooms.kept import CLOSED, LEFT, TWICE, Here, kept_at
from app.rooms.limits import Uses
from app.rooms.room import Declined, Room, new_room, question_asked
from app.rooms.routes import Rooms
from app.rooms.shared import Shared, pass_on
from app.rooms.streams import BEAT, ENDED, Channel, Streams
from tests.loops import run_apart
from tests.rooms.followers import CHOICE
from tests.waits import PATIENCE


@pytest.fixture(params=["here", "redis"])
def where(request):
    """Where rooms are."""
    return "here" if request.param == "here" else request.getfixturevalue("redis").address


def kept(act):
    """Let a test be a coroutine with a place for rooms, and with what it tells of them."""

    def test(where):
        async def run():
            place, told = kept_at(where), []
            listening = asyncio.create_task(place.listen(lambda *news: told.append(news)))
            try:
                await act(place, told)
            finally:
                listening.cancel()
                await asyncio.gather(listening, return_exceptions=True)

        run_apart(run())

    test.__name__, test.__doc__ = act.__name__, act.__doc__
    return test


def begun():
    return new_room("kl", "mu_q=2", time.time())[0]


async def asked(place):
    """Return a room that is kept with an open question, and that question."""
    room = begun()
    assert await place.add(room)
    room = await place.change(room.code, lambda now: now.put(question_asked(CHOICE)))
    return room, room.question


@kept
async def test_a_room_is_found_until_it_ends_and_its_code_is_given_once(place, told):
    room = begun()
    assert await place.room(room.code) is None
    assert await place.add(room)
    assert not await place.add(replace(begun(), code=room.code))
    assert await place.room(room.code) == room
    await place.remove(room.code)
    assert await place.room(room.code) is None
    assert await place.change(room.code, Room.closed) is None
    over = replace(begun(), ends=int(time.time()) + 1)
    assert await place.add(over)
    await asyncio.sleep(2.1)
    assert await place.room(over.code) is None


@kept
async def test_a_room_is_left_once_its_teacher_and_all_who_followed_are_gone_for_a_while(
    place, told
):
    room = begun()
    await place.add(room)
    assert not await place.is_left(room.code)
    await place.arrive(room.code, "device")
    await _let_time_pass(place, room.code)
    assert not await place.is_left(room.code)
    await place.leave(room.code, "device")
    assert await place.is_left(room.code)
    await place.teach(room.code)
    assert not await place.is_left(room.code)


async def _let_time_pass(place, code):
    """Make it long ago that a room was taught."""
    if isinstance(place, Here):
        place._held[code].taught -= LEFT + 1
    else:
        await place._redis.delete(f"bitsandnats:{{{code}}}:taught")


@kept
async def test_each_change_is_one_step_and_is_told(place, told):
    room = begun()
    await place.add(room)
    await asyncio.sleep(0.3)  # until it listens
    moves = [
        place.change(room.code, lambda now, n=n: now.moved("kl", f"mu_q={n}")) for n in range(9)
    ]
    results = await asyncio.gather(*moves)
    assert sorted(one.seq for one in results) == list(range(2, 11))
    await place.remove(room.code)
    async with asyncio.timeout(10):
        while (room.code, None) not in told:
            await asyncio.sleep(0.01)
    assert [one.seq for code, one in told if code == room.code and one] == list(range(2, 11))
    await place.add(room)
    with pytest.raises(Declined):
        await place.change(room.code, Room.again)
    assert await place.room(room.code) == room


@kept
async def test_each_device_counts_once_however_many_answers_come_at_once(place, told):
    room, question = await asked(place)
    answers = [(f"device {n % 50}", str(n % 2)) for n in range(500)]
    taken = await asyncio.gather(*(place.take(room.code, question, *one) for one in answers))
    assert Counter(taken) == {"": 50, TWICE: 450}
    (counts,) = await place.counts(room.code, question)
    assert sum(counts.values()) == 50
    await place.change(room.code, Room.closed)
    assert await place.take(room.code, question, "late", "1") == CLOSED
    again = (await place.change(room.code, Room.again)).question
    assert await place.take(room.code, question, "late", "1") == CLOSED
    assert await place.take(room.code, again, "device 1", "1") == ""
    first, second = await place.counts(room.code, again)
    assert (dict(first), dict(second)) == (dict(counts), {"1": 1})
    assert [one.round for one in await place.asked(room.code)] == [2]
    await place.remove(room.code)
    assert not any(await place.counts(room.code, question))
    assert not await place.asked(room.code)
    assert await place.take(room.code, again, "device 2", "1") == CLOSED


@kept
async def test_a_device_follows_from_its_arrival_until_it_leaves(place, told):
    room, _ = await asked(place)
    assert (await place.followers(room.code), await place.follows(room.code, "a")) == (0, False)
    for device in ("a", "b", "b"):
        await place.arrive(room.code, device)
    await place.still_here({room.code: ["a", "b"]})
    assert (await place.followers(room.code), await place.follows(room.code, "a")) == (2, True)
    await place.leave(room.code, "a")
    assert (await place.followers(room.code), await place.follows(room.code, "a")) == (1, False)
    await place.remove(room.code)
    for act in (place.arrive, place.leave):
        await act(room.code, "a")


def test_nothing_of_a_room_is_left_in_redis_once_it_is_closed(redis):
    async def act():
        place = Shared(redis.address)
        room, question = await asked(place)
        await place.take(room.code, question, "a", "1")
        await place.arrive(room.code, "a")
        lasting = [one for one in await place._redis.keys("*") if await place._redis.ttl(one) < 0]
        await place.leave(room.code, "a")
        await place.remove(room.code)
        left = [one for one in await place._redis.keys("*") if room.code in one]
        await place._redis.aclose()
        return lasting, [one for one in left if not one.endswith("processes")]

    assert run_apart(act()) == ([], [])


def test_memory_forgets_rooms_that_nobody_closed():
    async def act():
        place = Here()
        for _ in range(3):
            await place.add(replace(begun(), ends=1))
        await place.add(begun())
        await place.still_here({})
        return len(place._held)

    assert run_apart(act()) == 1


def test_who_is_slow_skips_what_is_out_of_date_and_there_is_no_queue():
    async def act():
        channel, room, sent, free = Channel(), begun(), [], asyncio.Event()
        channel.tell(room)

        async def send(message):
            sent.append(message.get("body", b""))
            if len(sent) == 2:  # the greeting with the first state
                await free.wait()

        async def receive():
            await asyncio.Event().wait()

        serving = asyncio.create_task(channel.serve("device.signature", receive, send))
        while len(sent) < 2:
            await asyncio.sleep(0)
        for n in range(100):
            room = room.moved("kl", f"mu_q={n / 100}")
            channel.tell(room)
        free.set()
        while len(sent) < 3:
            await asyncio.sleep(0)
        channel.tell(room)  # nothing new
        channel.tell(begun())  # older
        channel.wake()
        while len(sent) < 4:
            await asyncio.sleep(0)
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)
        return sent, room.event()

    (start, first, second, beat), last = run_apart(act())
    assert (start, second, beat) == (b"", last, BEAT)
    assert first.endswith(b'"query":"mu_q=2","question":null}\n\n')


def test_a_process_has_as_many_streams_as_it_may_and_room_again_once_one_ends(monkeypatch):
    monkeypatch.setattr("app.rooms.streams.FOLLOWERS", 4)
    monkeypatch.setattr("app.rooms.streams.FOLLOWERS_OF_A_ROOM", 3)
    monkeypatch.setattr("app.rooms.streams.FOLLOWERS_OF_AN_ADDRESS", 2)

    async def act():
        streams, comers = Streams(), []

        def come(code, address=""):
            coming = streams.following(code, f"device {len(comers)}", address)
            coming.__enter__()
            comers.append(coming)
            return coming

        first = come("A", "203.0.113.7")
        come("A", "203.0.113.7")
        with pytest.raises(Declined, match="from your network"):
            come("A", "203.0.113.7")
        third = come("A", "198.51.100.1")
        with pytest.raises(Declined, match="As many"):
            come("A")
        come("B")
        with pytest.raises(Declined, match="As many"):
            come("C")
        assert streams.count() == 4
        for one in (first, third):
            one.__exit__(None, None, None)
        come("C", "203.0.113.7")
        assert {code: len(one) for code, one in streams.devices().items()} == {
            "A": 1, "B": 1, "C": 1,
        }  # fmt: skip

    run_apart(act())


def test_followers_of_a_room_are_told_when_its_time_is_over(monkeypatch):
    monkeypatch.setattr("app.rooms.routes.LOOK", 0.01)

    async def act():
        rooms = Rooms(Here(), {}, bool, str, str)
        room = replace(begun(), ends=int(time.time()) + 1)
        await rooms.kept.add(room)
        with rooms.streams.following(room.code, "a device", "") as channel:
            channel.tell(room)
            async with rooms.running(), asyncio.timeout(PATIENCE):
                while channel.farewell is None:
                    await asyncio.sleep(0.01)
        return channel.farewell, time.time() >= room.ends

    assert run_apart(act()) == (ENDED, True)


def test_a_room_where_nobody_is_any_more_frees_its_place(monkeypatch):
    monkeypatch.setattr("app.rooms.routes.LOOK", 0.01)
    monkeypatch.setattr("app.rooms.routes.BEATS", 1)
    monkeypatch.setattr("app.rooms.kept.LEFT", -1)

    async def act():
        rooms, room = Rooms(Here(), {}, bool, str, str), begun()
        await rooms.kept.add(room)
        rooms._uses[room.code] = Uses(room.ends, "203.0.113.7")
        assert rooms.count() == 1
        async with rooms.running(), asyncio.timeout(PATIENCE):
            while rooms.count():
                await asyncio.sleep(0.01)
        return await rooms.kept.room(room.code)

    assert run_apart(act()) is None


def test_news_that_cannot_be_read_stop_nothing(caplog):
    told = []
    for news in ("ABCDEF {", 'ABCDEF {"another": "version"}', "ABCDEF "):
        pass_on(news, lambda *one: told.append(one))
    assert told == [("ABCDEF", None)]
    assert len(caplog.records) == 2
