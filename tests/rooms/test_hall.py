"""500 who follow one process, and 500 answers in 5 seconds, while others do what they must not."""

import asyncio
import statistics

import pytest

from tests.hosting.conftest import Server
from tests.rooms import hall
from tests.rooms.followers import Teacher, follow, lesson

COUNT = 500
FEW = 20  # that make a process ready for more, before its memory is looked at
HALL = {"X_Forwarded_For": "203.0.113.7"}


@pytest.fixture
def quiet(tmp_path):
    """A server of its own, as its memory is looked at."""
    one = Server(tmp_path / "log.txt", "--rooms").ready()
    yield one
    one.end()


@lesson
async def test_500_follow_a_teacher_from_one_address_and_answer(quiet):
    teacher = Teacher(quiet, **HALL)
    for one in await hall.come_in(quiet, teacher, FEW, **HALL):
        one.close()
    before = hall.resident(quiet)
    followers = await hall.come_in(quiet, teacher, COUNT, **HALL)
    moves = await hall.move(quiet, teacher, followers, seconds=10)
    cost = (hall.resident(quiet) - before) / COUNT
    print(moves.told(), f"{cost / 1000:.1f} kB a follower")  # noqa: T201
    assert moves.statuses == {204: 100}
    assert (moves.final, moves.late) == (COUNT, 0)
    assert moves.soon() >= 0.95
    assert cost <= 50_000

    asked, other = teacher.asks(), Teacher(quiet)
    stray = await follow(quiet, other)
    flood = asyncio.create_task(hall.flood(quiet, teacher, asked, followers[0], stray))
    statuses, waits = await hall.answer(quiet, teacher, followers, asked, 5, **HALL)
    refused = await hall.stopped(flood)
    print(dict(statuses), f"longest {1000 * max(waits):.0f} ms;", refused)  # noqa: T201
    assert statuses == {204: COUNT}
    assert teacher.sees()["rounds"] == [{"round": 1, "counts": [250, 250], "total": COUNT}]
    assert set(refused) == {403, 409, 413, 429}
    assert refused[429] > 10 * sum(refused[one] for one in (403, 409, 413))
    assert statistics.median(waits) <= 0.1
    assert max(waits) <= 1
    assert not any(one.closed for one in followers)
