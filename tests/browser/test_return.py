"""A live page that loses its connection comes back by itself, in the state that it had."""

import contextlib
import os
import signal
import time

import pytest
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from app.explorers.kl.explorer import KL
from tests.hosting.conftest import Server

pytestmark = pytest.mark.browser

READY, LOST = "html[data-ready=true]", "html:not([data-ready])"
KEEP_SOCKETS = """
window.sockets = [];
const Own = WebSocket;
window.WebSocket = class extends Own {
  constructor(...asked) { super(...asked); sockets.push(this); }
};
"""


@pytest.fixture
def two_workers(tmp_path):
    server = Server(tmp_path / "log.txt", "--workers", "2").ready()
    yield server
    server.end()


def kill_worker_of(reader, server):
    """Kill one worker; where it was not the page's own, wait for a new one and kill the other."""
    for worker in server.workers():
        os.kill(worker, signal.SIGKILL)
        with contextlib.suppress(PlaywrightTimeout):
            reader.page.wait_for_selector(LOST, timeout=1000, state="attached")
            return
        while len(server.workers()) < 2:
            time.sleep(0.1)
        time.sleep(4)  # the new one starts
    pytest.fail("the page lost no connection")


def expect_to_come_back(reader, mu):
    """The page is usable again within 3 s, with its slider where the hand had left it."""
    reader.page.wait_for_selector(READY, timeout=3000, state="attached")
    exact = KL.compute(**{**KL.defaults(), "mu_p": mu}).readouts["kl_pq"]
    reader.shows("kl_pq", exact)
    assert reader.slider("mean of P").input_value() == str(mu)
    reader.errors[:] = [text for text in reader.errors if not _is_of_the_loss(text)]


def _is_of_the_loss(text):
    return any(word in text for word in ("WebSocket", "ERR_", "websocket", "Lost"))


def test_after_its_worker_was_killed_the_sliders_are_back_within_three_seconds(
    two_workers, reading
):
    reader = reading(f"{two_workers.address}/kl")
    reader.type("mean of P", "1.5")
    reader.shows("kl_pq", KL.compute(**{**KL.defaults(), "mu_p": 1.5}).readouts["kl_pq"])
    reader.slider("mean of P").press("ArrowRight")
    kill_worker_of(reader, two_workers)
    expect_to_come_back(reader, 1.51)


def test_after_a_dropped_socket_the_sliders_are_back_within_three_seconds(hosted, reading):
    reader = reading(f"{hosted}/kl?theme=dark")
    reader.page.add_init_script(KEEP_SOCKETS)
    reader.page.reload()
    reader.ready()
    reader.type("mean of P", "-2.25")
    reader.shows("kl_pq", KL.compute(**{**KL.defaults(), "mu_p": -2.25}).readouts["kl_pq"])
    reader.page.evaluate("sockets.forEach((one) => one.close())")
    reader.page.wait_for_selector(LOST, timeout=1000, state="attached")
    expect_to_come_back(reader, -2.25)
    assert "theme=dark" in reader.page.url
