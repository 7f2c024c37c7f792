"""What comes in by websocket, checked before Bokeh sees it, and what goes out, without insides."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from typing import Any

from starlette.types import Message, Receive, Send

Has = Callable[[str, str], bool]

GEOMETRY = ("inner_width", "inner_height", "outer_width", "outer_height")
LARGEST_WINDOW = 1e5  # pixels
DEEPEST = 12
PULL = "PULL-DOC-REQ"  # once a connection
FRAGMENTS = 3  # header, metadata, content: our pages send no binary buffers
UNFIT = "This message is none that a page of ours sends."
SORRY = "Something went wrong here; this change was not taken."
REASONS = {1002: UNFIT, 1003: UNFIT, 1008: "Not allowed.", 1011: SORRY}


class UnfitError(ValueError):
    """A message that no page of ours sends."""


def guarded(receive: Receive, send: Send, has: Has) -> tuple[Receive, Send]:
    """Return a websocket's two ends such that only fit messages pass, and errors say little.

    ``has(model, attribute)`` says whether the session's document has such a model with it.
    """
    inbound, outbound = _Inbound(receive, send, has), _Outbound(send)
    return inbound.receive, outbound.send


class _Inbound:
    """Collects the fragments of a message and hands them on once the whole is fit."""

    def __init__(self, receive: Receive, send: Send, has: Has) -> None:
        self._receive, self._send, self._has = receive, send, has
        self._fit: list[str] = []
        self._under_way: list[str] = []
        self._has_document = False

    async def receive(self) -> Message:
        while not self._fit:
            event = await self._receive()
            if event["type"] != "websocket.receive":
                return event
            try:
                self._collect(event)
            except UnfitError:
                await self._send({"type": "websocket.close", "code": 1008, "reason": UNFIT})
                return {"type": "websocket.disconnect", "code": 1008}
        return {"type": "websocket.receive", "text": self._fit.pop(0)}

    def _collect(self, event: Message) -> None:
        text = event.get("text")
        if text is None:
            raise UnfitError
        self._under_way.append(text)
        if len(self._under_way) == FRAGMENTS:
            self._fit, self._under_way = fit_message(self._under_way, self._has), []
            self._let_pull_once()

    def _let_pull_once(self) -> None:
        """Refuse a second request for the whole document, which takes a page's time to write."""
        if self._fit[0].endswith(f'"{PULL}"}}'):
            if self._has_document:
                raise UnfitError
            self._has_document = True


class _Outbound:
    """Passes everything but the insides of errors."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._to_error = 0  # fragments until the content of an error message

    async def send(self, event: Message) -> None:
        if event["type"] == "websocket.close" and event.get("reason"):
            event = {**event, "reason": REASONS.get(event.get("code", 1000), "")}
        elif event["type"] == "websocket.send" and event.get("text") is not None:
            event = self._without_insides(event)
        await self._send(event)

    def _without_insides(self, event: Message) -> Message:
        if self._to_error:
            self._to_error -= 1
            if not self._to_error:
                return {**event, "text": json.dumps({"text": SORRY, "traceback": None})}
        elif event["text"].startswith('{"msgid"') and '"msgtype": "ERROR"' in event["text"]:
            self._to_error = FRAGMENTS - 1
        return event


def fit_message(fragments: list[str], has: Has) -> list[str]:
    """Return a message's fragments with those events alone that our pages send.

    Raises ``UnfitError`` where it is no message of Bokeh's protocol, or of another kind.
    """
    header, _, content = (_json_object(fragment) for fragment in fragments)
    kind = header.get("msgtype")
    if not isinstance(header.get("msgid"), str) or "num_buffers" in header:
        raise UnfitError
    if kind == PULL:
        return [json.dumps({"msgid": header["msgid"], "msgtype": kind}), "{}", "{}"]
    events = content.get("events")
    if kind != "PATCH-DOC" or not isinstance(events, list):
        raise UnfitError
    fit = [event for event in events if _is_fit(event, has)]
    return [
        json.dumps({"msgid": header["msgid"], "msgtype": kind}),
        "{}",
        json.dumps({"events": fit}),
    ]


def _json_object(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise UnfitError from error
    if not isinstance(value, dict):
        raise UnfitError
    return value


def _refuse(_: str) -> None:
    raise UnfitError  # NaN and Infinity are no JSON


def _is_fit(event: object, has: Has) -> bool:
    """Return whether an event is a page's request, the size of a figure, or "page ready"."""
    if not isinstance(event, dict):
        return False
    if event.get("kind") == "MessageSent":
        ready = {"type": "event", "name": "document_ready", "values": {"type": "map"}}
        return event.get("msg_type") == "bokeh_event" and event.get("msg_data") == ready
    model, attr, new = event.get("model"), event.get("attr"), event.get("new")
    if event.get("kind") != "ModelChanged" or not isinstance(model, dict):
        return False
    if not _is_reference(model) or attr not in (*GEOMETRY, "state") or not has(model["id"], attr):
        return False
    if attr in GEOMETRY:
        return isinstance(new, int | float) and 0 <= new <= LARGEST_WINDOW
    return isinstance(new, dict) and new.get("type") == "map" and _is_plain(new)


def _is_reference(model: dict[str, Any]) -> bool:
    return set(model) == {"id"} and isinstance(model["id"], str)


def _is_plain(value: object, depth: int = 0) -> bool:
    """Return whether Bokeh's way of writing a value describes numbers, texts, lists and maps."""
    if depth > DEEPEST:
        return False
    if isinstance(value, list):
        return all(_is_plain(item, depth + 1) for item in value)
    if not isinstance(value, dict):
        return not isinstance(value, float) or math.isfinite(value)
    if value.get("type") == "number":
        return value.get("value") in ("nan", "+inf", "-inf")
    return (
        value.get("type") == "map"
        and set(value) <= {"type", "entries"}
        and all(_is_pair(entry, depth) for entry in _entries(value))
    )


def _entries(value: dict[str, Any]) -> list[Any]:
    entries = value.get("entries", [])
    return entries if isinstance(entries, list) else [None]


def _is_pair(entry: object, depth: int) -> bool:
    return (
        isinstance(entry, list)
        and len(entry) == 2
        and isinstance(entry[0], str)
        and _is_plain(entry[1], depth + 1)
    )
