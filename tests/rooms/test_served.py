"""Rooms of a process, over HTTP: who may do what, and what all who follow are told."""

import asyncio
import http.client
import signal
import time
import urllib.request

import pytest

from app.rooms import limits
from app.rooms.limits import BODY, FOLLOWERS_OF_AN_ADDRESS, MOVES, REFUSALS
from tests.hosting.conftest import Server
from tests.rooms.followers import CHOICE, KL, Teacher, answer_of, ask, follow, lesson
from tests.waits import PATIENCE

HALL = {"X_Forwarded_For": "203.0.113.7"}
ELSEWHERE = {"X_Forwarded_For": "198.51.100.1"}


@lesson
async def test_who_follows_has_the_present_state_at_once_and_each_that_comes(server, opened):
    teacher = opened()
    assert abs(teacher.ends - time.time() - 4 * 3600) < PATIENCE
    early = await follow(server, teacher)
    assert early.room == {"seq": 1, "slug": "kl", "query": "mu_q=2", "question": None}
    assert 500 <= early.retry <= 1500
    assert teacher.moves(3) == 204
    late = await follow(server, teacher)
    assert (late.room["seq"], late.room["query"]) == (2, "mu_q=3")
    assert teacher.does("state", {"slug": "entropy", "query": ""}) == (204, "")
    for one in (early, late):
        await one.until(lambda one=one: one.room["seq"] == 3)
        assert one.room["slug"] == "entropy"
    assert early.ticket != late.ticket


@lesson
async def test_a_stream_is_one_that_no_proxy_and_no_browser_keeps(server, opened):
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE)
    connection.request("GET", f"{opened().path}/events")
    headers = connection.getresponse().headers
    connection.close()
    assert headers["content-type"] == "text/event-stream; charset=utf-8"
    assert (headers["cache-control"], headers["x-accel-buffering"]) == ("no-store", "no")


@lesson
async def test_a_page_that_comes_back_is_the_same_device_and_a_strange_ticket_a_new_one(
    server, opened
):
    teacher, other = opened(), opened()
    first = await follow(server, teacher)
    first.close()
    for again in (
        await follow(server, teacher, first.ticket),
        await follow(server, teacher, Last_Event_ID=first.ticket),
        await follow(server, teacher, "made.up", Last_Event_ID=first.ticket),
    ):
        assert again.ticket == first.ticket
    assert (await follow(server, other, first.ticket)).ticket != first.ticket
    assert (await follow(server, teacher, "made.up")).ticket != "made.up"
    assert teacher.sees()["followers"] == 2  # devices, not streams


def test_the_gallery_leads_to_the_field_for_a_code(server):
    assert '<a href="r">Follow a teacher’s room</a>' in ask(server, "GET", "/")[1]


@lesson
async def test_a_room_is_followed_through_a_whole_question(server, opened):
    teacher = opened()
    students = [await follow(server, teacher) for _ in range(3)]
    asked = teacher.asks()
    assert asked == {"id": 1, "round": 1}
    for student, choice in zip(students, (0, 1, 1), strict=True):
        await student.until(lambda one=student: one.room["question"])
        assert student.room["question"]["truth"] is None
        assert answer_of(student, teacher, asked, choice) == (204, "")
    assert teacher.sees()["rounds"] == [{"round": 1, "counts": [1, 2], "total": 3}]
    assert teacher.does("close") == (204, "")
    status, told = answer_of(await follow(server, teacher), teacher, asked, 0)
    assert (status, told) == (409, {"error": "This round takes no answers now."})
    again = teacher.does("question", {"again": True})
    assert again == (200, {"id": 1, "round": 2})
    assert answer_of(students[0], teacher, again[1], 1) == (204, "")
    assert answer_of(students[1], teacher, asked, 1)[0] == 409  # of the round before
    assert teacher.does("question", {"again": True})[0] == 409
    assert teacher.does("reveal", again[1]) == (204, "")
    for one in (students[2], await follow(server, teacher)):
        await one.until(lambda one=one: one.room["question"]["revealed"])
        shown = one.room["question"]
        assert (shown["truth"], shown["open"], one.results) == (
            1, False, {"id": 1, "round": 2, "rounds": [[1, 2], [0, 1]]},
        )  # fmt: skip
    assert teacher.sees()["question"] == shown
    assert answer_of(students[1], teacher, again[1], 1)[0] == 409
    assert teacher.does("clear") == (204, "")
    await students[2].until(lambda: students[2].room["question"] is None)
    assert teacher.sees()["question"] is None
    assert ask(server, "GET", f"{teacher.path}/answers.csv", key=teacher.key)[1].splitlines() == [
        "question,round,answer,count",
        *("Which is larger?,1,p,1", "Which is larger?,1,q,2"),
        *("Which is larger?,2,p,0", "Which is larger?,2,q,1"),
    ]


