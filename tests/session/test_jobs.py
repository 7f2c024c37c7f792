"""Long work and files from the reader: progress, cancelling, limits, and hostile parts of files."""

import asyncio
import base64
import gc
import logging
import os
import threading
from dataclasses import replace
from pathlib import Path
from time import monotonic
from types import MappingProxyType
from weakref import ref

import bokeh.document
import pytest
from bokeh.models import ColumnDataSource

from app.contract.declaration import Upload
from app.contract.explorer import Explorer
from app.contract.parameters import Number
from app.contract.result import Result
from app.contract.texts import Texts
from app.contract.work import File, Found, Order
from app.panel.component import beside
from app.session.jobs import go_on
from app.session.session import Session
from app.session.uploads import CHUNK, Files
from app.session.workers import Workers
from tests.loops import run_apart
from tests.session import adding
from tests.waits import PATIENCE


class Adder(Explorer):
    """Adds up the bytes of a file, slowly enough to watch."""

    texts = Texts("# Adder\n## Question\nHow much is it?\n## Lede\nIt adds up.")
    start = Number(1.0, bounds=(0, 9), step=1, label="where to start", doc="The first term.")
    jobs = MappingProxyType({"sum": "Add up"})
    uploads = MappingProxyType({"text": Upload("your text", (".txt", ".csv"), 100_000)})

    @staticmethod
    def compute(start):
        return Result(tables={"terms": {"x": [start]}}, readouts={"total": float(start)})

    @staticmethod
    def figures(sources):
        return {}

    @classmethod
    def results(cls, state, findings):
        total = state["start"] + findings.get("total", 0)
        return replace(cls.compute(**state), readouts={"total": total})

    work = staticmethod(adding.work)


def send(session, data, *, file="a.txt", name="text", size=None, part=1000):
    """Send a file as the page does; return what was refused."""
    size = len(data) if size is None else size
    for offset in range(0, max(1, len(data)), part):
        chunk = base64.b64encode(data[offset : offset + part]).decode()
        told = {"name": name, "file": file, "size": size, "offset": offset, "data": chunk}
        session.receive({"seq": offset, "upload": told})
        if session.progress["refused"]:
            return session.explorer.phrase(session.progress["refused"])
    return ""


def total(session):
    return session.frame["readouts"]["total"]


def test_a_job_tells_how_far_it_is_and_its_result_is_held():
    session, told = Session(Adder()), []
    session.param.watch(lambda event: told.append(event.new["jobs"]), "progress")
    session.receive({"seq": 1, "start": "sum"})
    assert total(session) == 7
    assert told[0] == {"sum": [0.0, ""]}
    assert told[-1] == {}
    session.receive({"seq": 2, "changes": [["start", 5]]})
    assert total(session) == 11
    assert Session(Adder()).findings == {}


def test_a_request_of_changes_and_more_answers_both():
    session = Session(Adder())
    session.receive({"seq": 7, "changes": [["start", 2]], "start": "sum"})
    assert session.progress["seq"] == 7
    assert (session.explorer.start, total(session)) == (2, 8)


@pytest.mark.parametrize("name", ["nothing", None, 5, ["sum"], {"sum": 1}, "work"])
def test_only_declared_jobs_start(name):
    session = Session(Adder())
    session.receive({"seq": 1, "start": name, "cancel": name})
    assert (session.findings, session.progress["jobs"]) == ({}, {})


def test_a_file_arrives_in_parts():
    session = Session(Adder())
    assert send(session, b"\x01\x02\x03\x04" * 3, part=3) == ""
    assert total(session) == 1 + sum([1, 2, 3, 4] * 2 + [1, 2])
    assert session.progress["arrived"] == {}


def test_a_part_that_comes_twice_or_too_early_changes_nothing():
    session = Session(Adder())
    for offset, data in ((0, b"\x01\x02"), (2, b"\x03"), (2, b"\x09"), (9, b"\x09"), (3, b"\x04")):
        session.receive({"upload": {"name": "text", "file": "a.txt", "size": 4, "offset": offset,
                                    "data": base64.b64encode(data).decode()}})  # fmt: skip
    assert total(session) == 1 + 1 + 2 + 3 + 4


