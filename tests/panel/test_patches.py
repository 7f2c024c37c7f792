"""What is changed inside Bokeh and Panel fits them, or is left out as a whole."""

import sys
from types import SimpleNamespace

import pytest
from bokeh.document import Document
from bokeh.models import Slider
from bokeh.protocol.message import Message
from bokeh.server import session
from bokeh.server.connection import ServerConnection
from bokeh.server.session import ServerSession
from bokeh.server.views.ws import WSHandler
from panel.custom import JSComponent
from panel.reactive import Syncable

from app.panel import patches
from app.panel.component import Front, served_pages
from app.panel.patches import PATCHES, apply_patches, as_one

RENAMED = {
    "answer_at_once": (Syncable, "_debounce"),
    "keep_no_busy_light": (Syncable, "_busy__ignore"),
    "stay_on_the_loop": (ServerSession, "_run_in_executor"),
    "send_few_messages": (session, "_serialize_patches"),
    "send_whole": (Message, "send"),
    "send_at_once": (WSHandler, "set_nodelay"),
    "echo_no_request": (Syncable, "_synced_params"),
}


class Component(JSComponent):
    _esm = "export function render() {}"


def inside(component):
    """Return all that a patch could have changed."""
    places = (component, session, ServerSession, ServerConnection, Message, WSHandler)
    return [dict(vars(one)) for one in places]


def test_pages_are_served_with_every_patch():
    served_pages(str)
    assert apply_patches(Front) == tuple(patch.__name__ for patch in PATCHES)
    assert Front._debounce == 0


@pytest.mark.parametrize("patch", PATCHES, ids=lambda patch: patch.__name__)
def test_a_patch_whose_inside_is_renamed_changes_nothing_and_says_so_once(
    patch, monkeypatch, caplog
):
    place, name = RENAMED[patch.__name__]
    if name in vars(place):
        monkeypatch.delattr(place, name)
    else:
        monkeypatch.delattr(next(one for one in place.__mro__ if name in vars(one)), name)
    monkeypatch.setattr(patches, "PATCHES", (patch,))
    before = inside(Component)
    assert apply_patches.__wrapped__(Component) == ()
    assert inside(Component) == before
    assert [record.getMessage().split()[0] for record in caplog.records] == [patch.__name__]


def test_a_patch_whose_module_has_moved_is_left_out(monkeypatch, caplog):
    monkeypatch.setitem(sys.modules, "bokeh.server.views.ws", None)
    monkeypatch.setattr(patches, "PATCHES", (patches.send_at_once,))
    assert apply_patches.__wrapped__(Component) == ()
    assert "send_at_once is left out" in caplog.text


def test_messages_stay_in_threads_where_what_is_held_could_not_be_left_to_bokeh(monkeypatch):
    class Renamed(ServerSession):
        def __init__(self, *args):
            super().__init__(*args)
            del self._pending_writes

    monkeypatch.setattr(session, "ServerSession", Renamed)
    monkeypatch.setattr(session, "_run_in_executor", "as it was")
    with pytest.raises(AttributeError, match="_pending_writes"):
        patches.stay_on_the_loop(Component)
    assert session._run_in_executor == "as it was"


def test_what_changes_together_is_published_under_any_name_of_what_bokeh_holds(monkeypatch):
    document, slider = Document(), Slider(start=0, end=9, value=0)
    document.add_root(slider)
    served = SimpleNamespace(session=SimpleNamespace())
    monkeypatch.setattr(document, "_session_context", lambda: served)
    with as_one(document):
        slider.value = 5
        assert document.callbacks.hold_value == "combine"
    assert document.callbacks.hold_value is None


def test_a_request_is_not_sent_back_to_its_page():
    apply_patches(Front)
    front = Front()
    model = front.get_root(Document())
    front.param.update(state={"seq": 1}, frame={"seq": 1})
    assert model.data.state == {}
    assert model.data.frame == {"seq": 1}
