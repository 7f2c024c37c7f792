import asyncio
import base64
import contextlib
import gzip
import json
import threading
from types import SimpleNamespace

import numpy as np
import pytest
from bokeh.document import Document
from bokeh.models import ColumnDataSource, Plot, Slider
from bokeh.protocol import Protocol
from bokeh.server.session import ServerSession
from hypothesis import given
from hypothesis import strategies as st
from panel.io.state import set_curdoc

from app.explorers.entropy.explorer import Entropy
from app.explorers.kl.explorer import KL
from app.hosting.origins import comes_from
from app.hosting.redirects import LONGEST_QUERY, better_address, shortened
from app.panel.component import Front, Telling, explorer_page, served_pages
from app.panel.patches import as_one
from app.registry import EXPLORERS
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


def opened(explorer):
    """Return the document of a page as a reader opens it."""
    document = Document()
    with set_curdoc(document):
        explorer_page(explorer, str).server_doc(document)
    return document


@pytest.mark.parametrize("explorer", EXPLORERS, ids=lambda one: one.slug)
def test_a_page_is_opened_without_making_a_figure(explorer, monkeypatch):
    first = opened(explorer)  # what all pages of a chapter share is made once
    monkeypatch.setattr(explorer, "figures", None)
    document = opened(explorer)
    assert not [one for one in document.models if isinstance(one, Plot | ColumnDataSource)]
    assert len(list(document.models)) <= 6  # a page's 4, and what Panel brings
    assert document.template_variables["figures"] == first.template_variables["figures"]
    assert not set(document.models) & set(first.models)


def test_a_frame_brings_the_columns_that_are_others_than_before():
    session, front = Session(KL()), Front()
    tell, frames = Telling(session, front, Document()), []
    front.param.watch(lambda event: frames.append(event.new["tables"]), "frame")
    assert {*front.frame["tables"]} == {*session.tables}

    def moves(*changes):
        for change in changes:
            session.receive({"seq": 1, "changes": [change]})

    tell.as_one(lambda: moves(["mu_p", 1.5]))
    assert {*frames[-1]["curves"]} == {*session.tables["curves"]} - {"x", "q"}
    tell.as_one(lambda: moves(["sigma_q", 0.5], ["mu_p", 2.5]))
    assert "q" in frames[-1]["curves"]  # the last of what leaves together has all of it
    for name, column in frames[-1]["curves"].items():
        np.testing.assert_array_equal(column, session.tables["curves"][name])
    tell.as_one(lambda: moves(["mu_p", 2.5]))
    assert frames[-1] == {}


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


def test_the_arrays_of_a_message_travel_inside_it():
    array = np.array([0.0, -0.0, np.inf, np.nan, 5e-324])

    async def message():
        document, source = Document(), ColumnDataSource({"x": []})
        document.add_root(source)
        session = ServerSession("id", document, io_loop=asyncio.get_running_loop())
        page = Page()
        page.send_message = told
        session.subscribe(page)
        document._session_context = lambda: SimpleNamespace(session=session)
        await session.with_document_locked(setattr, source, "data", {"x": array})

    async def told(message):
        messages.append(message)

    messages = []
    run_apart(message())
    assert not messages[0].header.get("num_buffers")
    [[_, column]] = json.loads(messages[0].content_json)["events"][0]["data"]["entries"]
    packed = gzip.decompress(base64.b64decode(column["array"]["data"]))
    assert packed == array.tobytes()


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