@lesson
async def test_numbers_are_counted_by_their_value(server, opened):
    teacher = opened()
    asked = teacher.asks(kind="number", truth=2.5, options=None)
    for number in (2.5, 2.5, 3, 3.0, -1e12):
        assert answer_of(await follow(server, teacher), teacher, asked, number)[0] == 204
    values = {"-1000000000000": 1, "2.5": 2, "3": 2}
    assert teacher.sees()["rounds"] == [{"round": 1, "values": values, "total": 5}]
    teacher.does("reveal", asked)
    one = await follow(server, teacher)
    assert one.results["rounds"] == [[[-1000000000000, 1], [2.5, 2], [3, 2]]]


@lesson
async def test_what_was_left_open_is_said_when_it_is_shown(server, opened):
    teacher = opened()
    student, asked = await follow(server, teacher), teacher.asks(truth=None)
    assert teacher.does("reveal", {**asked, "truth": 2})[0] == 400
    assert answer_of(student, teacher, asked, 1) == (204, "")
    assert teacher.does("reveal", {**asked, "truth": 1}) == (204, "")
    await student.until(lambda: (student.room["question"] or {}).get("revealed"))
    assert student.room["question"]["truth"] == 1
    assert student.results["rounds"] == [[0, 1]]
    assert teacher.does("reveal", {**asked, "truth": 0})[0] == 409
    assert teacher.does("reveal", asked) == (204, "")


@lesson
async def test_what_is_right_is_said_of_the_question_that_is_named(opened):
    teacher = opened()
    first, second = teacher.asks(truth=None), teacher.asks(truth=None)
    before = teacher.sees()
    for named in (first, {**second, "round": 2}, {"id": 2}, {}):
        status, told = teacher.does("reveal", {**named, "truth": 1})
        assert (status, told) == (409, {"error": "Another question has been asked meanwhile."})
    assert teacher.sees() == before  # it is open, and nothing is right yet
    assert teacher.does("reveal", {**second, "truth": 1}) == (204, "")


@lesson
async def test_a_room_that_ends_says_so_and_is_gone(server, opened):
    teacher = opened()
    one = await follow(server, teacher)
    assert ask(server, "DELETE", teacher.path, key=teacher.key) == (204, "")
    await one.until(lambda: one.closed)
    assert one.ended
    assert (await follow(server, teacher)).status == 404
    for method, path in (("GET", ""), ("DELETE", ""), ("POST", "/state"), ("POST", "/answers")):
        status, told = ask(server, method, teacher.path + path, {}, teacher.key)
        assert (status, "There is no room with this code" in told["error"]) == (404, True)


@pytest.mark.parametrize(
    ("method", "what"),
    [("GET", ""), ("DELETE", ""), ("GET", "/answers.csv"),
     *(("POST", f"/{one}") for one in ("state", "question", "close", "reveal"))],
)  # fmt: skip
def test_what_is_the_teachers_takes_the_key_of_this_room(server, opened, method, what):
    teacher, other = opened(), opened()
    teacher.asks()
    told = {**KL, **CHOICE} if method == "POST" else None
    for key in ("", "x", other.key, teacher.key[:-1]):
        status, said = ask(server, method, teacher.path + what, told, key)
        assert (status, said["error"].startswith("Only the teacher’s page")) == (403, True)
    assert ask(server, method, f"{teacher.path}{what}?key={teacher.key}", told)[0] == 403
    assert teacher.sees()["seq"] == 2


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1"])
def test_a_page_of_another_site_may_do_nothing(server, opened, origin):
    teacher = opened()
    for method, what in (("POST", "/state"), ("DELETE", ""), ("POST", "/answers"), ("GET", "")):
        status, told = ask(server, method, teacher.path + what, KL, teacher.key, origin=origin)
        assert (status, "Another site" in told["error"]) == (403, True)
    assert ask(server, "POST", "/rooms", KL, origin=origin)[0] == 403
    assert ask(server, "GET", f"{teacher.path}/events", origin=origin)[0] == 403
    assert ask(server, "POST", teacher.path + "/close", key=teacher.key)[0] == 409  # no page
    assert teacher.does("state", KL, origin=server.address)[0] == 204


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [(b"{", 400, "no JSON"), (b"[1]", 400, "an object"), (b"\xff", 400, "no JSON"),
     (b"[" * BODY, 400, "no JSON"), (b" " * (BODY + 1), 413, "16384 bytes"),
     (b'{"slug": "kl"}', 400, "a link’s query"),
     (b'{"slug": "kl", "query": "mu_q=99"}', 400, "must lie between")],
)  # fmt: skip
def test_what_is_no_state_is_refused_with_a_sentence(server, opened, body, status, said):
    teacher = opened()
    for path, key in (("/rooms", ""), (f"{teacher.path}/state", teacher.key)):
        answered, told = ask(server, "POST", path, key=key, body=body)
        assert (answered, said in told["error"]) == (status, True)
    assert teacher.sees()["seq"] == 1


