"""Settings without which a drag lags, each hiding behind the others.

Bokeh's Tornado server leaves Nagle's algorithm on: a small patch waits for the acknowledgement of
the one before it, which the browser delays by about 40 ms. (uvicorn sets TCP_NODELAY by itself.)
Panel gathers property changes for 50 ms before it handles them, and around each it toggles every
parameter of its busy indicator, which no page here shows: a sixth of a step's work. And Bokeh
passes each message through several threads, of which each may wait 5 ms for the interpreter.
"""

from __future__ import annotations

import sys
from typing import Any

from bokeh.server.views.ws import WSHandler
from panel.custom import JSComponent

SWITCH = 0.0005  # seconds that a thread may compute while another waits


def answer_at_once(component: type[JSComponent], *requests: str) -> None:
    """Let a component's properties reach Python undelayed and its patches leave undelayed."""
    component._debounce = 0
    component._busy__ignore = list(requests)
    sys.setswitchinterval(SWITCH)
    if not hasattr(WSHandler, "_opened_before_nodelay"):
        WSHandler._opened_before_nodelay = WSHandler.open
        WSHandler.open = _open_without_delay


def _open_without_delay(handler: WSHandler, *args: Any, **kwargs: Any) -> Any:
    handler.set_nodelay(True)
    return handler._opened_before_nodelay(*args, **kwargs)
