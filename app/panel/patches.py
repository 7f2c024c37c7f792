"""What is changed inside Bokeh and Panel, so that a drag does not lag.

Each patch first looks up all that it changes and relies on, and fails where that is gone: it is
then left out as a whole, with one line in the log, and the pages work, slower. All but the first
two and the last are the whole process's, not one component's. What each saves of the time from a
move to its answer is what ``python -m bench.requests`` measured with Bokeh 3.10 and Panel 1.10;
with all of them an answer takes 3.9 ms, without any 58 to 61.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import gzip
import logging
from collections.abc import Callable, Iterator
from functools import cache, wraps
from inspect import unwrap
from itertools import groupby
from operator import attrgetter
from pkgutil import resolve_name
from typing import Any
from weakref import WeakSet

from bokeh.document import Document
from bokeh.document.events import DocumentChangedEvent
from panel.custom import JSComponent
from panel.io import hold

Patch = Callable[[type[JSComponent]], None]

LOG = logging.getLogger(__name__)


@cache
def apply_patches(component: type[JSComponent]) -> tuple[str, ...]:
    """Apply, once, every patch that fits; return the names of those that were."""
    return tuple(patch.__name__ for patch in PATCHES if _applied(patch, component))


def _applied(patch: Patch, component: type[JSComponent]) -> bool:
    try:
        patch(component)
    except (AttributeError, ImportError, TypeError) as gone:
        LOG.warning("%s is left out, so pages are slower: %s", patch.__name__, gone)
        return False
    return True


def insides(place: str, *members: str) -> Any:
    """Return a module, or a class as ``module:Class``; fail where it lacks one of the members."""
    found = resolve_name(place)
    for member in members:
        getattr(found, member)
    return found


def answer_at_once(component: type[JSComponent]) -> None:
    """Let a page's requests reach Python undelayed: Panel gathers them for 50 ms.

    Saves 55 of 59 ms, and half of the processor's work.
    Panel would need a public setting of that time for a component (``Syncable._debounce``).
    """
    insides("panel.reactive:Syncable", "_debounce")
    component._debounce = 0


def keep_no_busy_light(component: type[JSComponent]) -> None:
    """Spare Panel's busy indicator, which no page here shows: each request toggles it twice.

    Saves 1.5 of 5.4 ms, under ``panel serve`` 0.7 of 4.7.
    Panel would need to leave alone an indicator that nobody watches (``state._add_busy_event``).
    """
    insides("panel.reactive:Syncable", "_busy__ignore")
    component._busy__ignore = list(component.param)


def stay_on_the_loop(_: type[JSComponent]) -> None:
    """Handle a message where it came in: Bokeh hands it through seven threads in turn.

    They wait for each other; long work runs beside the page anyway. Saves 1.6 of 5.6 ms, and more
    with many readers at once. Outside them Panel would write to the socket itself, past what Bokeh
    has begun to write, and a change may then be lost; so this needs what ``as_one`` needs.
    Bokeh would need an executor that can be chosen (``BokehTornado`` and ``BokehASGI``).
    """
    session = insides("bokeh.server.session", "_run_in_executor")
    server_session = insides("bokeh.server.session:ServerSession", "_run_in_executor")
    document = Document()
    attrgetter("_pending_writes")(server_session("a session to look at", document))
    attrgetter("_held_events")(document.callbacks)
    attrgetter("setter", "callback_invoker")(DocumentChangedEvent(document))
    session._run_in_executor = _run_here
    server_session._run_in_executor = _run_response_here


async def _run_here(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    await asyncio.sleep(0)  # or a client that floods its socket is served before all others
    return function(*args, **kwargs)


async def _run_response_here(_: Any, function: Callable[..., Any], *args: Any) -> Any:
    return function(*args)


def send_few_messages(_: type[JSComponent]) -> None:
    """Let what changes in a row leave as one message, where Bokeh sends one for each change.

    Its arrays travel inside it: Bokeh sends each as two fragments of its own, and a page whose
    hand moves takes every fragment as a task that has to wait for the painting.
    Bokeh would need to serialize patches by connection (``session._serialize_patches``), and to
    let small buffers stay in a message.
    """
    session = insides("bokeh.server.session", "_serialize_patches", "patch_curdoc")
    fields = insides("bokeh.server.session:_PendingPatch").__dataclass_fields__
    if not {"event", "protocol", "connections"} <= set(fields):
        raise AttributeError(f"a patch of Bokeh's is now {', '.join(fields)}")
    message_of = _message_maker()

    def as_few(pending: list[Any]) -> list[tuple[Any, Any]]:
        messages = []
        for connections, patches in groupby(pending, attrgetter("connections")):
            events = [patch.event for patch in patches]
            with session.patch_curdoc(events[0].document):
                message = message_of(events)
                message.prepare()
            messages.append((message, connections))
        return messages

    session._serialize_patches = as_few


def _message_maker() -> Callable[[list[Any]], Any]:
    """Return what Bokeh's ``patch_doc.create`` does, but that buffers are within the content."""
    kind = insides("bokeh.protocol.messages.patch_doc:patch_doc", "create_header")
    serializer_class = insides("bokeh.core.serialization:Serializer", "_encode_bytes", "has_ref")
    attrgetter("synced_references", "flush_synced")(Document().models)

    class WithBuffers(serializer_class):  # type: ignore[misc,valid-type]
        def _encode_bytes(self, obj: bytes | memoryview) -> dict[str, str]:
            stored = gzip.compress(obj, compresslevel=0)  # doubles hardly shrink, and that is slow
            return {"type": "bytes", "data": base64.b64encode(stored).decode("ascii")}

    def message_of(events: list[Any]) -> Any:
        models = events[0].document.models
        serializer = WithBuffers(references=models.synced_references)
        content = {"events": serializer.encode(events)}
        models.flush_synced(lambda model: not serializer.has_ref(model))
        message = kind(kind.create_header(), {}, content)
        message.is_whole = events[0].document in _WHOLE
        return message

    return message_of


