"""The hosted application: each explorer at its slug, the gallery at the root."""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import uvicorn
from panel.io.asgi import build_asgi_app

from app.page import CHAPTERS, connections_page, gallery_page
from app.served import served_pages

LONGEST_QUERY = 7000  # bytes; the websocket's request repeats it, on a line of at most 8192
LONGEST_VALUE = 600  # characters; no valid value is longer
LONGEST_KEY = 60


def hosted_link(slug: str) -> str:
    """Return the address of an explorer beside the others, or of the gallery."""
    return slug or "./"


def _plain(page: Callable[..., str]) -> Any:
    """Return what answers with a page that needs no session."""

    async def answer(request: Any, receive: Any, send: Any, groups: Any) -> None:
        headers = [(b"content-type", b"text/html; charset=utf-8")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": page(hosted_link).encode()})

    return answer


def application(origins: list[str]) -> Any:
    """Return the ASGI application; a websocket may come from its own host or from ``origins``."""
    panel_application = build_asgi_app(
        served_pages(hosted_link),
        websocket_origin=["*"],  # stricter here: see comes_from
        index_enabled=False,
        extra_routes=[
            (r"^/$", _plain(gallery_page)),
            (r"^/connections$", _plain(connections_page)),
        ],
    )

    async def answer(scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] == "websocket" and not comes_from(scope, origins):
            await send({"type": "websocket.close", "code": 1008})
        elif scope["type"] == "http" and (elsewhere := better_address(scope)):
            headers = [(b"location", elsewhere)]
            await send({"type": "http.response.start", "status": 302, "headers": headers})
            await send({"type": "http.response.body", "body": b""})
        else:
            await panel_application(scope, receive, send)

    return answer


def better_address(scope: dict[str, Any]) -> bytes:
    """Return where to go instead: without the slash after a slug, with a query that fits."""
    query, slug = scope["query_string"], scope["path"].strip("/")
    fitting = query if len(query) <= LONGEST_QUERY else shortened(query)
    slashed = scope["path"].endswith("/") and slug in {one.slug for one in CHAPTERS}
    if fitting == query and not slashed:
        return b""
    return (f"../{slug}".encode() if slashed else b"") + b"?" + fitting


def comes_from(scope: dict[str, Any], origins: list[str]) -> bool:
    """Return whether the page that opens a websocket is ours, or one of a host that may."""
    headers = dict(scope["headers"])
    origin = urlsplit(headers.get(b"origin", b"").decode("latin-1")).netloc
    return not origin or origin in (headers.get(b"host", b"").decode("latin-1"), *origins)


def shortened(query: bytes) -> bytes:
    """Return as many of a query's pairs as fit, values cut to what a message can quote."""
    kept: list[tuple[str, str]] = []
    for key, value in parse_qsl(query.decode("latin-1"), keep_blank_values=True):
        pair = key[:LONGEST_KEY], value if len(value) <= LONGEST_VALUE else value[:LONGEST_KEY]
        if len(urlencode([*kept, pair])) > LONGEST_QUERY:
            break
        kept.append(pair)
    return urlencode(kept).encode()


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def serve(host: str, port: int, origins: list[str]) -> None:
    """Serve until interrupted, and say where."""
    name = f"[{host}]" if ":" in host else host
    try:
        socket.create_server((host, port), family=_family(host)).close()
    except OSError as error:
        raise SystemExit(f"Cannot listen on {name}:{port}: {error.strerror}.") from error
    print(f"Bits & Nats is at http://{name}:{port}/ (Ctrl+C ends it)", flush=True)  # noqa: T201
    uvicorn.run(
        application(origins), host=host, port=port, log_level="warning",
        ws_per_message_deflate=False,  # doubles hardly shrink, and a frame is 16.7 ms
    )  # fmt: skip
