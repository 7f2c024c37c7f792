"""Connections that dawdle or are too many: they are let go, and readers notice nothing."""

import contextlib
import itertools
import logging
import resource
import socket
import statistics
import threading
import time
import timeit

import pytest
import uvicorn

from app.hosting import connections
from app.hosting.access_log import OnceASecond
from tests.hosting.conftest import free_port
from tests.waits import PATIENCE, wait_until

ANSWER = b"x" * 20_000_000  # more than a socket's buffers hold


async def tiny(scope, receive, send):
    assert scope["type"] == "http"
    while (await receive()).get("more_body"):
        pass
    length = (b"content-length", b"%d" % len(ANSWER))
    await send({"type": "http.response.start", "status": 200, "headers": [length]})
    await send({"type": "http.response.body", "body": ANSWER})


@pytest.fixture(scope="module")
def strict():
    """A port where dawdlers are let go after a second instead of ten or thirty."""
    patched = pytest.MonkeyPatch()
    for name, seconds in (("WHOLE", 1.0), ("TAKEN", 1.0), ("LOOK", 0.1)):
        patched.setattr(connections, name, seconds)
    config = uvicorn.Config(
        tiny, port=free_port(), http=connections.Punctual, lifespan="off", log_config=None
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    wait_until(lambda: server.started, "a server")
    yield config.port
    server.should_exit = True
    thread.join()
    patched.undo()


def seconds_until_closed(one, trickle=b""):
    begun = time.monotonic()
    one.settimeout(0.1)
    while time.monotonic() < begun + PATIENCE:
        with contextlib.suppress(TimeoutError):
            try:
                if one.recv(1000) == b"":
                    break
            except ConnectionError:
                break
        with contextlib.suppress(OSError):
            one.sendall(trickle)
    return time.monotonic() - begun


@pytest.mark.parametrize(
    ("sent", "trickle"),
    [(b"", b""), (b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ", b"y"),
     (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9999\r\n\r\n", b"y")],
)  # fmt: skip
def test_who_sends_no_whole_request_is_let_go_though_it_trickles(strict, sent, trickle):
    with socket.create_connection(("127.0.0.1", strict)) as one:
        one.sendall(sent)
        assert 0.8 < seconds_until_closed(one, trickle) < PATIENCE


def rest(one):
    """Return how many bytes there are still to read."""
    one.settimeout(PATIENCE)
    read = 0
    with contextlib.suppress(ConnectionResetError):
        while part := one.recv(1_000_000):
            read += len(part)
    return read


def test_who_never_reads_its_answer_is_let_go_and_who_reads_slowly_is_not(strict):
    deaf, slow = (socket.create_connection(("127.0.0.1", strict)) for _ in range(2))
    with deaf, slow:
        for one in (deaf, slow):
            one.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        begun, read = time.monotonic(), 0
        while read < len(ANSWER):
            part = slow.recv(50_000)
            assert part, f"let go after {read} bytes"
            read += len(part)
            time.sleep(0.01 if time.monotonic() < begun + 2.5 else 0)  # longer than is waited
        assert rest(deaf) < len(ANSWER)


@pytest.fixture
def many_files():
    """Room for many sockets in this process."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(before[0], min(before[1], 4096)), before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


def test_more_silent_connections_than_files_leave_readers_alone(start, session, many_files):
    server = start(files=1024)
    assert "up to 1024 open files" in server.log.read_text()
    page = session(server)
    calm = usual_wait(page)
    with contextlib.ExitStack() as silent:
        for _ in range(1100):
            one = silent.enter_context(socket.socket())
            one.setblocking(False)
            one.connect_ex(("127.0.0.1", server.port))
        assert usual_wait(page) < 10 * calm  # one answer took 18 s
        assert server.status("/") == 200
        assert server.end() == 0
    assert server.log.stat().st_size < 10_000  # it was 129 MB in 20 s


def usual_wait(page):
    """Return the median of some waits: what else runs on this machine must not count."""
    return statistics.median(timeit.repeat(lambda: page.ask(["mu_p", 1.0]), number=1, repeat=40))


def test_a_repeated_error_is_written_once_a_second(monkeypatch):
    now = itertools.count(step=0.01)
    monkeypatch.setattr("app.hosting.access_log.time.monotonic", lambda: next(now))
    once = OnceASecond()

    def written(count, message, level=logging.ERROR):
        records = [logging.LogRecord("x", level, "", 0, message, (), None) for _ in range(count)]
        return [getattr(one, "told", {}) for one in records if once.filter(one)]

    assert written(250, "full") == [{}, {"held_back": 99}, {"held_back": 99}]
    assert len(written(1, "another")) == 1
    assert len(written(50, "", logging.INFO)) == 50
