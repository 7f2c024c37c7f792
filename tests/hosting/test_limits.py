"""How much one address may take: of nginx, and of a process behind a proxy that it trusts."""

import asyncio
import collections
import contextlib
import multiprocessing
import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from app.hosting import spare
from app.hosting.addresses import Addresses, network_of
from app.registry import EXPLORERS
from tests.hosting.conftest import Server
from tests.hosting.proxy import Proxy
from tests.hosting.test_addresses import asked
from tests.loops import run_apart
from tests.waits import PATIENCE, wait_until


@pytest.fixture(scope="module")
def limited(tmp_path_factory):
    """A server with room for a few sessions, of which an address may have two."""
    options = ("--sessions", "3", "--address-sessions", "2", "--session-lifetime", "600")
    one = Server(tmp_path_factory.mktemp("limited") / "log.txt", *options).ready()
    yield one
    one.end()


@pytest.fixture
def through(tmp_path):
    """Begin the documented nginx before a server, with other numbers where a test says so."""
    with contextlib.ExitStack() as ends:

        def begin(server, **changed):
            proxy = Proxy(tmp_path, [server.port, server.port], **changed)
            ends.callback(proxy.process.wait, PATIENCE)
            ends.callback(proxy.process.terminate)
            wait_until(proxy.answers, "an answer through nginx")
            return proxy

        yield begin


def opened(server, client):
    """Return whether a client, as a proxy tells of it, gets a live page."""
    return '"token"' in asked(server, "/kl", **{"X-Forwarded-For": client}).text


def test_an_address_has_its_share_of_the_sessions_and_leaves_the_rest(limited):
    assert [opened(limited, "203.0.113.7") for _ in range(4)] == [True, True, False, False]
    assert "All live sessions" in asked(limited, "/kl", **{"X-Forwarded-For": "203.0.113.7"}).text
    assert opened(limited, "198.51.100.1")


@pytest.mark.parametrize(
    ("client", "network"),
    [("127.0.0.1", ""), ("::1", ""), ("::ffff:127.0.0.1", ""), ("", ""),
     ("203.0.113.7", "203.0.113.7/32"), ("::ffff:203.0.113.7", "203.0.113.7/32"),
     ("2001:db8::7", "2001:db8::/64"), ("2001:db8::8:0:0:1", "2001:db8::/64"),
     ("2001:db8:0:1::7", "2001:db8:0:1::/64"), ("unknown", "unknown")],
)  # fmt: skip
def test_what_counts_as_one_address(client, network):
    assert network_of(client) == network


def test_a_session_counts_while_it_is_made_and_while_it_lives():
    one = Addresses(1)
    with one.opening("first", "a"):
        assert one.is_full("a", ())
        assert not one.is_full("b", ())
    assert one.is_full("a", ["first"])
    assert not one.is_full("a", ())


def test_a_hall_of_300_behind_one_address_has_a_page_for_everybody(limited, through):
    """They come within seconds: some get live pages, the others the same without a server."""
    proxy = through(limited)
    with ThreadPoolExecutor(16) as readers:
        answers = list(readers.map(lambda _: asked(proxy, "/kl?mu_p=1"), range(300)))
    statuses = collections.Counter(one.status for one in answers)
    assert set(statuses) == {200, 302}
    assert statuses[200] >= 30
    assert statuses[302] >= 150
    led = {one.getheader("location") for one in answers if one.status == 302}
    assert led == {"/pages/kl.html#mu_p=1"}
    with ThreadPoolExecutor(16) as readers:
        for path in ("/pages/kl.html", "/", "/connections", "/healthz", "/static/js/bokeh.min.js"):
            told = readers.map(lambda _, path=path: asked(proxy, path).status, range(60))
            assert set(told) == {200}


def test_an_address_opens_no_more_websockets_than_its_pages_need(roomy, through):
    token = re.search(r'"token":"([^"]+)"', roomy.text("/kl"))[1]
    proxy = through(roomy, bits_sockets=2)
    address = f"ws://127.0.0.1:{proxy.port}/kl/ws"
    known = {"subprotocols": ["bokeh", token], "origin": proxy.address, "open_timeout": PATIENCE}
    with contextlib.ExitStack() as sockets:
        for _ in range(2):
            sockets.enter_context(connect(address, **known))
        with pytest.raises(InvalidStatus) as refused, connect(address, **known):
            pass
    assert refused.value.response.status_code == 503


def test_spare_pages_are_made_in_another_process_before_they_are_needed(monkeypatch):
    monkeypatch.setattr(spare, "FORESIGHT", 0)
    monkeypatch.delattr(spare, "export_page")  # here; half a second of it stops everybody's drag

    async def act():
        pages = spare.SparePages((), "")
        await pages.foresee()
        while len(pages._held) < len(EXPLORERS):
            await asyncio.sleep(0.05)
        pages.end()
        return [(await pages.page("kl", why)).body.decode() for why in ("full", "left")]

    for page, notice in zip(run_apart(act()), (spare.FULL, spare.BUSY), strict=True):
        assert notice in page


def test_a_process_that_dies_over_spare_pages_harms_nobody(monkeypatch, caplog):
    monkeypatch.setattr(spare, "FORESIGHT", 0)
    before = set(multiprocessing.active_children())

    async def act():
        pages = spare.SparePages((), "")
        await pages.foresee()
        while not (begun := set(multiprocessing.active_children()) - before):
            await asyncio.sleep(0.01)
        begun.pop().kill()
        while not caplog.records:
            await asyncio.sleep(0.01)
        return (await pages.page("kl", "full")).body.decode()

    assert spare.FULL in run_apart(act())
    assert "made when they are needed" in caplog.text
