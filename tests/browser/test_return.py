"""A live page that loses its connection comes back by itself, in the state that it had."""

import pytest

from app.explorers.kl.explorer import KL
from tests.hosting.conftest import Server

pytestmark = pytest.mark.browser

IS_BACK = "() => !window.lost && document.documentElement.dataset.ready === 'true'"
KEEP_SOCKETS = """
window.sockets = [];
const Own = WebSocket;
window.WebSocket = class extends Own {
  constructor(...asked) { super(...asked); sockets.push(this); }
};
"""


@pytest.fixture
def mortal(tmp_path):
    """Return a function that starts a server where the one before it, if any, has died."""
    servers = []

    def start():
        port = servers[0].port if servers else None
        servers.append(Server(tmp_path / f"{len(servers)}.txt", port=port).ready())
        return servers[-1]

    yield start
    for server in servers:
        if server.process.poll() is None:
            server.end()


def lose(reader):
    """Mark the page as the one that loses its connection; the one that comes back has no mark."""
    reader.page.evaluate("window.lost = true")


def expect_to_come_back(reader, mu):
    """The page is usable again by itself, with its slider where the hand had left it."""
    reader.page.wait_for_function(IS_BACK)
    exact = KL.compute(**{**KL.defaults(), "mu_p": mu}).readouts["kl_pq"]
    reader.shows("kl_pq", exact)
    assert reader.slider("mean μ of P").input_value() == str(mu)
    reader.errors[:] = [text for text in reader.errors if not _is_of_the_loss(text)]


def _is_of_the_loss(text):
    return any(word in text for word in ("WebSocket", "ERR_", "websocket", "Lost"))


def test_after_its_server_was_killed_the_sliders_are_back_with_the_next(mortal, reading):
    server = mortal()
    reader = reading(f"{server.address}/kl")
    reader.type("mean μ of P", "1.5")
    reader.shows("kl_pq", KL.compute(**{**KL.defaults(), "mu_p": 1.5}).readouts["kl_pq"])
    reader.slider("mean μ of P").press("Shift+ArrowRight")
    lose(reader)
    server.process.kill()
    server.process.wait()
    mortal()
    expect_to_come_back(reader, 1.51)


def test_after_a_dropped_socket_the_sliders_are_back(hosted, reading):
    reader = reading(f"{hosted}/kl?theme=dark")
    reader.page.add_init_script(KEEP_SOCKETS)
    reader.page.reload()
    reader.ready()
    reader.type("mean μ of P", "-2.25")
    reader.shows("kl_pq", KL.compute(**{**KL.defaults(), "mu_p": -2.25}).readouts["kl_pq"])
    lose(reader)
    reader.page.evaluate("sockets.forEach((one) => one.close())")
    expect_to_come_back(reader, -2.25)
    assert "theme=dark" in reader.page.url
