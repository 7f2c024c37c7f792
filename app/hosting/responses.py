"""Answers over HTTP: packed once, never stale, with the headers that keep a page to itself."""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
import re
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

IMMUTABLE = "public, max-age=31536000, immutable"
FOR_AN_HOUR = "public, max-age=3600"
ASK_FIRST = "no-cache"
NEVER_KEPT = "no-store"

CODING = re.compile(r"\s*(gzip|\*)\s*(?:;\s*q=([\d.]+)\s*)?")
SMALL = 1000  # bytes that are not worth packing
PACKED_KINDS = ("text/", "application/javascript", "application/json", "image/svg")
GUARDS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "strict-origin-when-cross-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "cross-origin-opener-policy": "same-origin",
}


@dataclass(frozen=True)
class Packed:
    """A body in memory with its gzip, as it is sent again and again."""

    body: bytes
    zipped: bytes
    kind: str
    cache: str
    digest: str

    def response(self, request: Request) -> Response:
        """Return the answer to a request: not modified, packed, or plain."""
        zipped = bool(self.zipped) and takes_gzip(request.headers.get("accept-encoding", ""))
        tag = f'"{self.digest}{"-gzip" if zipped else ""}"'  # other bytes, another tag
        headers = {"cache-control": self.cache, "etag": tag, "vary": "accept-encoding"}
        if tag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        if zipped:
            headers["content-encoding"] = "gzip"
        return Response(self.zipped if zipped else self.body, media_type=self.kind, headers=headers)


def takes_gzip(accepted: str) -> bool:
    """Return whether a request's ``Accept-Encoding`` names gzip, and not with the weight 0."""
    named = map(CODING.fullmatch, accepted.lower().split(","))
    weights = {one[1]: one[2] is None or bool(one[2].strip("0.")) for one in named if one}
    return weights.get("gzip", weights.get("*", False))


def packed(body: bytes, kind: str, cache: str, effort: int = 9) -> Packed:
    """Pack a body, where it is of a kind and size that gain from it."""
    fit = kind.startswith(PACKED_KINDS) and len(body) > SMALL
    zipped = gzip.compress(body, effort, mtime=0) if fit else b""
    return Packed(body, zipped, kind, cache, hashlib.sha256(body).hexdigest()[:32])


def packed_page(page: str, cache: str, effort: int = 9) -> Packed:
    """Pack a page."""
    return packed(page.encode(), "text/html; charset=utf-8", cache, effort)


def packed_file(name: str, text: str, *, versioned: bool) -> Packed:
    """Pack a file of the exported site."""
    kind = mimetypes.guess_type(name)[0] or "text/plain"
    kind = "application/javascript" if kind == "text/javascript" else kind
    return packed(text.encode(), f"{kind}; charset=utf-8", IMMUTABLE if versioned else ASK_FIRST)


async def collected(application: ASGIApp, scope: Scope) -> tuple[int, str, bytes]:
    """Return the status, kind and body of what an inner application answers."""
    status, kind, body = 500, "", bytearray()

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        nonlocal status, kind
        if message["type"] == "http.response.start":
            status = message["status"]
            kind = dict(message["headers"]).get(b"content-type", b"").decode("latin-1")
        elif message["type"] == "http.response.body":
            body.extend(message.get("body", b""))

    await application(scope, receive, send)
    return status, kind, bytes(body)


class Guards:
    """Adds to every answer the headers that keep a page to itself."""

    def __init__(self, application: ASGIApp, frame_ancestors: str) -> None:
        self._application = application
        self._ancestors = f"frame-ancestors {frame_ancestors}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve, with the headers added."""

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": self._more(message["headers"])}
            await send(message)

        await self._application(scope, receive, guarded if scope["type"] == "http" else send)

    def _more(self, headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
        policies = [value.decode("latin-1") for name, value in headers if _is_policy(name)]
        policy = "; ".join([*policies, self._ancestors])
        added = {**GUARDS, "content-security-policy": policy}
        kept = [pair for pair in headers if not _is_policy(pair[0])]
        return [*kept, *((name.encode(), value.encode()) for name, value in added.items())]


def _is_policy(name: bytes) -> bool:
    return name.lower() == b"content-security-policy"


def policy_of(own: str, forms: str = "'none'") -> str:
    """Return the content policy of a page whose scripts are known by ``own``, hashes or a nonce.

    Its ``forms`` may be sent there.
    Panel imports a component's module from a blob; Bokeh sets styles on elements.
    """
    return (
        f"default-src 'none'; script-src 'self' blob: {own}; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self' blob:; "
        f"base-uri 'none'; form-action {forms}"
    )