def test_a_file_that_begins_anew_replaces_the_one_under_way():
    session = Session(Adder())
    send(session, b"\x09" * 5, size=50)
    assert session.progress["arrived"] == {"text": 5}
    assert send(session, b"\x01\x01") == ""
    assert total(session) == 3


@pytest.mark.parametrize(
    ("data", "more", "message"),
    [
        (b"", {}, "“a.txt” is empty."),
        (b"x", {"file": "a.exe"}, "must end in .txt or .csv; “a.exe” does not"),
        (b"x", {"file": "<img src=x>"}, "“<img src=x>” does not"),
        (b"x", {"file": ""}, "has no name"),
        (b"x", {"file": 5}, "has no name"),
        (b"x", {"file": "x" * 300 + ".txt"}, "too long a one"),
        (b"x", {"size": 100_001}, "0.1 MB at most; “a.txt” has 0.1 MB"),
        (b"x", {"size": 10**30}, "0.1 MB at most"),
        (b"x", {"size": 10**400}, "0.1 MB at most"),
        (b"x", {"size": -1}, "has no size"),
        (b"x", {"size": True}, "has no size"),
        (b"x", {"size": 1.0}, "has no size"),
        (b"xyz", {"size": 2}, "More arrived than the file was said to hold"),
        (b"x" * 40_000, {"part": 40_000}, "too long"),
        (b"x", {"name": "other"}, "takes no file called “other”"),
        (b"x", {"name": ["text"]}, "takes no file called"),
        (b"bad!", {}, None),
        (b"worse", {}, None),
        (b"nonsense", {}, None),
    ],
)
def test_a_wrong_file_is_refused_and_what_was_held_stays(data, more, message, caplog):
    session = Session(Adder())
    send(session, b"\x05")
    assert total(session) == 6
    refused = send(session, data, **more)
    assert total(session) == 6
    assert session.progress["arrived"] == {}
    if message:
        assert message in refused
    else:
        (told,) = session.frame["messages"]
        known = "This text is bad." if data == b"bad!" else "This could not be computed; what was"
        assert session.explorer.phrase(told).startswith(known)
        assert bool(caplog.records) is (data != b"bad!")
    send(session, b"\x06")
    assert total(session) == 7


def part(session, name, size=50):
    """Send the first byte of a file; return what was refused."""
    return send(session, b"\x09", file=f"{name}.txt", name=name, size=size)


def test_a_second_file_waits_until_the_first_has_arrived():
    class Two(Adder):
        uploads = MappingProxyType({**Adder.uploads, "other": Upload("other", (".txt",), 100)})

    session = Session(Two())
    assert part(session, "text") == ""
    assert "Another file is still on its way" in part(session, "other")
    assert session.progress["dropped"] == "other"
    assert session.progress["arrived"] == {"text": 1}
    session.receive({"cancel": "text"})
    assert part(session, "other") == ""


@pytest.fixture
def little_room(monkeypatch):
    """Room for the files of all sessions together; each byte of one weighs 10."""
    files = Files()
    files.most = 1000
    monkeypatch.setattr("app.session.jobs.FILES", files)
    heavy = {"text": Upload("your text", (".txt",), 100_000, 10)}
    monkeypatch.setattr(Adder, "uploads", MappingProxyType(heavy))
    return files


def test_files_take_no_more_than_the_process_has_room_for(little_room):
    first, second = Session(Adder()), Session(Adder())
    assert part(first, "text", size=60) == ""
    refused = part(second, "text", size=41)
    assert "would take 0.00041 MB, and other readers’ files leave 0.0004 MB" in refused
    assert part(second, "text", size=40) == ""
    first.jobs.end()
    assert part(second, "text", size=100) == ""
    assert little_room.held() == 1000


def test_what_was_read_counts_until_its_session_has_it_no_more(little_room):
    session = Session(Adder())
    send(session, b"\x05" * 30)
    assert little_room.held() == 300
    send(session, b"\x06" * 20)
    assert little_room.held() == 200
    session.receive({"seq": 1, "start": "sum"})  # replaces what was found in the file
    assert little_room.held() == 0


