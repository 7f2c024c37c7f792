"""What a student's page shows to answer: that it follows this room, and as which device."""

from __future__ import annotations

import hashlib
import hmac
import secrets

from .room import Room


def new_ticket(room: Room) -> str:
    """Return a ticket for a device that nobody knows yet; it names nothing but chance."""
    device = secrets.token_hex(8)
    return f"{device}.{_signature(room, device)}"


def device_of(room: Room, ticket: object) -> str:
    """Return the device of a ticket that this room gave out, or nothing."""
    if not isinstance(ticket, str) or not ticket.isascii() or len(ticket) > 100:
        return ""
    device, _, signature = ticket.partition(".")
    return device if hmac.compare_digest(signature, _signature(room, device)) else ""


def _signature(room: Room, device: str) -> str:
    """Return what only who keeps the room can write: each room has a secret of its own."""
    told = f"{room.code} {device}".encode()
    return hmac.new(room.secret.encode(), told, hashlib.sha256).hexdigest()[:32]
