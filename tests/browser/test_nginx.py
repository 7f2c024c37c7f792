"""Two processes behind nginx, as the docs have it, while readers drag."""

import signal

import pytest

from tests.hosting.conftest import Server
from tests.hosting.proxy import Proxy
from tests.waits import PATIENCE, wait_until

pytestmark = pytest.mark.browser


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
