"""oEmbed: what a blog puts into a post for the bare address of one of our pages (oembed.com)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

LONGEST_URL = 4000  # characters
WIDEST = 740  # px: a post's column
WHOLE, COMPACT = 1000, 440  # px that a page takes in it, as in static/host/attributes.js
LEAST_WIDTH, LEAST_HEIGHT = 280, 300  # px below which no page can be used
OF_FRAMES = ("embed", "theme", "explorer")  # keys of an address that the embed says itself


class Unanswerable(Exception):  # noqa: N818  (said of a request, not of a program)
    """Why a request cannot be answered, with the status that says so."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


def answer(asked: Mapping[str, str], base: str, titles: Mapping[str, str]) -> dict[str, Any]:
    """Return the embed of a page of ours.

    ``base`` is the address of the gallery that the request was sent beside; ``titles`` has each
    chapter that can be embedded, by slug.
    """
    if asked.get("format", "json") != "json":
        raise Unanswerable(501, "format must be json; there is no other")
    slug, state = _page_of(asked.get("url", ""), base, titles)
    width = min(WIDEST, _most(asked, "maxwidth", LEAST_WIDTH))
    room = _most(asked, "maxheight", LEAST_HEIGHT)
    view = state.pop("view", "" if room >= WHOLE else "figure")
    height = int(min(room, COMPACT if view == "figure" else WHOLE))
    query = urlencode({"embed": "1", **({"view": view} if view else {}), **state}, safe=",")
    title = f"{titles[slug]} · Bits & Nats"
    frame = (
        f'<iframe src="{escape(f"{base}pages/{slug}.html#{query}")}" title="{escape(title)}" '
        f'data-bits-and-nats loading="lazy" width="{width:.0f}" height="{height}" '
        'style="border:0;max-width:100%"></iframe>'
    )
    return {
        "version": "1.0", "type": "rich", "title": title, "html": frame,
        "width": int(width), "height": height,
        "provider_name": "Bits & Nats", "provider_url": base,
    }  # fmt: skip


def _page_of(url: str, base: str, slugs: Iterable[str]) -> tuple[str, dict[str, str]]:
    """Return the chapter and the keys of one of our addresses, live or without a server."""
    if not url or len(url) > LONGEST_URL:
        raise Unanswerable(400, f"url must be an address of up to {LONGEST_URL} characters")
    try:
        given, own = urlsplit(url), urlsplit(base)
        ours = given.scheme in ("http", "https") and given.netloc.lower() == own.netloc.lower()
    except ValueError:
        ours = False
    path = unquote(given.path) if ours else ""
    inner = path.removeprefix(own.path).removeprefix("pages/").removesuffix(".html") if ours else ""
    known = [slug for slug in slugs if slug == inner]
    if not ours or not path.startswith(own.path) or not known:
        raise Unanswerable(404, "url is no page of this site that can be embedded")
    state = dict(parse_qsl(given.fragment or given.query))
    return known[0], {key: value for key, value in state.items() if key not in OF_FRAMES}


def _most(asked: Mapping[str, str], name: str, least: int) -> float:
    text = asked.get(name)
    if text is None:
        return float("inf")
    if not (text.isascii() and text.isdecimal() and len(text) < 9):
        raise Unanswerable(400, f"{name} must be a whole number of pixels")
    if int(text) < least:
        raise Unanswerable(404, f"no page can be used in a {name} below {least}")
    return float(text)


def discovery(base: str, page: str) -> str:
    """Return the link by which a blog finds the embed of a page at such an address."""
    asked = f"{base}oembed?format=json&url={quote(page, safe='')}"
    return (
        f'<link rel="alternate" type="application/json+oembed" href="{escape(asked)}" '
        'title="Bits &amp; Nats">'
    )
