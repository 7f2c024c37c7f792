"""How many live sessions one address has."""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Iterator
from ipaddress import IPv6Address, ip_address, ip_network

OF_A_NETWORK = 64  # bits of an IPv6 address; one reader has all that begin with them


class Addresses:
    """From where each live session was asked for, and whether there may be one more."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._of: dict[str, str] = {}  # session: address
        self._opening: set[str] = set()

    def is_full(self, address: str, living: Collection[str]) -> bool:
        """Return whether an address has its share; ``living`` names the sessions that there are."""
        kept = self._opening.union(living)
        self._of = {session: one for session, one in self._of.items() if session in kept}
        return bool(address) and list(self._of.values()).count(address) >= self._most

    @contextlib.contextmanager
    def opening(self, session: str, address: str) -> Iterator[None]:
        """Count a session from the moment on that it is asked for."""
        self._of[session] = address
        self._opening.add(session)
        try:
            yield
        finally:
            self._opening.discard(session)


def network_of(client: str) -> str:
    """Return what is counted as one address, or nothing for this machine's own.

    From there come who runs the server, and a proxy that does not tell for whom it asks.
    """
    try:
        address = ip_address(client)
    except ValueError:
        return client
    if isinstance(address, IPv6Address):
        address = address.ipv4_mapped or address
    if address.is_loopback:
        return ""
    bits = OF_A_NETWORK if isinstance(address, IPv6Address) else 32
    return str(ip_network((address, bits), strict=False))
