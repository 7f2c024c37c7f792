"""Whose pages may open a session."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit


def comes_from(scope: Mapping[str, Any], origins: Iterable[str]) -> bool:
    """Return whether the page that opens a websocket is ours, or one of a host that may."""
    headers = dict(scope["headers"])
    if b"origin" not in headers:  # a program, not a page
        return True
    origin = urlsplit(headers[b"origin"].decode("latin-1")).netloc  # of "null", a sandbox's, empty
    own = headers.get(b"host", b"").decode("latin-1")
    return bool(origin) and origin in (own, *origins)
