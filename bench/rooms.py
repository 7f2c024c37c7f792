"""``python -m bench.rooms``: 500 follow a teacher who moves ten times a second, then all answer.

One process serves them on this machine; the teacher and the 500 are another process. It ends with
1 where a figure misses what the rooms are held to.
"""

import argparse
import statistics
import tempfile
from pathlib import Path

from tests.hosting.conftest import Server
from tests.rooms import hall
from tests.rooms.followers import Teacher, lesson

HALL = {"X_Forwarded_For": "203.0.113.7"}


@lesson
async def measure(server, count, seconds, results):
    """Print each figure, and note whether it is as good as it has to be."""
    teacher = Teacher(server, **HALL)
    for one in await hall.come_in(server, teacher, hall.AT_ONCE, **HALL):
        one.close()
    before = hall.resident(server)
    followers = await hall.come_in(server, teacher, count, **HALL)
    moves = await hall.move(server, teacher, followers, seconds)
    cost = (hall.resident(server) - before) / count / 1000
    print(f"{count} followers, {seconds} s: {moves.told()}")
    print(f"{cost:.1f} kB of the process's memory for each follower")
    asked = teacher.asks()
    statuses, waits = await hall.answer(server, teacher, followers, asked, 5, **HALL)
    counted = teacher.sees()["rounds"][0]["total"]
    print(
        f"{count} answers in 5 s: {dict(statuses)}, {counted} counted; median "
        f"{1000 * statistics.median(waits):.0f} ms, longest {1000 * max(waits):.0f} ms"
    )
    lost = sum(one.closed for one in followers)
    good = (moves.soon() >= 0.95, moves.final == count, counted == count, cost <= 50, not lost)
    results.append(all(good) and set(moves.statuses) == set(statuses) == {204})


def main():
    """Measure, and say whether all is as it has to be."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--followers", type=int, default=500)
    parser.add_argument("--seconds", type=int, default=60)
    chosen, results = parser.parse_args(), []
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder) / "log.txt", "--rooms").ready()
        try:
            measure(server, chosen.followers, chosen.seconds, results)
        finally:
            server.end()
    raise SystemExit(0 if results == [True] else 1)


if __name__ == "__main__":
    main()
