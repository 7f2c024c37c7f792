import asyncio
import contextlib
import threading
from types import SimpleNamespace

import pytest
from bokeh.document import Document
from bokeh.models import Slider
from bokeh.protocol import Protocol
from bokeh.server.session import ServerSession
from hypothesis import given
from hypothesis import strategies as st

from app.explorers.entropy.explorer import Entropy
from app.explorers.kl.explorer import KL
from app.hosting.origins import comes_from
from app.hosting.redirects import LONGEST_QUERY, better_address, shortened
from app.panel.component import Front, served_pages
from app.panel.patches import as_one
from app.session.session import Session
from tests.loops import run_apart


@pytest.fixture(autouse=True, scope="module")
def patched():
    served_pages(str)


def test_requests_reach_python_without_waiting_to_be_gathered():
    document, waits = Document(), []
    document._session_context = lambda: SimpleNamespace(session=None)
    document.add_timeout_callback = lambda act, wait: waits.append(wait)
    front = Front()
    model = front.get_root(document)
    front._server_change(document, model.ref["id"], None, "state", {}, {"seq": 1})
    assert waits == [0]


def test_a_websocket_of_panel_serve_sends_without_delay():
    from bokeh.server.views.ws import WSHandler

    told = []
    with contextlib.suppress(AttributeError):  # there is no connection
        WSHandler.open(SimpleNamespace(set_nodelay=told.append))
    assert told == [True]


def test_a_move_is_not_handed_from_thread_to_thread():
    async def threads():
        session = ServerSession("id", Document(), io_loop=asyncio.get_running_loop())
        return threading.get_ident(), await session.with_document_locked(threading.get_ident)

    own, used = run_apart(threads())
    assert used == own


class Page:
    """A connection that keeps what it is sent."""

    def __init__(self):
        self.protocol, self.messages = Protocol(), []

    async def send_message(self, message):
        self.messages.append([event["new"] for event in message.content["events"]])


def test_what_changes_together_leaves_as_one_message_and_in_order():
    async def messages():
        document, page = Document(), Page()
        sliders = [Slider(start=0, end=9, value=0) for _ in range(2)]
        for slider in sliders:
            document.add_root(slider)
        session = ServerSession("id", document, io_loop=asyncio.get_running_loop())
        session.subscribe(page)
        document._session_context = lambda: SimpleNamespace(session=session)
        sliders[0].on_change("value", lambda attr, old, new: called_back.append(new))

        def change(*values):
            with as_one(document):
                for number, value in enumerate(values):
                    sliders[number % 2].value = value

        for values in [(1, 2, 3), (4,), (5, 6)]:
            await session.with_document_locked(change, *values)
        return page.messages

    called_back = []
    assert run_apart(messages()) == [[3, 2], [4], [5, 6]]
    assert not called_back  # else Panel takes what Python set for what the reader asked


@given(st.lists(st.tuples(st.text(max_size=900), st.text(max_size=900)), max_size=30))
def test_a_shortened_link_fits_whatever_it_held(pairs):
    from urllib.parse import urlencode

    assert len(shortened(urlencode(pairs).encode())) <= LONGEST_QUERY


def test_a_session_opens_for_its_own_host_and_those_named_only():
    def asked(origin, host="bits.example:80"):
        return {"headers": [(b"host", host.encode()), (b"origin", origin.encode())]}

    assert comes_from(asked("http://bits.example:80"), [])
    assert comes_from(asked("https://proxy.example"), ["proxy.example"])
    for stranger in ("https://stranger.example", "null", "", "file://"):
        assert not comes_from(asked(stranger), ["proxy.example"])


def test_sessions_share_no_value_of_their_state():
    one, other = Entropy(), Entropy()
    one.p[0] = 0.9
    assert other.p == Entropy.defaults()["p"] == [0.5, 0.25, 0.15, 0.1]


def test_what_another_watcher_sets_meanwhile_is_taken_too():
    explorer = KL()
    session = Session(explorer)
    explorer.param.watch(lambda event: setattr(explorer, "mu_q", event.new), "mu_p")
    session.receive({"seq": 1, "changes": [["mu_p", 2.0]]})
    assert session.frame["state"]["mu_q"] == explorer.mu_q == 2.0


def test_a_slash_after_a_slug_leads_to_the_page_with_its_query():
    assert better_address("/kl/", b"mu_p=1", ["kl"]) == "../kl?mu_p=1"
    assert better_address("/kl/", b"", ["kl"]) == "../kl"
    assert better_address("/kl", b"mu_p=1", ["kl"]) == ""
