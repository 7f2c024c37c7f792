"""Links as strangers write them: with a slash too many, or longer than a websocket can take."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import parse_qs

from bokeh.util.token import generate_jwt_token, generate_session_id

ANY = b"any"  # key: all sign at the same length
LONGEST_LINE = 8000  # bytes; of a websocket's request each may have 8192


def better_address(path: str, query: bytes, slugs: Iterable[str]) -> str:
    """Return where to go instead, without the slash after a slug; or nothing."""
    slug = path.strip("/").rpartition("/")[2]
    if not path.endswith("/") or slug not in slugs:
        return ""
    return f"../{slug}?{query.decode('latin-1')}".removesuffix("?")


def fits_websocket(path: str, query: bytes) -> bool:
    """Return whether the websocket of a page at such an address can be opened.

    Its request repeats the query, and its token, which holds the query too, but packed: by how much
    depends on what it says.
    """
    asked = f"GET {path}/ws?{query.decode('latin-1')} HTTP/1.1\r\n"
    if len(asked) > LONGEST_LINE:
        return False
    return len(f"Sec-WebSocket-Protocol: bokeh, {token_of(path, query)}\r\n") <= LONGEST_LINE


def token_of(path: str, query: bytes) -> str:
    """Return a token as long as Panel's for a page at such an address."""
    given = parse_qs(query.decode("latin-1"), keep_blank_values=True, encoding="latin-1")
    arguments = {name: [one.encode("latin-1") for one in all_] for name, all_ in given.items()}
    held = {"headers": {}, "cookies": {}, "arguments": arguments, "app_path": path}
    name = generate_session_id(secret_key=ANY, signed=True)
    return generate_jwt_token(name, secret_key=ANY, signed=True, extra_payload=held)
