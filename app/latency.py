"""Two settings without which a drag lags under ``panel serve``, each hiding behind the other.

Bokeh's Tornado server leaves Nagle's algorithm on: a small patch waits for the acknowledgement of
the one before it, which the browser delays by about 40 ms. And Panel gathers property changes for
50 ms before it handles them. (uvicorn sets TCP_NODELAY by itself.)
"""

from __future__ import annotations

from typing import Any

from bokeh.server.views.ws import WSHandler
from panel.custom import JSComponent


def answer_at_once(component: type[JSComponent]) -> None:
    """Let a component's properties reach Python undelayed and its patches leave undelayed."""
    component._debounce = 0
    if not hasattr(WSHandler, "_opened_before_nodelay"):
        WSHandler._opened_before_nodelay = WSHandler.open
        WSHandler.open = _open_without_delay


def _open_without_delay(handler: WSHandler, *args: Any, **kwargs: Any) -> Any:
    handler.set_nodelay(True)
    return handler._opened_before_nodelay(*args, **kwargs)
