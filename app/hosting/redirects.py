"""Links as strangers write them: with a slash too many, or longer than a server can take."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import parse_qsl, urlencode

LONGEST_QUERY = 7000  # bytes; the websocket's request repeats it, on a line of at most 8192
LONGEST_VALUE = 600  # characters; no valid value is longer
LONGEST_KEY = 60


def better_address(path: str, query: bytes, slugs: Iterable[str]) -> str:
    """Return where to go instead: without the slash after a slug, with a query that fits."""
    slug = path.strip("/").rpartition("/")[2]
    fitting = query if len(query) <= LONGEST_QUERY else shortened(query)
    slashed = path.endswith("/") and slug in slugs
    if fitting == query and not slashed:
        return ""
    asked = f"?{fitting.decode('latin-1')}" if fitting or not slashed else ""
    return (f"../{slug}" if slashed else "") + asked


def shortened(query: bytes) -> bytes:
    """Return as many of a query's pairs as fit, values cut to what a message can quote."""
    kept: list[tuple[str, str]] = []
    for key, value in parse_qsl(query.decode("latin-1"), keep_blank_values=True):
        pair = key[:LONGEST_KEY], value if len(value) <= LONGEST_VALUE else value[:LONGEST_KEY]
        if len(urlencode([*kept, pair])) > LONGEST_QUERY:
            break
        kept.append(pair)
    return urlencode(kept).encode()
