"""The websockets of live pages: to which session each belongs, and who may open one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from weakref import WeakKeyDictionary

from bokeh.server.session import ServerSession
from bokeh.util.token import check_token_signature, get_session_id
from starlette.types import Receive, Scope, Send

from .metrics import Metrics, timed
from .origins import comes_from
from .websocket_filter import guarded

MOST_SOCKETS = 4  # of one session: its page's, and those that it lost without a farewell
MOST_OPENED = 20  # of one session in its life: each may ask for the whole document
REFUSED = 1008
GONE = 1012  # "service restart": the page asks for a new session


class Sockets:
    """Hands a websocket to Panel if it may come from where it does and its session is here."""

    def __init__(
        self, panel: Any, secret: bytes, origins: Sequence[str], metrics: Metrics, *, named: bool
    ) -> None:
        self._panel, self._secret, self._origins, self._named = panel, secret, origins, named
        self._metrics = metrics
        self._opened: WeakKeyDictionary[ServerSession, int] = WeakKeyDictionary()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a websocket, or close it with a code that its page understands."""
        session = self._session_of(scope)
        if not comes_from(scope, self._origins, named=self._named):
            await _close(receive, send, REFUSED)
        elif session is None or self._opened.get(session, 0) >= MOST_OPENED:
            await _close(receive, send, GONE)
        elif session.connection_count >= MOST_SOCKETS:
            await _close(receive, send, REFUSED)
        else:
            self._opened[session] = self._opened.get(session, 0) + 1
            inbound, outbound = guarded(receive, send, _lookup(session))
            await self._panel(scope, *timed(inbound, outbound, self._metrics.drag))
            return
        self._metrics.refuse("socket")

    def _session_of(self, scope: Scope) -> ServerSession | None:
        """Return the session that a websocket asks for, where this is its own chapter's address.

        At another one Bokeh would build that chapter's document, whatever the cap says.
        """
        context = self._panel.core.applications.get(f"/{scope['path_params']['slug']}")
        name = self._signed_name(scope)
        sessions = context.sessions if context and name else ()
        return next((one for one in sessions if one.id == name), None)

    def _signed_name(self, scope: Scope) -> str:
        """Return the session's name from a token that we signed; nothing else of it is unpacked."""
        try:
            token = scope["subprotocols"][1]
            signed = check_token_signature(token, secret_key=self._secret, signed=True)
            return str(get_session_id(token)) if signed else ""
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
