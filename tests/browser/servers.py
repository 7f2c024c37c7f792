"""Programs that run apart from the tests, as a reader runs them: servers, and the export."""

import contextlib
import json
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

from tests.waits import PATIENCE, wait_until

ROOT = Path(__file__).parents[2]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(address, process):
    """Return once the address answers; fail where the process ends or takes too long."""

    def answers():
        assert process.poll() is None, f"the server for {address} ended"
        with contextlib.suppress(OSError), urllib.request.urlopen(address, timeout=PATIENCE):
            return True
        return False

    wait_until(answers, f"an answer at {address}", seconds=2 * PATIENCE)


@contextlib.contextmanager
def serving(log, command, first_page, folder=ROOT):
    """Run a server on a free port, from a folder; yield its address."""
    port = free_port()
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", *command, "--port", str(port)],
            cwd=folder, stdout=out, stderr=subprocess.STDOUT,
        )  # fmt: skip
        try:
            wait_for(f"http://127.0.0.1:{port}{first_page}", process)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(PATIENCE)


EACH_RUN = """
import json, sys
from app.__main__ import main
for arguments in json.loads(sys.argv[1]):
    main(["export", *arguments])
"""


def export(*runs):
    """Run the program as a reader does, apart from the tests: pages grow in a long-lived process.

    All runs share a process, as half of each is spent until the program is there.
    """
    said = json.dumps([list(map(str, arguments)) for arguments in runs])
    subprocess.run(
        [sys.executable, "-c", EACH_RUN, said], check=True, capture_output=True, cwd=ROOT
    )
