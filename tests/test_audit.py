"""``make audit``: it passes where every package was looked up and none has a known hole."""

import json
import os
import subprocess
import sys
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from tests.waits import PATIENCE

ROOT = Path(__file__).parents[1]
HOLE = {"id": "OSV-1", "summary": "a hole", "modified": "2026-01-01T00:00:00Z", "affected": []}


@contextmanager
def service(told):
    """Answer as the service that knows of holes does, on this machine alone."""

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self):
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps(told).encode())

        def log_message(self, *_):
            pass

    with HTTPServer(("127.0.0.1", 0), Answer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def audited(tmp_path, address):
    """Return how the audit of one package ends, and what it says."""
    asked = tmp_path / "asked.txt"
    asked.write_text(f"numpy==2.5.5 --hash=sha256:{'0' * 64}\n")
    of_service = {"PIP_AUDIT_VULNERABILITY_SERVICE": "osv", "PIP_AUDIT_OSV_URL": address}
    done = subprocess.run(
        ["sh", "tools/audit.sh", asked], cwd=ROOT, capture_output=True, text=True,
        env={**os.environ, **of_service, "PYTHON": sys.executable}, timeout=PATIENCE, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("told", "code", "said"),
    [({}, 0, "every package was checked"), ({"vulns": [HOLE]}, 1, "OSV-1")],
)
def test_an_audit_passes_where_it_could_look_and_found_nothing(tmp_path, told, code, said):
    with service(told) as address:
        result, text = audited(tmp_path, address)
    assert (result, said in text) == (code, True), text


def test_an_audit_that_reaches_nobody_fails(tmp_path):
    result, text = audited(tmp_path, "http://127.0.0.1:9")
    assert (result, "nothing was checked" in text) == (1, True), text


def test_what_tests_install_is_audited_too():
    assert "requirements/run.txt requirements/dev.txt" in (ROOT / "tools" / "audit.sh").read_text()