def test_more_moves_than_a_room_takes_are_told_and_the_last_one_comes_through(server, opened):
    teacher = opened()
    answers = [teacher.moves(n / 20) for n in range(2 * MOVES)]
    assert set(answers) == {204, 429}
    assert answers[:MOVES] == [204] * MOVES
    time.sleep(2 / MOVES)
    assert teacher.moves(3) == 204


def test_an_address_opens_five_rooms_and_others_go_on(server, opened):
    theirs = [opened(**HALL) for _ in range(limits.ROOMS_OF_AN_ADDRESS)]
    status, told = ask(server, "POST", "/rooms", KL, **HALL)
    assert (status, "5 rooms are open" in told["error"]) == (429, True)
    opened(**ELSEWHERE)
    ask(server, "DELETE", theirs[0].path, key=theirs[0].key)
    opened(**HALL)


def test_a_process_has_fifty_rooms(server):
    opened = []
    for n in range(limits.ROOMS + 1):
        status, told = ask(server, "POST", "/rooms", KL, X_Forwarded_For=f"198.51.100.{n}")
        opened += [told] if status == 201 else []
    assert (status, told["error"][:19]) == (429, "All rooms are taken")
    for one in opened:
        ask(server, "DELETE", f"/rooms/{one['code']}", key=one["key"])
    assert len(opened) > limits.ROOMS / 2


def test_the_short_address_leads_to_the_page_or_asks_for_the_code(server, opened):
    code = opened().code
    to = f"../pages/kl.html?room={code}"
    assert ask(server, "GET", f"/r/{code}") == (302, to)
    assert ask(server, "GET", f"/r/{code.lower()}") == (302, to)
    assert ask(server, "GET", f"/r?code=%20{code[:3].lower()}-{code[3:]}") == (302, f"r/{code}")
    for path, status, said in (
        ("/r", 200, "Type the code"), ("/r/XXXXXX", 404, "There is no room with this code"),
        ("/r/%F0%9F%98%80", 404, "no room"), (f"/r/{'A' * 3000}", 404, "no room"),
    ):  # fmt: skip
        answered, page = ask(server, "GET", path)
        assert (answered, said in page, '<input name="code"' in page) == (status, True, True)


def test_nothing_of_rooms_is_where_they_are_not_asked_for(tmp_path):
    server = Server(tmp_path / "log.txt").ready()
    try:
        for path in ("/r", "/r/ABCDEF", "/rooms", "/rooms/ABCDEF", "/rooms/ABCDEF/events"):
            assert ask(server, "GET", path)[0] == 404
        assert ask(server, "POST", "/rooms", KL)[0] in (404, 405)
    finally:
        server.end()


@lesson
async def test_a_double_a_forged_or_a_stray_answer_is_refused(server, opened):
    teacher, other = opened(), opened()
    student, stray = await follow(server, teacher), await follow(server, other)
    asked = teacher.asks()
    assert answer_of(student, teacher, asked, 1) == (204, "")
    assert answer_of(student, teacher, asked, 0) == (
        409, {"error": "This device has answered already.", "answer": 1},
    )  # fmt: skip
    only = (403, {"error": "Only a page that follows this room can answer."})
    assert answer_of(stray, teacher, asked, 1) == only  # its ticket is of another room
    gone = await follow(server, teacher)
    gone.close()
    await asyncio.to_thread(_wait, lambda: teacher.sees()["followers"] == 1)
    assert answer_of(gone, teacher, asked, 1) == only  # a device without its stream
    for ticket in ("", "a.b", 7, None, student.ticket[:-1] + "!", "x" * 5000):
        student.ticket = ticket
        assert answer_of(student, teacher, asked, 1) == only
    assert teacher.sees()["rounds"] == [{"round": 1, "counts": [0, 1], "total": 1}]


