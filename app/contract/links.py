"""A state in an address: which keys are not part of it, their order, and links to a state."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

if TYPE_CHECKING:
    from .explorer import Explorer, State

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


def linked_state(explorer: type[Explorer], asked: Iterable[tuple[str, str]]) -> State:
    """Return the state that a link's keys lead to, or raise ``ValueError`` in a page's words."""
    state, messages = explorer.apply(explorer.defaults(), in_order(explorer, asked))
    refused = [explorer.phrase(one) for one in messages if one["kind"] == "refused"]
    if refused:
        raise ValueError(" ".join(refused[:3]))  # thousands may be wrong alike
    return state


def state_link(link: Callable[[str], str], slug: str, state: Mapping[str, Any]) -> str:
    """Return the address of an explorer in a state: after # on exported pages, else as a query."""
    address, query = link(slug), urlencode(state, safe=",")
    between = "#" if address.endswith(".html") else "&" if "?" in address else "?"
    return f"{address}{between}{query}" if query else address
