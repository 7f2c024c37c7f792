"""What who runs it sees and does: numbers, lines of the log, readiness, the queue, the end."""

import ast
import asyncio
import contextlib
import gc
import json
import logging
import signal
import socket
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.requests import Request
from websockets.exceptions import ConnectionClosed

from app.hosting import turns
from app.hosting.access_log import ACCESS, write_lines
from app.hosting.lifespan import put_aside_what_stays
from app.hosting.turns import MOST_WAITING, Turns
from tests.hosting.conftest import ROOT, Server, free_port
from tests.loops import run_apart
from tests.waits import PATIENCE, wait_until

BUSY = "Many readers open live pages just now"


@pytest.fixture(scope="module")
def operated(tmp_path_factory):
    """A server with room for two sessions and 1 MB of files, chosen in a file, in a terminal."""
    folder, port = tmp_path_factory.mktemp("operated"), free_port()
    text = f'sessions = 2\nsession-lifetime = 600\nfiles = 1\nmetrics = "127.0.0.1:{port}"\n'
    (folder / "settings.toml").write_text(text)
    chosen = ("--settings", str(folder / "settings.toml"))
    server = Server(folder / "log.txt", *chosen, terminal=True).ready()
    server.metrics = f"http://127.0.0.1:{port}/metrics"
    yield server
    server.end()


def numbers(server):
    """Return what Prometheus reads, by name and labels."""
    with urllib.request.urlopen(server.metrics, timeout=PATIENCE) as answer:
        families = text_string_to_metric_families(answer.read().decode())
        return {
            (one.name, *one.labels.values()): one.value
            for family in families for one in family.samples
        }  # fmt: skip


def entries(**pairs):
    return {"type": "map", "entries": [list(pair) for pair in pairs.items()]}


def test_prometheus_is_told_of_sessions_room_memory_and_drags_and_a_full_process_is_not_ready(
    operated, session
):
    before = numbers(operated)
    page = session(operated, "/estimation")
    for n in (500, 1000, 1500):
        page.ask(["n", n])
    assert operated.status("/readyz") == 200
    chunk = entries(name="table", file="a.csv", size=300_000, offset=0, data="AAAA")
    page.set("state", entries(seq=9, upload=chunk))
    assert "no_room" in json.dumps(page.reply("PATCH-DOC"))
    operated.text("/kl")  # the second session
    assert operated.status("/readyz") == 503
    assert operated.status("/healthz") == 200
    assert "All live sessions are taken" in operated.text("/kl")
    after = numbers(operated)
    assert before["bitsandnats_sessions",] == 0
    assert (after["bitsandnats_sessions",], after["bitsandnats_sessions_most",]) == (2, 2)
    assert (after["bitsandnats_queue",], after["bitsandnats_files_most_bytes",]) == (0, 1e6)
    assert after["bitsandnats_refused_total", "full"] == 1
    assert after["bitsandnats_refused_total", "queue"] == 0
    assert after["bitsandnats_drag_seconds_count",] == 3
    assert 0 < after["bitsandnats_drag_seconds_sum",] < 60
    assert after["process_resident_memory_bytes",] > 50e6
    assert operated.status("/metrics") == 404  # the port that strangers reach


def test_who_says_nothing_to_prometheus_port_takes_no_thread(operated):
    def threads():
        return len(list(Path(f"/proc/{operated.process.pid}/task").iterdir()))

    before, port = threads(), int(operated.metrics.rpartition(":")[2].partition("/")[0])
    with contextlib.ExitStack() as silent:
        for _ in range(30):
            one = silent.enter_context(socket.socket())
            one.setblocking(False)
            one.connect_ex(("127.0.0.1", port))
        assert operated.status("/") == 200
        assert threads() < before + 15  # each had one
    assert numbers(operated)


def test_a_body_that_is_no_http_is_refused_without_a_trace_in_the_log(operated):
    with socket.create_connection(("127.0.0.1", operated.port)) as stranger:
        stranger.sendall(
            b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"
        )
        assert stranger.recv(100).startswith(b"HTTP/1.1 400")
    assert operated.status("/") == 200
    assert "Traceback" not in operated.log.read_text()


def test_a_terminal_gets_lines_for_people(operated):
    operated.status("/nothing")

    def lines():
        return operated.log.read_text().splitlines()

    wait_until(lambda: any("404  GET /nothing  " in line for line in lines()), lines)
    assert not [line for line in lines() if line.startswith("{")]


@pytest.fixture
def loggers():
    """Leave the loggers as they were."""
    names = ("bitsandnats", "bitsandnats.access", "bokeh.server", "uvicorn.error")
    all_ = [logging.getLogger(), *map(logging.getLogger, names)]
    levels, handlers = [one.level for one in all_], logging.getLogger().handlers[:]
    yield
    logging.getLogger().handlers[:] = handlers
    logging.raiseExceptions = True
    for one, level in zip(all_, levels, strict=True):
        one.setLevel(level)


