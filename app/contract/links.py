"""A state in an address: which keys are not part of it, their order, and links to a state."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

if TYPE_CHECKING:
    from .explorer import Explorer

RESERVED = (
    *("explorer", "embed", "theme", "lesson", "hide", "lock", "view", "controls"),
    *("present", "room"),
)


def in_order(explorer: type[Explorer], asked: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return a link's keys in the order in which they build on each other, reserved ones out."""
    known = list(explorer.parameters())
    rank = {name: place for place, name in enumerate(known)}
    pairs = [(key, raw) for key, raw in asked if key not in RESERVED]
    return sorted(pairs, key=lambda pair: rank.get(pair[0], len(known)))


def state_link(link: Callable[[str], str], slug: str, state: Mapping[str, Any]) -> str:
    """Return the address of an explorer in a state: after # on exported pages, else as a query."""
    address, query = link(slug), urlencode(state, safe=",")
    between = "#" if address.endswith(".html") else "&" if "?" in address else "?"
    return f"{address}{between}{query}" if query else address