def test_what_was_found_in_a_file_is_gone_once_its_session_has_it_no_more(monkeypatch):
    class Table:
        pass

    def work(order):
        yield 0.5, "reading"
        return Found({"total": 1, "table": Table()})

    monkeypatch.setattr(Adder, "work", staticmethod(work))
    session = Session(Adder())
    send(session, b"\x05")
    table = ref(session.findings["table"])
    session.finish(Found({"table": None}), [])
    gc.collect()
    assert table() is None


def test_what_waits_for_its_turn_is_forgotten_with_its_file():
    class Given:
        pass

    given, free = Given(), threading.Event()
    order = Order("text", given, {}, {}, frozenset())
    seen, workers = ref(given), Workers()
    workers._threads.submit(free.wait)  # somebody else's work
    _, forget = workers.run(None, order, lambda: True, lambda *_: None)
    del given, order
    gc.collect()
    assert seen()
    forget()
    gc.collect()
    assert seen() is None
    free.set()


def test_a_job_that_takes_too_long_is_stopped_as_others_wait(monkeypatch):
    monkeypatch.setattr("app.session.workers.LONGEST", 0.5)
    steps, is_over = [], threading.Event()

    def tell(step, over):
        steps.append(step)
        if over:
            is_over.set()

    order = Order("text", File("a.txt", b"endless"), {}, {}, frozenset())
    Workers().run(adding.work, order, lambda: True, tell)
    assert is_over.wait(PATIENCE)
    assert (steps[-1].code, steps[-1].args_named) == ("too_long", {"most": 0.5 / 60})


def test_a_file_that_comes_too_slowly_holds_no_room(little_room, monkeypatch):
    session = Session(Adder())
    part(session, "text", size=90)
    monkeypatch.setattr("app.session.uploads.SLOWEST", 1e9)
    assert little_room.held() > 0  # its first minute
    later = monotonic() + 61
    monkeypatch.setattr("app.session.uploads.time.monotonic", lambda: later)
    session.jobs._incoming["text"].heard += 61  # its page goes on, slowly
    assert little_room.held() == 0


def test_a_file_that_its_page_gave_up_holds_no_room(little_room, monkeypatch):
    session = Session(Adder())
    part(session, "text", size=90)
    monkeypatch.setattr("app.session.uploads.STALLED", -1)
    assert little_room.held() == 0


@pytest.mark.parametrize(
    "upload",
    [
        5, [], {}, {"name": "text"}, {"name": "text", "offset": 3, "data": "AAAA"},
        {"name": "text", "file": "a.txt", "size": 9, "offset": 0},
        {"name": "text", "file": "a.txt", "size": 9, "offset": 0, "data": ["AAAA"]},
        {"name": "text", "file": "a.txt", "size": 9, "offset": 0, "data": "not base64!"},
        {"name": "text", "file": "a.txt", "size": 9, "offset": 0, "data": "AAA\udc00"},
        {"name": "text", "file": "a.txt", "size": 9, "offset": 0, "data": "A" * (CHUNK + 4)},
    ],
)  # fmt: skip
def test_a_malformed_part_leaves_nothing_behind(upload):
    session = Session(Adder())
    session.receive({"seq": 1, "upload": upload})
    assert (session.findings, session.progress["arrived"]) == ({}, {})
    assert session.progress["refused"] or not isinstance(upload, dict)


# Beside a server's event loop


class Document(bokeh.document.Document):
    """Runs what is to run under the document's lock, in order."""

    def add_next_tick_callback(self, callback):
        asyncio.get_running_loop().call_soon(callback)


def on_a_loop(act):
    """Run a coroutine function with a session whose work runs in threads."""

    async def run():
        session = Session(Adder())
        session.jobs.run = beside(Document(), lambda act: act())
        await act(session)

    run_apart(run())


async def until(condition):
    async with asyncio.timeout(PATIENCE):
        while not condition():
            await asyncio.sleep(0.01)


def test_a_loop_that_runs_here_does_no_harm():
    async def among_others():
        ran = []

        async def act(session):
            ran.append(session.explorer.start)

        on_a_loop(act)
        return ran

    assert run_apart(among_others()) == [1.0]


