"""By which names this server may be asked, and whose pages may open a session."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

LOOPBACK = ("localhost", "127.0.0.1", "::1")
FOREIGN = "This server does not go by that name. Who runs it can add it with --allowed-hosts.\n"
OF_HEALTH = ("/healthz", "/readyz")  # asked by address, of whatever machine this runs on


def names_of(allowed: str, host: str) -> tuple[str, ...]:
    """Return the names that a server listening on an address goes by; none stands for any.

    On loopback it is for this machine, where a page of a stranger's may have the browser take the
    stranger's own name for this machine (DNS rebinding), and would then count as ours.
    """
    if allowed:
        return () if allowed == "*" else tuple(allowed.lower().split())
    return (*LOOPBACK, host.lower()) if _is_loopback(host) else ()


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def name_asked(scope: Mapping[str, Any]) -> str:
    """Return the host that a request names, without its port."""
    host = dict(scope["headers"]).get(b"host", b"").decode("latin-1")
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


class Named:
    """Serves those who ask by one of our names."""

    def __init__(self, application: ASGIApp, names: Sequence[str]) -> None:
        self._application, self._names = application, names

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve, or refuse in words."""
        asked = scope["type"] in ("http", "websocket") and not scope["path"].endswith(OF_HEALTH)
        if self._names and asked and name_asked(scope) not in self._names:
            await PlainTextResponse(FOREIGN, 400)(scope, receive, send)
        else:
            await self._application(scope, receive, send)


def comes_from(scope: Mapping[str, Any], origins: Iterable[str], *, named: bool) -> bool:
    """Return whether the page that opens a websocket is ours, or one of a host that may.

    A program names no origin; it may where the server's own names are ``named``.
    """
    headers = dict(scope["headers"])
    if b"origin" not in headers:
        return named
    origin = urlsplit(headers[b"origin"].decode("latin-1")).netloc  # of "null", a sandbox's, empty
    own = headers.get(b"host", b"").decode("latin-1")
    return bool(origin) and origin in (own, *origins)
