"""Settings without which a drag lags, each hiding behind the others.

Bokeh's Tornado server leaves Nagle's algorithm on: a small patch waits for the acknowledgement of
the one before it, which the browser delays by about 40 ms. (uvicorn sets TCP_NODELAY by itself.)
Panel gathers property changes for 50 ms before it handles them, and around each it toggles every
parameter of its busy indicator, which no page here shows. And Bokeh hands each message through
seven threads in turn, which cost more than a move's 3 ms of work and wait for each other; long
work runs beside the page anyway (``app.work``; a new target of mode fit, 80 ms, is the exception).
Outside those threads Panel would write to the socket itself, past what Bokeh has begun to write,
and a change may then be lost: ``as_one`` leaves the writing to Bokeh.

All but the first two settings are the whole process's, not one component's.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterator
from itertools import groupby
from operator import attrgetter
from typing import Any

from bokeh.document import Document
from bokeh.io.doc import patch_curdoc
from bokeh.server import session
from bokeh.server.views.ws import WSHandler
from panel.custom import JSComponent
from panel.io import hold


def answer_at_once(component: type[JSComponent], *requests: str) -> None:
    """Let a component's ``requests`` reach Python undelayed and its patches leave undelayed."""
    component._debounce = 0
    component._busy__ignore = list(requests)
    session._run_in_executor = _run_here
    session.ServerSession._run_in_executor = _run_response_here
    session._serialize_patches = _as_few_messages
    if not hasattr(WSHandler, "_opened_before_nodelay"):
        WSHandler._opened_before_nodelay = WSHandler.open
        WSHandler.open = _open_without_delay


@contextlib.contextmanager
def as_one(document: Document) -> Iterator[None]:
    """Let the last values of what changes in the body leave as one message, in order of change."""
    if not _is_locked(document):  # in one of the threads of "panel serve --num-threads"
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
    return served is not None and served._pending_writes is not None


def _as_few_messages(pending: list[Any]) -> list[tuple[Any, Any]]:
    """Return patches as messages: those in a row that go to the same connections are one."""
    messages = []
    for connections, patches in groupby(pending, attrgetter("connections")):
        first, *others = patches
        events = [first.event, *(patch.event for patch in others)]
        with patch_curdoc(first.event.document):
            message = first.protocol.create("PATCH-DOC", events)
            message.prepare()
        messages.append((message, connections))
    return messages


async def _run_here(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    await asyncio.sleep(0)  # or a client that floods its socket is served before all others
    return function(*args, **kwargs)


async def _run_response_here(_: Any, function: Callable[..., Any], *args: Any) -> Any:
    return function(*args)


def _open_without_delay(handler: WSHandler, *args: Any, **kwargs: Any) -> Any:
    handler.set_nodelay(True)
    return handler._opened_before_nodelay(*args, **kwargs)
