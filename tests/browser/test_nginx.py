"""Two workers behind nginx, as the docs have it, while readers drag."""

import contextlib
import os
import shutil
import signal
import subprocess
import time
import urllib.request

import pytest

from tests.hosting.conftest import ROOT, Server, free_port

pytestmark = pytest.mark.browser

NGINX = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
CONFIGURATION = ROOT / "docs" / "hosting" / "nginx.conf"


class Proxy:
    """nginx with the documented configuration, on ports of the test's own."""

    def __init__(self, folder, ports):
        self.port = free_port()
        text = CONFIGURATION.read_text().replace("listen 80;", f"listen {self.port};")
        for documented, port in zip(("5006", "5007"), ports, strict=True):
            text = text.replace(f"127.0.0.1:{documented}", f"127.0.0.1:{port}")
        (folder / "site.conf").write_text(text)
        (folder / "nginx.conf").write_text(
            f"pid {folder}/pid; daemon off; error_log {folder}/error.log; events {{}}\n"
            f"http {{ access_log off; client_body_temp_path {folder}/b; proxy_temp_path {folder}/p;"
            f" fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;"
            f" include {folder}/site.conf; }}\n"
        )
        self.process = subprocess.Popen([NGINX, "-p", folder, "-c", folder / "nginx.conf"])
        self.address = f"http://127.0.0.1:{self.port}"

    def answers(self):
        with contextlib.suppress(OSError), urllib.request.urlopen(self.address, timeout=2) as told:
            return told.status == 200
        return False


@pytest.fixture
def behind_nginx(tmp_path):
    servers = [Server(tmp_path / f"{n}.txt") for n in range(2)]
    for server in servers:
        server.ready()
    proxy = Proxy(tmp_path, [server.port for server in servers])
    until = time.monotonic() + 10
    while not proxy.answers():
        assert time.monotonic() < until
        time.sleep(0.1)
    yield proxy, servers
    proxy.process.terminate()
    proxy.process.wait(10)
    for server in servers:
        if server.process.poll() is None:
            server.end()


def test_behind_nginx_pages_keep_their_worker_and_survive_its_death_in_a_drag(
    behind_nginx, reading
):
    proxy, servers = behind_nginx
    readers = [reading(f"{proxy.address}/kl") for _ in range(4)]
    before = [reader.value("kl_pq") for reader in readers]
    for reader, value in zip(readers, before, strict=True):
        reader.slider("mean of P").press("End")
        reader.moves("kl_pq", value)
    reader = readers[0]
    box = reader.slider("mean of P").bounding_box()
    middle = box["y"] + box["height"] / 2
    reader.page.mouse.move(box["x"] + box["width"] / 2, middle)
    reader.page.mouse.down()
    reader.page.mouse.move(box["x"] + 0.75 * box["width"], middle, steps=8)
    shown = _kill_the_one_of(reader, servers)
    reader.page.mouse.up()
    reader.page.wait_for_function(
        "() => !window.before && document.documentElement.dataset.ready === 'true'", timeout=8000
    )
    reader.page.wait_for_function(
        "(shown) => document.querySelector('input[type=range]').value === shown", arg=shown
    )
    for one in readers:
        one.errors.clear()  # the browser's own words for a socket that closed


def _kill_the_one_of(reader, servers):
    """Kill the worker that this page's websocket came to; return where the slider was."""
    opened = [server.log.read_text().count('"/kl", "status": 200') for server in servers]
    assert sum(opened) >= 4
    for server in servers:
        server.process.send_signal(signal.SIGSTOP)
        if not _answers(reader):
            shown = reader.slider("mean of P").input_value()
            reader.page.evaluate("window.before = true")
            server.process.kill()
            return shown
        server.process.send_signal(signal.SIGCONT)
    pytest.fail("neither worker held the page")


def _answers(reader):
    """Return whether the page's numbers still follow its slider."""
    before = None
    while before != (before := reader.value("kl_pq")):  # what was on its way arrives
        reader.page.wait_for_timeout(500)
    reader.page.mouse.move(*_elsewhere(reader))
    until = time.monotonic() + 2
    while reader.value("kl_pq") == before and time.monotonic() < until:
        reader.page.wait_for_timeout(50)
    return reader.value("kl_pq") != before


def _elsewhere(reader):
    box = reader.slider("mean of P").bounding_box()
    now = float(reader.slider("mean of P").input_value())
    place = 0.6 if now > 1 else 0.8
    return box["x"] + place * box["width"], box["y"] + box["height"] / 2
