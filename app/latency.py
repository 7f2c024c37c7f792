"""Settings without which a drag lags, each hiding behind the others.

Bokeh's Tornado server leaves Nagle's algorithm on: a small patch waits for the acknowledgement of
the one before it, which the browser delays by about 40 ms. (uvicorn sets TCP_NODELAY by itself.)
Panel gathers property changes for 50 ms before it handles them, and around each it toggles every
parameter of its busy indicator, which no page here shows. And Bokeh hands each message through
seven threads in turn, which cost more than a move's 3 ms of work and wait for each other; what
takes longer than that runs beside the page anyway (``app.work``).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bokeh.server import session
from bokeh.server.views.ws import WSHandler
from panel.custom import JSComponent


def answer_at_once(component: type[JSComponent], *requests: str) -> None:
    """Let a component's ``requests`` reach Python undelayed and its patches leave undelayed."""
    component._debounce = 0
    component._busy__ignore = list(requests)
    session._run_in_executor = _run_here
    session.ServerSession._run_in_executor = _run_response_here
    if not hasattr(WSHandler, "_opened_before_nodelay"):
        WSHandler._opened_before_nodelay = WSHandler.open
        WSHandler.open = _open_without_delay


async def _run_here(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    return function(*args, **kwargs)


async def _run_response_here(_: Any, function: Callable[..., Any], *args: Any) -> Any:
    return function(*args)


def _open_without_delay(handler: WSHandler, *args: Any, **kwargs: Any) -> Any:
    handler.set_nodelay(True)
    return handler._opened_before_nodelay(*args, **kwargs)