def test_work_in_a_process_ends_with_its_result():
    async def act(session):
        session.receive({"seq": 1, "start": "sum"})
        assert session.progress["jobs"] == {"sum": [0.0, ""]}
        assert total(session) == 1
        await until(lambda: not session.progress["jobs"])
        assert total(session) == 7

    on_a_loop(act)


async def an_endless_job(session):
    """Start one; return the process that does it."""
    send(session, b"endless")
    await until(lambda: "process" in str(session.progress["jobs"]))
    return int(session.progress["jobs"]["text"][1].split()[-1])


@pytest.mark.parametrize("how", ["cancel", "replace", "end"])
def test_work_can_be_ended_and_its_process_is_gone(how):
    async def act(session):
        process = await an_endless_job(session)
        assert process != os.getpid()
        if how == "cancel":
            session.receive({"seq": 2, "cancel": "text"})
        elif how == "replace":
            send(session, b"\x06")
        else:
            session.jobs.end()
        await until(lambda: not Path(f"/proc/{process}").exists())
        await until(lambda: how != "replace" or total(session) == 7)
        assert how == "end" or session.progress["jobs"] == {}
        assert session.findings == ({"total": 6} if how == "replace" else {})

    on_a_loop(act)


def test_a_job_waits_for_its_turn_unless_it_is_over_at_once():
    async def act(session):
        await an_endless_job(session)
        session.receive({"seq": 1, "start": "sum"})
        await until(lambda: session.progress["jobs"]["sum"][1] == "waiting for its turn")
        session.explorer.at_once = ("sum",)
        session.receive({"seq": 2, "start": "sum"})
        assert (list(session.progress["jobs"]), total(session)) == (["text"], 7)
        session.jobs.end()

    on_a_loop(act)


def test_work_whose_process_dies_says_so_and_the_next_is_done(caplog):
    async def act(session):
        send(session, b"deadly")
        await until(lambda: session.frame["messages"])
        (told,) = session.frame["messages"]
        assert session.explorer.phrase(told).startswith("This could not be computed")
        send(session, b"\x06")
        await until(lambda: total(session) == 7)

    on_a_loop(act)
    assert "has died" in caplog.text


def test_work_that_fails_says_so_without_its_inner_reasons(caplog):
    async def act(session):
        send(session, b"worse")
        await until(lambda: session.frame["messages"])
        (told,) = session.frame["messages"]
        assert (
            session.explorer.phrase(told)
            == "This could not be computed; what was there before stays."
        )

    with caplog.at_level(logging.ERROR):
        on_a_loop(act)
    assert "RuntimeError" in caplog.text


def test_steps_go_on_for_a_while_before_they_are_told(monkeypatch):
    monkeypatch.setattr("app.session.jobs.PATIENCE", 0.0)
    steps = Adder.work(Order("sum", None, {}, {}))
    assert go_on(steps) == ((0.0, "0 bytes"), False)
    monkeypatch.setattr("app.session.jobs.PATIENCE", 60.0)
    assert go_on(steps) == (Found({"total": 6}), True)


def test_work_is_told_what_else_was_under_way_and_not_that_it_replaces_itself():
    session, orders = Session(Adder()), []
    session.jobs.run = lambda jobs, name, order: orders.append(order.under_way)
    for name in ("sum", "sum", "text"):
        session.jobs.start(name)
    assert orders == [set(), set(), {"sum"}]


def test_what_was_found_on_the_way_is_told_at_once():
    def steps():
        yield Found({"total": 1})
        return Found({"total": 2})

    assert list(map(go_on, [each := steps(), each])) == [
        (Found({"total": 1}), False),
        (Found({"total": 2}), True),
    ]


def test_a_value_from_python_whose_numbers_fail_leaves_state_frame_and_findings():
    session = Session(Adder())
    send(session, b"\x05")
    frame = session.frame

    def fails(state, findings):
        raise FloatingPointError("no number")

    session.explorer.results = fails
    with pytest.raises(FloatingPointError):
        session.explorer.start = 3
    assert (session.explorer.start, session.frame, session.findings) == (1, frame, {"total": 5})


def test_the_page_is_told_of_uploads_and_their_limits():
    assert Adder.parameters().keys() == {"start"}
    assert isinstance(Session(Adder()).sources["terms"], ColumnDataSource)
