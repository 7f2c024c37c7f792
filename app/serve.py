"""The hosted application: each explorer at its slug, the gallery at the root."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlencode

import uvicorn
from panel.io.asgi import build_asgi_app

from app.page import gallery_page
from app.served import served_pages

LONGEST_QUERY = 7000  # bytes; the websocket's request repeats it, on a line of at most 8192
LONGEST_VALUE = 100


def hosted_link(slug: str) -> str:
    """Return the address of an explorer beside the others, or of the gallery."""
    return slug or "./"


async def _gallery(request: Any, receive: Any, send: Any, groups: Any) -> None:
    headers = [(b"content-type", b"text/html; charset=utf-8")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": gallery_page(hosted_link).encode()})


def application(origins: list[str]) -> Any:
    """Return the ASGI application; websockets are accepted from ``origins``."""
    panel_application = build_asgi_app(
        served_pages(hosted_link),
        websocket_origin=origins,
        index_enabled=False,
        extra_routes=[(r"^/$", _gallery)],
    )

    async def answer(scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] == "http" and len(scope["query_string"]) > LONGEST_QUERY:
            target = b"?" + shortened(scope["query_string"])
            headers = [(b"location", target), (b"content-length", b"0")]
            await send({"type": "http.response.start", "status": 302, "headers": headers})
            await send({"type": "http.response.body", "body": b""})
        else:
            await panel_application(scope, receive, send)

    return answer


def shortened(query: bytes) -> bytes:
    """Return a query whose keys and values are cut to what a message can quote."""
    pairs = parse_qsl(query.decode("latin-1"), keep_blank_values=True)[:20]
    return urlencode(
        [(key[:LONGEST_VALUE], value[:LONGEST_VALUE]) for key, value in pairs]
    ).encode()


def serve(host: str, port: int) -> None:
    """Serve until interrupted, and say where."""
    origins = [f"{name}:{port}" for name in {host, "localhost", "127.0.0.1"}]
    print(  # noqa: T201 - the address is what a reader of the terminal needs
        f"Bits & Nats is at http://{host}:{port}/ (Ctrl+C ends it)", flush=True
    )
    uvicorn.run(
        application(origins),
        host=host,
        port=port,
        log_level="warning",
        ws_per_message_deflate=False,
    )
