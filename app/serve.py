"""The hosted application: each explorer at its slug, the gallery at the root."""

from __future__ import annotations

from typing import Any

import uvicorn
from panel.io.asgi import PanelASGI, build_asgi_app

from app.page import gallery_page
from app.served import served_pages


def hosted_link(slug: str) -> str:
    """Return the address of an explorer beside the others, or of the gallery."""
    return slug or "./"


async def _gallery(request: Any, receive: Any, send: Any, groups: Any) -> None:
    headers = [(b"content-type", b"text/html; charset=utf-8")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": gallery_page(hosted_link).encode()})


def application(origins: list[str]) -> PanelASGI:
    """Return the ASGI application; websockets are accepted from ``origins``."""
    return build_asgi_app(
        served_pages(hosted_link),
        websocket_origin=origins,
        index_enabled=False,
        extra_routes=[(r"^/$", _gallery)],
    )


def serve(host: str, port: int) -> None:
    """Serve until interrupted, and say where."""
    origins = [f"{name}:{port}" for name in {host, "localhost", "127.0.0.1"}]
    print(f"Bits & Nats is at http://{host}:{port}/ (Ctrl+C ends it)", flush=True)
    uvicorn.run(application(origins), host=host, port=port, log_level="warning")
