"""Servers of our own, and a client that speaks a page's part of Bokeh's protocol."""

import contextlib
import json
import os
import pty
import re
import socket
import subprocess
import sys
import timeit
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from websockets.sync.client import connect

from tests.waits import PATIENCE, wait_until

ROOT = Path(__file__).parents[2]
SAID = "Bits & Nats "  # begins each line on standard output, which is no line of the log
PROGRAM = (sys.executable, "-m", "app")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """``python -m app serve``, or another ``program``, as a process, with what it wrote."""

    def __init__(
        self, log, *options, program=PROGRAM, port=None, files=None, terminal=False, **environment
    ):
        self.port, self.log = port or free_port(), log
        self.address = f"http://127.0.0.1:{self.port}"
        folder = ROOT if program == PROGRAM else log.parent
        limited = f'ulimit -n {files} && exec "$0" "$@"'
        shell = ("sh", "-c", limited) if files else ()
        self.terminal, screen = pty.openpty() if terminal else (None, None)
        with log.open("wb") as out:
            self.process = subprocess.Popen(
                [*shell, *program, "serve", "--port", str(self.port), *options],
                cwd=folder, stdout=screen or out, stderr=out,
                env={**os.environ, **environment}, start_new_session=True,
            )  # fmt: skip

    def ready(self, path="/readyz"):
        def is_ready():
            assert self.process.poll() is None, self.written()
            with contextlib.suppress(OSError):
                return self.status(path) == 200

        wait_until(is_ready, self.written, seconds=2 * PATIENCE)
        return self

    def written(self):
        return f"a server that is ready; it wrote: {self.log.read_text()[-2000:]}"

    def status(self, path):
        with self.get(path) as answer:
            return answer.status

    def get(self, path="/", data=None, **headers):
        request = urllib.request.Request(self.address + path, data, headers)
        try:
            return urllib.request.urlopen(request, timeout=PATIENCE)
        except urllib.error.HTTPError as error:
            return error

    def text(self, path="/", **headers):
        with self.get(path, **headers) as answer:
            return answer.read().decode()

    def end(self):
        """Ask the server to end; return its exit code."""
        self.process.terminate()
        try:
            return self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            pytest.fail(f"still there {PATIENCE} s after SIGTERM")


@pytest.fixture
def start(tmp_path):
    """Start servers; each ends with the test."""
    servers = []

    def begin(*options, path="/readyz", **environment):
        servers.append(Server(tmp_path / f"log{len(servers)}.txt", *options, **environment))
        return servers[-1].ready(path=path)

    yield begin
    for server in servers:
        if server.process.poll() is None:
            server.end()


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """One server for the tests that leave it as it was."""
    one = Server(tmp_path_factory.mktemp("hosted") / "log.txt").ready()
    yield one
    one.end()


@pytest.fixture(scope="session")
def roomy(tmp_path_factory):
    """One server with room for many sessions, which a proxy's pages may open, too."""
    options = ("--sessions", "400", "--origin", "proxy.example")
    one = Server(tmp_path_factory.mktemp("roomy") / "log.txt", *options).ready()
    yield one
    one.end()


class Session:
    """A live page without a browser: it opens, asks, and reads the answers."""

    def __init__(self, server, path="/kl", html="", **options):
        html = html or server.text(path)
        self.token = re.search(r'"token":"([^"]+)"', html)[1]
        slug = path.partition("?")[0]
        self.opened = contextlib.ExitStack()
        options.setdefault("origin", server.address)
        opening = connect(
            f"ws://127.0.0.1:{server.port}{slug}/ws", subprotocols=["bokeh", self.token],
            compression=None, max_size=None, open_timeout=PATIENCE, **options,
        )  # fmt: skip
        self.socket = self.opened.enter_context(opening)
        self.seq = 0
        header, _ = self.message()
        assert header["msgtype"] == "ACK"
        self.write("PULL-DOC-REQ", {})
        document = self.reply("PULL-DOC-REPLY")["doc"]
        self.front = next(models_with(document, "frame"))["id"]

    def message(self):
        """Return the header and content of the next message, without its buffers."""
        header, _, content = (json.loads(self.socket.recv(PATIENCE)) for _ in range(3))
        for _ in range(2 * header.get("num_buffers", 0)):
            self.socket.recv(PATIENCE)
        return header, content

    def write(self, kind, content):
        self.seq += 1
        for part in ({"msgid": str(self.seq), "msgtype": kind}, {}, content):
            self.socket.send(json.dumps(part))

    def reply(self, kind):
        while True:
            header, content = self.message()
            if header["msgtype"] == kind:
                return content

    def ask(self, *changes):
        """Send changes as the page does; return the frame that answers."""
        seq = self.seq + 1
        entries = [["seq", seq], ["changes", [list(change) for change in changes]]]
        self.set("state", {"type": "map", "entries": entries})
        while True:
            for event in self.reply("PATCH-DOC")["events"]:
                if event.get("attr") == "frame" and _plain(event["new"])["seq"] == seq:
                    return _plain(event["new"])

    def least_wait(self):
        """Return the least seconds of some answers: what nothing else on this machine disturbed."""
        numbers = iter(range(12))
        asked = timeit.repeat(lambda: self.ask(["mu_p", next(numbers) / 4]), number=1, repeat=12)
        return min(asked)

    def set(self, attribute, value):
        event = {"kind": "ModelChanged", "model": {"id": self.front}, "attr": attribute}
        self.write("PATCH-DOC", {"events": [{**event, "new": value}]})

    def close(self):
        self.opened.close()


def models_with(value, attribute):
    """Go through the models in a document as Bokeh writes it that have such an attribute."""
    if isinstance(value, dict):
        if attribute in value.get("attributes", {}):
            yield value
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from models_with(item, attribute)


def _plain(value):
    """Return what Bokeh's way of writing a value stands for."""
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if not isinstance(value, dict):
        return value
    if value.get("type") == "map":
        return {key: _plain(item) for key, item in value.get("entries", [])}
    if value.get("type") == "number":
        return float(value["value"])
    return {key: _plain(item) for key, item in value.items()}


@pytest.fixture
def session():
    """Open sessions; each is closed with the test."""
    opened = []

    def open_session(server, path="/kl", **options):
        opened.append(Session(server, path, **options))
        return opened[-1]

    yield open_session
    for one in opened:
        one.close()
