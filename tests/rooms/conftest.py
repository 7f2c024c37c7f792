"""Servers with rooms, each for the tests that leave it as it was."""

import contextlib
import signal
import socket
import subprocess

import pytest

from tests.hosting.conftest import Server, free_port
from tests.rooms.followers import Teacher, ask
from tests.waits import PATIENCE, wait_until


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """One server with rooms, and its numbers for Prometheus."""
    port = free_port()
    log = tmp_path_factory.mktemp("rooms") / "log.txt"
    one = Server(log, "--rooms", "--metrics", str(port)).ready()
    one.metrics = f"http://127.0.0.1:{port}/metrics"
    yield one
    one.end()


@pytest.fixture
def opened(server):
    """Open rooms; each ends with the test."""
    teachers = []

    def begin(**headers):
        teachers.append(Teacher(server, **headers))
        return teachers[-1]

    yield begin
    for one in teachers:
        ask(server, "DELETE", one.path, key=one.key)


class Redis:
    """A Redis of our own, which keeps nothing on disk."""

    def __init__(self, folder):
        self.port = free_port()
        self.address = f"redis://127.0.0.1:{self.port}/0"
        options = ("--port", str(self.port), "--save", "", "--appendonly", "no", "--dir", folder)
        self.process = subprocess.Popen(["redis-server", *options], stdout=subprocess.DEVNULL)
        wait_until(self._answers, "a Redis that answers")

    def _answers(self):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port)):
            return True
        return False

    def pause(self):
        """Answer nobody, as a machine that is cut off."""
        self.process.send_signal(signal.SIGSTOP)

    def resume(self):
        """Answer again."""
        self.process.send_signal(signal.SIGCONT)

    def end(self):
        """End for good."""
        self.resume()
        self.process.kill()
        self.process.wait(PATIENCE)


@pytest.fixture(scope="session")
def redis(tmp_path_factory):
    """One Redis for all tests that share rooms."""
    one = Redis(tmp_path_factory.mktemp("redis"))
    yield one
    one.end()
