"""Two processes behind nginx, as the docs have it, while readers drag."""

import contextlib
import os
import shutil
import signal
import subprocess
import urllib.request

import pytest

from tests.hosting.conftest import ROOT, Server, free_port
from tests.waits import PATIENCE, wait_until

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
        with contextlib.suppress(OSError), urllib.request.urlopen(self.address, timeout=9) as told:
            return told.status == 200
        return False


@pytest.fixture
def behind_nginx(tmp_path):
    servers = [Server(tmp_path / f"{n}.txt") for n in range(2)]
    for server in servers:
        server.ready()
    proxy = Proxy(tmp_path, [server.port for server in servers])
    wait_until(proxy.answers, "an answer through nginx")
    yield proxy, servers
    proxy.process.terminate()
    proxy.process.wait(PATIENCE)
    for server in servers:
        if server.process.poll() is None:
            server.end()


def test_behind_nginx_pages_keep_their_process_and_survive_its_death_in_a_drag(
    behind_nginx, reading
):
    proxy, servers = behind_nginx
    readers = [reading(f"{proxy.address}/kl", jar=f"reader {n}") for n in range(3)]
    opened = [pages_of(server) for server in servers]
    readers.insert(0, reading(f"{proxy.address}/kl", jar="the first reader"))
    before = [reader.value("kl_pq") for reader in readers]
    for reader, value in zip(readers, before, strict=True):
        reader.slider("mean μ of P").press("End")
        reader.moves("kl_pq", value)
    reader = readers[0]
    box = reader.slider("mean μ of P").bounding_box()
    middle = box["y"] + box["height"] / 2
    reader.page.mouse.move(box["x"] + box["width"] / 2, middle)
    reader.page.mouse.down()
    reader.page.mouse.move(box["x"] + 0.75 * box["width"], middle, steps=8)
    (own,) = (one for one, before in zip(servers, opened, strict=True) if pages_of(one) > before)
    own.process.send_signal(signal.SIGSTOP)  # this move is one that it no longer answers
    reader.page.mouse.move(box["x"] + 0.6 * box["width"], middle)
    shown = reader.slider("mean μ of P").input_value()
    reader.page.evaluate("window.before = true")
    own.process.kill()
    reader.page.mouse.up()
    reader.page.wait_for_function(
        "() => !window.before && document.documentElement.dataset.ready === 'true'"
    )
    reader.page.wait_for_function(
        "(shown) => document.querySelector('input[type=range]').value === shown", arg=shown
    )
    for one in readers:
        one.errors.clear()  # the browser's own words for a socket that closed


def pages_of(server):
    """Return how often this process made the page."""
    return server.log.read_text().count('"/kl", "status": 200')