@pytest.mark.parametrize(
    ("level", "written"),
    [("debug", "diwe access"), ("info", "we access"), ("warning", "we"), ("error", "e")],
)
def test_the_log_holds_what_its_level_asks_for(level, written, capfd, loggers):
    write_lines(level)
    other = logging.getLogger("other")
    for letter, kind in zip("diwe", ("debug", "info", "warning", "error"), strict=True):
        getattr(other, kind)(letter)
    ACCESS.info(" access", extra={"told": {}})
    lines = capfd.readouterr().err.splitlines()
    assert "".join(json.loads(line)["message"] for line in lines) == written


def test_sigterm_drains_and_closes_every_socket_with_1012(start, session):
    server = start("--drain", "3")
    pages = [session(server), session(server)]
    waiting = server.text("/kl")  # a page whose websocket comes late
    server.process.send_signal(signal.SIGTERM)
    wait_until(lambda: server.status("/readyz") == 503, "a server that drains")
    assert server.status("/healthz") == 200
    assert pages[0].ask(["mu_p", 1.0])["state"]["mu_p"] == 1.0
    pages.append(session(server, html=waiting))
    assert server.process.wait(PATIENCE) == 0
    assert [code(page) for page in pages] == [1012] * 3
    assert "Traceback" not in server.log.read_text()


def code(page):
    with contextlib.suppress(ConnectionClosed):
        while True:
            page.socket.recv(PATIENCE)
    return page.socket.close_code


# The queue


def reader(gone=None):
    """Return the request of a reader who leaves when ``gone`` is set."""

    async def receive():
        await (gone or asyncio.Event()).wait()
        return {"type": "http.disconnect"}

    return Request({"type": "http"}, receive)


async def served(queue, request, until):
    async with queue.turn(request) as why_not:
        if not why_not:
            await until.wait()
        return why_not


async def a_full_queue(queue, until, gone=None):
    """Return the tasks of one reader who is served and as many as may wait."""
    readers = [reader(gone) for _ in range(1 + MOST_WAITING)]
    tasks = [asyncio.create_task(served(queue, one, until)) for one in readers]
    await asyncio.sleep(0.01)
    assert queue.waiting == MOST_WAITING
    return tasks


def test_beyond_a_full_queue_the_answer_is_no_at_once_and_the_others_get_their_turns():
    async def act():
        queue, until = Turns(), asyncio.Event()
        tasks = await a_full_queue(queue, until)
        assert await served(queue, reader(), until) == "queue"
        until.set()
        assert await asyncio.gather(*tasks) == [""] * 6
        assert await served(queue, reader(), until) == ""

    run_apart(act())


def test_nobody_waits_for_long_and_the_queue_goes_on(monkeypatch):
    monkeypatch.setattr(turns, "LONGEST_WAIT", 0.2)

    async def act():
        queue, until = Turns(), asyncio.Event()
        tasks, begun = await a_full_queue(queue, until), time.monotonic()
        assert await asyncio.gather(*tasks[1:]) == ["queue"] * 5
        assert 0.15 < time.monotonic() - begun < 5
        until.set()
        assert await tasks[0] == ""
        assert (queue.waiting, await served(queue, reader(), until)) == (0, "")

    run_apart(act())


def test_where_pages_take_long_nobody_is_let_wait():
    async def act():
        queue, until = Turns(), asyncio.Event()
        queue._takes = 2.5
        first = asyncio.create_task(served(queue, reader(), until))
        await asyncio.sleep(0.01)
        assert await served(queue, reader(), until) == "queue"
        until.set()
        assert await first == ""

    run_apart(act())


def test_who_has_left_waits_no_more_and_leaves_the_place_to_others():
    async def act():
        queue, until, gone = Turns(), asyncio.Event(), asyncio.Event()
        tasks = await a_full_queue(queue, until, gone)
        gone.set()
        assert await asyncio.gather(*tasks[1:]) == ["left"] * 5
        another = asyncio.create_task(served(queue, reader(), until))
        await asyncio.sleep(0.01)
        assert queue.waiting == 1
        until.set()
        assert await asyncio.gather(tasks[0], another) == ["", ""]

    run_apart(act())


def test_of_many_who_come_at_once_each_has_a_page_and_nobody_an_error(roomy):
    with ThreadPoolExecutor(16) as hall:
        pages = list(hall.map(roomy.text, ["/kl"] * 16))
    live = [page for page in pages if '"token"' in page]
    assert 1 <= len(live) < 16
    assert all(BUSY in page for page in pages if page not in live)


def test_hosting_touches_no_private_names_of_others():
    """Those are for app/panel/patches.py, which looks first whether they are there."""
    found = [
        f"{file.name}:{node.lineno} {ast.unparse(node)}"
        for file in (ROOT / "app" / "hosting").glob("*.py")
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Attribute) and node.attr.startswith("_") and node.attr[1] != "_"
        and ast.unparse(node) not in ("os._exit", f"self.{node.attr}")
    ]  # fmt: skip
    assert found == []


def test_what_stays_is_put_aside_and_the_rest_collected_more_often():
    before = gc.get_threshold()
    try:
        put_aside_what_stays()
        assert gc.get_freeze_count() > 10_000
        assert gc.get_threshold()[2] < before[2]
    finally:
        gc.unfreeze()
        gc.set_threshold(*before)