_WHOLE: WeakSet[Document] = WeakSet()  # of pages that take a message in one piece


def send_whole(_: type[JSComponent]) -> None:
    """Send a message to a page that has asked for it in one piece, where Bokeh sends three.

    The browser makes each a task of its own, between which it paints.
    ``static/bokeh/whole.js`` takes the pieces apart; errors travel as ever, as hosting hides what
    they tell. Bokeh would need a protocol whose messages are single frames.
    """
    parts = ("header_json", "metadata_json", "content_json")
    message = insides("bokeh.protocol.message:Message", "send", *parts)
    connection = insides("bokeh.server.connection:ServerConnection", "ok", "session")
    send, ok = unwrap(message.send), unwrap(connection.ok)

    @wraps(send)
    async def send_in_one(self: Any, conn: Any) -> Any:
        if not getattr(self, "is_whole", False):
            return await send(self, conn)
        text = "\n".join(getattr(self, part) for part in parts)  # JSON has no line breaks here
        return await conn.write_message(text)

    @wraps(ok)
    def ok_in_one(self: Any, *args: Any) -> Any:
        reply = ok(self, *args)
        reply.is_whole = self.session.document in _WHOLE
        return reply

    message.send, connection.ok = send_in_one, ok_in_one


def take_whole(document: Document) -> None:
    """Note that the page of a document takes messages in one piece."""
    _WHOLE.add(document)


def send_at_once(_: type[JSComponent]) -> None:
    """Set TCP_NODELAY on the websockets of ``panel serve``; uvicorn does that by itself.

    Else a small patch waits for the acknowledgement of the one before it, which the browser
    delays: saves 40 of 44 ms. Bokeh would need ``set_nodelay(True)`` in ``WSHandler.open``.
    """
    handler = insides("bokeh.server.views.ws:WSHandler", "open", "set_nodelay")
    opened = unwrap(handler.open)  # with --dev each session patches anew

    @wraps(opened)
    def open_without_delay(self: Any, *args: Any, **kwargs: Any) -> Any:
        self.set_nodelay(True)
        return opened(self, *args, **kwargs)

    handler.open = open_without_delay


def echo_no_request(component: type[JSComponent]) -> None:
    """Let a page's request stay where it came from: Panel takes it back to its model, unchanged.

    So what Python assigns to ``state`` does not reach the page; nothing here does. Saves 0.6 of
    9.1 ms, under ``panel serve`` nothing that could be measured.
    Panel would need to know a parameter that only the page writes (``Syncable._synced_params``).
    """
    synced: Any = insides("panel.reactive:Syncable", "_link_params", "_init_params")._synced_params
    front: Any = component
    front._synced_params = property(lambda self: [p for p in synced.fget(self) if p != "state"])


PATCHES: tuple[Patch, ...] = (
    answer_at_once, keep_no_busy_light, stay_on_the_loop, send_few_messages, send_whole,
    send_at_once, echo_no_request,
)  # fmt: skip


@contextlib.contextmanager
def as_one(document: Document) -> Iterator[None]:
    """Let the last values of what changes in the body leave together, in order of change.

    Where Bokeh will send what changes, the writing is left to it. Elsewhere (in one of the threads
    of ``panel serve --num-threads``) and where the insides have other names, Panel writes.
    """
    if not _is_locked(document):
        with hold(document):
            yield
        return
    document.hold("combine")
    try:
        yield
    finally:
        for event in document.callbacks._held_events:
            if getattr(event, "setter", None) is None:  # set by Python: Panel has left its setting,
                event.callback_invoker = None  # and would take a late call for the reader's change
        document.unhold()


def _is_locked(document: Document) -> bool:
    """Return whether Bokeh handles a message of this document and will send what changes."""
    served = getattr(document.session_context, "session", None)
    locked = getattr(served, "_pending_writes", None) is not None
    return locked and hasattr(document.callbacks, "_held_events")
