"""Where pages are, seen from each other."""

from __future__ import annotations

from ..registry import EXPLORERS

PAGES = "pages/"  # of those without a server
ROOMS = "rooms"  # seen from a live page

_SLUGS = {explorer.slug for explorer in EXPLORERS}


def hosted_link(slug: str) -> str:
    """Return the address of an explorer beside the others, or of the gallery."""
    return slug or "./"


def page_link(slug: str) -> str:
    """Return the address of an explorer's page without a server, seen from the gallery."""
    return f"{PAGES}{slug}.html" if slug in _SLUGS else hosted_link(slug)


def live_link(slug: str) -> str:
    """Return the address of a live explorer, seen from the pages without a server."""
    return f"../{slug}"
