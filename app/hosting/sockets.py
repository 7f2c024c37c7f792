"""The websockets of live pages: to which session each belongs, and who may open one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from bokeh.server.session import ServerSession
from bokeh.util.token import get_session_id
from starlette.types import Receive, Scope, Send

from .metrics import Metrics, timed
from .origins import comes_from
from .websocket_filter import guarded

MOST_SOCKETS = 4  # of one session: its page's, and those that it lost without a farewell
REFUSED = 1008
GONE = 1012  # "service restart": the page asks for a new session


class Sockets:
    """Hands a websocket to Panel if it may come from where it does and its session is here."""

    def __init__(
        self, panel: Any, sessions: Callable[[], list[ServerSession]], origins: Sequence[str],
        metrics: Metrics,
    ) -> None:  # fmt: skip
        self._panel, self._sessions, self._origins = panel, sessions, origins
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a websocket, or close it with a code that its page understands."""
        name = session_of(scope)
        session = next((one for one in self._sessions() if one.id == name), None)
        if not comes_from(scope, self._origins):
            await _close(receive, send, REFUSED)
        elif session is None:
            await _close(receive, send, GONE)
        elif session.connection_count >= MOST_SOCKETS:
            await _close(receive, send, REFUSED)
        else:
            inbound, outbound = guarded(receive, send, _lookup(session))
            await self._panel(scope, *timed(inbound, outbound, self._metrics.drag))
            return
        self._metrics.refuse("socket")


def session_of(scope: Scope) -> str:
    """Return the session that a websocket asks for, or nothing."""
    try:
        return str(get_session_id(scope["subprotocols"][1]))
    except Exception:  # whatever a stranger's token makes Bokeh raise
        return ""


async def _close(receive: Receive, send: Send, code: int) -> None:
    await receive()
    await send({"type": "websocket.close", "code": code})


def _lookup(session: ServerSession) -> Callable[[str, str], bool]:
    """Return what says whether a session's document has a model with an attribute."""

    def has(model: str, attribute: str) -> bool:
        found: Any = session.document.get_model_by_id(model)  # type: ignore[arg-type]  # an ID is a str
        return found is not None and attribute in found.properties()

    return has
