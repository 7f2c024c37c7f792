"""Two processes that share their rooms through Redis; one may die, and so may Redis."""

import asyncio
import contextlib
import random
import signal
import time

import pytest

from tests.hosting.conftest import Server
from tests.hosting.proxy import Proxy
from tests.rooms import hall
from tests.rooms.followers import Teacher, answer_of, ask, follow, lesson
from tests.waits import PATIENCE, wait_until

BACK = 3.0  # seconds in which followers of a process that was killed are back, at the other one


@pytest.fixture
def pair(tmp_path, redis):
    """Two processes that share their rooms."""
    servers = [Server(tmp_path / f"{n}.txt", "--rooms", redis.address) for n in range(2)]
    yield [one.ready() for one in servers]
    for one in servers:
        if one.process.poll() is None:
            one.end()


@lesson
async def test_two_processes_have_one_room(pair):
    one, other = pair
    teacher = Teacher(one)
    near, far = await follow(one, teacher), await follow(other, teacher)
    assert near.room == far.room
    assert teacher.moves(3, other) == 204
    for student in (near, far):
        await student.until(lambda student=student: student.room["query"] == "mu_q=3")
    assert teacher.sees(one)["followers"] == teacher.sees(other)["followers"] == 2
    asked = teacher.asks()
    assert answer_of(far, teacher, asked, 1, one)[0] == 204  # its stream is at the other
    assert answer_of(far, teacher, asked, 1, other)[0] == 409
    assert answer_of(near, teacher, asked, 0, other)[0] == 204
    assert teacher.does("reveal", asked, other)[0] == 204
    for student in (near, far):
        await student.until(lambda student=student: student.room["seq"] == 5)
        assert student.results["rounds"] == [[1, 1]]
    assert ask(other, "GET", f"/r/{teacher.code}") == (302, f"../pages/kl.html?room={teacher.code}")
    far.close()
    await asyncio.sleep(0.5)
    assert teacher.sees(one)["followers"] == 1
    assert ask(other, "DELETE", teacher.path, key=teacher.key)[0] == 204
    await near.until(lambda: near.closed)
    assert near.ended


async def again(student, teacher, server):
    """Come back as a browser does: after ``retry``, with the last id, until there is an answer."""
    await student.until(lambda: student.closed)
    while True:
        await asyncio.sleep(student.retry / 1000)
        with contextlib.suppress(OSError):
            return await follow(server, teacher, Last_Event_ID=student.ticket)


@lesson
async def test_followers_of_a_process_that_is_killed_are_back_at_the_other_in_three_seconds(pair):
    dying, other = pair
    teacher = Teacher(dying)
    students = [await follow(dying, teacher) for _ in range(50)]
    asked = teacher.asks()
    assert answer_of(students[0], teacher, asked, 1)[0] == 204
    assert teacher.moves(3) == 204
    dying.process.send_signal(signal.SIGKILL)
    killed = time.monotonic()
    back = await asyncio.gather(*(again(one, teacher, other) for one in students))
    took = time.monotonic() - killed
    assert {one.room["query"] for one in back} == {"mu_q=3"}
    assert [one.ticket for one in back] == [one.ticket for one in students]
    assert answer_of(back[0], teacher, asked, 0, other)[0] == 409
    assert answer_of(back[1], teacher, asked, 0, other)[0] == 204
    assert teacher.sees(other)["rounds"][0]["counts"] == [1, 1]
    assert took <= BACK
    async with asyncio.timeout(PATIENCE):
        while teacher.sees(other)["followers"] != 50:  # the dead one's count no more
            await asyncio.sleep(0.2)


@lesson
async def test_a_hall_of_500_behind_one_address_and_nginx_follows_and_outlives_a_process(
    pair, tmp_path
):
    proxy = Proxy(tmp_path, [one.port for one in pair])
    try:
        wait_until(proxy.answers, "an answer through nginx")
        teacher = Teacher(proxy)
        students = await hall.come_in(proxy, teacher, 500)
        assert {one.status for one in students} == {200}
        moves = await hall.move(proxy, teacher, students, 5)
        print(moves.told())  # noqa: T201
        assert (set(moves.statuses), moves.final, moves.late) == ({204}, 500, 0)
        pair[0].process.send_signal(signal.SIGKILL)
        killed = time.monotonic()
        await asyncio.sleep(0.1)
        lost = [one for one in students if one.closed]
        back = await asyncio.gather(*(again(one, teacher, proxy) for one in lost))
        took = time.monotonic() - killed
        print(f"{len(lost)} came back, the last after {took:.1f} s")  # noqa: T201
        assert 100 < len(lost) < 400
        assert {one.room["seq"] for one in back} == {students[-1].room["seq"]}
        assert took <= BACK
        assert teacher.moves(3) == 204
        for one in back:
            await one.until(lambda one=one: one.room["query"] == "mu_q=3")
        assert ask(proxy, "POST", f"{teacher.path}/answers", body=b"x" * 20_000)[0] == 413
    finally:
        proxy.process.terminate()
        proxy.process.wait(PATIENCE)


@lesson
async def test_without_redis_rooms_say_so_streams_stay_and_all_goes_on_once_it_is_back(pair, redis):
    one, other = pair
    teacher = Teacher(one)
    student = await follow(other, teacher)
    redis.pause()
    await asyncio.sleep(random.uniform(0, 1))
    status, told = await asyncio.to_thread(
        ask, one, "POST", f"{teacher.path}/state", {"slug": "kl", "query": ""}, teacher.key
    )
    assert (status, "cannot be reached just now" in told["error"]) == (503, True)
    assert one.status("/healthz") == 200
    redis.resume()
    assert not student.closed
    async with asyncio.timeout(PATIENCE):
        while teacher.moves(3) != 204:
            await asyncio.sleep(0.1)
    await student.until(lambda: student.room["query"] == "mu_q=3")
    assert one.end() == 0
    assert "Traceback" not in one.log.read_text() + other.log.read_text()


@lesson
async def test_processes_without_their_redis_serve_all_but_rooms(tmp_path, redis):
    redis.pause()
    server = Server(tmp_path / "alone.txt", "--rooms", redis.address).ready()
    try:
        assert server.status("/kl") == 200
        assert (await asyncio.to_thread(ask, server, "GET", "/r/ABCDEF"))[0] == 503
        begun = time.monotonic()
        assert server.end() == 0
        assert time.monotonic() - begun <= 5
    finally:
        redis.resume()
