"""What must not harm a lecture: ends, deaths, full disks, slow and silent clients."""

import base64
import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request

import pytest
from websockets.exceptions import ConnectionClosed

from tests.hosting.conftest import ROOT, SAID, free_port
from tests.waits import PATIENCE, wait_until


def end_code(page):
    try:
        while True:
            page.socket.recv(PATIENCE)
    except ConnectionClosed as end:
        return end.rcvd.code if end.rcvd else None


def test_sigterm_ends_everything_in_order(start, session):
    server = start()
    pages = [session(server) for _ in range(4)]
    code = server.end()
    assert (code, [end_code(page) for page in pages]) == (0, [1012] * 4)
    assert "Traceback" not in server.log.read_text()


def test_a_silent_or_slow_client_holds_nobody_up(roomy, session):
    server = roomy
    page = session(server)
    calm = page.least_wait()
    silent = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(100)]
    for one in silent:
        one.sendall(b"GET /kl HTTP/1.1\r\nHost: x\r\nX-Slow: ")
    deaf = session(server)
    entries = [["seq", 1], ["changes", [["mu_p", 1.0]]]]
    for _ in range(500):  # answers pile up that it never reads
        deaf.set("state", {"type": "map", "entries": entries})
        entries[1][1][0][1] *= -1
    assert page.least_wait() < 20 * calm
    assert session(server).ask(["mu_p", 2.0])["state"]["mu_p"] == 2.0
    for one in silent:
        one.close()


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
def test_a_full_disk_under_the_log_harms_nobody_and_sigint_ends_it_too(tmp_path):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "app", "serve", "--port", str(port)]
    with open("/dev/full", "w") as full, (tmp_path / "out").open("w") as out:
        process = subprocess.Popen(command, cwd=ROOT, stdout=out, stderr=full)
    try:
        for _ in range(20):
            wait_until(lambda: answers(port), "an answer", seconds=2 * PATIENCE)
    finally:
        process.send_signal(signal.SIGINT)
    assert process.wait(PATIENCE) == 0


def answers(port, path="pages/"):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/{path}", timeout=PATIENCE) as answer:
            return answer.status == 200
    except OSError:
        return False


def scored(page):
    """Bring log-probabilities, which a process of its own reads; return once they are shown."""
    data = base64.b64encode(b"a,-1\nb,-2").decode()
    chunk = {"name": "scores", "file": "mine.csv", "size": 9, "offset": 0, "data": data}
    entries = [list(pair) for pair in chunk.items()]
    upload = ["upload", {"type": "map", "entries": entries}]
    page.set("state", {"type": "map", "entries": [["seq", 1], upload]})
    while "from_file" not in (told := json.dumps(page.reply("PATCH-DOC"))):
        pass
    assert '["from_file", true]' in told


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
def test_a_full_disk_under_its_output_lets_a_server_begin_and_sighup_changes_nothing(tmp_path):
    port = free_port()
    command = [sys.executable, "-m", "app", "serve", "--port", str(port)]
    with open("/dev/full", "w") as full, (tmp_path / "log").open("w") as log:
        process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=full, stderr=log
        )
    try:
        wait_until(lambda: answers(port, "healthz"), "an answer", seconds=2 * PATIENCE)
        process.send_signal(signal.SIGHUP)
        said = tmp_path / "log"
        wait_until(lambda: "SIGHUP changes nothing" in said.read_text(), "a line that says so")
        assert answers(port, "healthz")
    finally:
        process.terminate()
    assert process.wait(PATIENCE) == 0


def test_nothing_is_written_to_disk(start, session):
    """A read-only root: neither a file nor bytecode comes into being beside the program."""
    server = start(PYTHONDONTWRITEBYTECODE="1", HOME="/nonexistent", TMPDIR="/nonexistent")
    session(server).ask(["mu_p", 1.0])
    scored(session(server, "/perplexity"))
    held = [os.readlink(f"/proc/{server.process.pid}/fd/{fd}")
            for fd in os.listdir(f"/proc/{server.process.pid}/fd")]  # fmt: skip
    # the minifier reads from the kernel how many cores it may use
    files = [one for one in held if one.startswith("/") and not one.startswith(("/dev/", "/sys/"))]
    assert files == [str(server.log)] * len(files)
    lines = [one for one in server.log.read_text().splitlines() if not one.startswith(SAID)]
    assert all(json.loads(line)["level"] == "info" for line in lines)