def _wait(true):
    until = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < until
        time.sleep(0.02)


@pytest.mark.parametrize("answer", [2, -1, 1.0, "1", True, None, [], {}])
def test_an_answer_of_another_kind_is_refused_and_a_good_one_still_counts(server, opened, answer):
    @lesson
    async def act():
        teacher = opened()
        student, asked = await follow(server, teacher), teacher.asks()
        assert answer_of(student, teacher, asked, answer)[0] == 400
        assert answer_of(student, teacher, asked, 1)[0] == 204

    act()


@lesson
async def test_a_flood_of_one_address_is_cut_off_while_others_there_and_elsewhere_answer(
    server, opened
):
    teacher = opened()
    student, afar = await follow(server, teacher, **HALL), await follow(server, teacher)
    asked = teacher.asks()
    path, most = f"{teacher.path}/answers", REFUSALS
    letters = b'{"ticket": "' + b"x" * 10**6 + b'"}'
    statuses = [ask(server, "POST", path, body=letters, **HALL)[0] for _ in range(5)]
    forged = {"ticket": "a.b", "id": 1, "round": 1, "answer": 1}
    statuses += [ask(server, "POST", path, forged, **HALL)[0] for _ in range(most)]
    assert statuses == [413] * 5 + [403] * (most - 5) + [429] * 5
    assert answer_of(student, teacher, asked, 1, **HALL)[0] == 204
    assert answer_of(afar, teacher, asked, 0, **ELSEWHERE)[0] == 204
    repeated = [answer_of(afar, teacher, asked, 0, **ELSEWHERE)[0] for _ in range(most + 1)]
    assert repeated == [409] * most + [429]
    assert teacher.sees()["rounds"][0]["total"] == 2


@lesson
async def test_beats_come_in_between_and_numbers_for_prometheus_and_no_ticket_in_the_log(
    server, opened
):
    teacher = opened()
    one = await follow(server, teacher)
    again = await follow(server, teacher, one.ticket)
    await one.until(lambda: one.beats)
    with urllib.request.urlopen(server.metrics, timeout=PATIENCE) as answer:
        numbers = dict(line.rsplit(" ", 1) for line in answer.read().decode().splitlines())
    assert float(numbers["bitsandnats_rooms"]) >= 1
    assert float(numbers["bitsandnats_followers"]) >= 2
    assert again.ticket == one.ticket
    again.close()
    await asyncio.to_thread(_wait, lambda: f"{teacher.path}/events" in server.log.read_text())
    log = server.log.read_text()
    assert one.ticket not in log
    assert teacher.key not in log


@lesson
async def test_sigterm_ends_streams_and_the_process_within_five_seconds(tmp_path):
    server = Server(tmp_path / "log.txt", "--rooms", "--drain", "1").ready()
    teacher = Teacher(server)
    followers = [await follow(server, teacher) for _ in range(20)]
    begun = time.monotonic()
    server.process.send_signal(signal.SIGTERM)
    for one in followers:
        await one.until(lambda one=one: one.closed)
    assert time.monotonic() - begun >= 0.9  # until nobody is sent here any more
    assert not any(one.ended for one in followers)  # the room goes on, elsewhere
    assert await asyncio.to_thread(server.process.wait, PATIENCE) == 0
    assert time.monotonic() - begun <= 5


@lesson
async def test_an_address_has_six_hundred_streams_of_a_room(server, opened):
    teacher = opened()
    most = FOLLOWERS_OF_AN_ADDRESS
    followers = [await follow(server, teacher, **HALL) for _ in range(most + 1)]
    assert [one.status for one in followers] == [200] * most + [429]
    assert (await follow(server, teacher, **ELSEWHERE)).status == 200
    followers[0].close()
    await asyncio.to_thread(_wait, lambda: teacher.sees()["followers"] == most)
    assert (await follow(server, teacher, **HALL)).status == 200
    assert teacher.sees()["followers"] == most + 1
