"""What Prometheus is told of this process, on a port of its own."""

from __future__ import annotations

import asyncio
import contextlib
import math
import time
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from socket import AF_INET6
from threading import Thread
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    make_wsgi_app,
)
from starlette.types import Message, Receive, Send

STEPS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)  # seconds
SCRAPE = 1.0  # seconds for which a busy loop is waited for; then the last number counts
SILENCE = 1  # seconds for which a scrape may say nothing
REASONS = ("full", "address", "queue", "left", "draining", "socket")


class Metrics:
    """Numbers of this process; those that are asked for are looked up when Prometheus comes."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self.loop: asyncio.AbstractEventLoop | None = None
        ProcessCollector(registry=self._registry)  # memory, processor, files
        self.drag = Histogram(
            "bitsandnats_drag_seconds", "From a move that was read to its answer, as written.",
            buckets=STEPS, registry=self._registry,
        )  # fmt: skip
        self._refused = Counter(
            "bitsandnats_refused", "Requests that were given no session, or no websocket.",
            ["reason"], registry=self._registry,
        )  # fmt: skip
        for reason in REASONS:
            self._refused.labels(reason)  # it is told as 0 from the start

    def refuse(self, reason: str) -> None:
        """Count a request that got no session."""
        self._refused.labels(reason).inc()

    def tell(self, name: str, what: str, number: Callable[[], float]) -> None:
        """Tell of a number that ``number`` looks up, on the loop alone: Prometheus has a thread."""
        gauge = Gauge(f"bitsandnats_{name}", what, registry=self._registry)
        gauge.set_function(partial(self._asked, number, [math.nan]))

    def _asked(self, number: Callable[[], float], last: list[float]) -> float:
        found: Future[float] = Future()
        with contextlib.suppress(TimeoutError, RuntimeError):  # busy, or ended
            if self.loop:
                self.loop.call_soon_threadsafe(lambda: found.set_result(number()))
                last[0] = found.result(SCRAPE)
        return last[0]

    def serve(self, host: str, port: int) -> None:
        """Answer Prometheus until the process ends, in a thread: also while the loop is busy."""
        kind = _OneByOne6 if ":" in host else _OneByOne
        server = make_server(host, port, make_wsgi_app(self._registry), kind, _Brief)
        Thread(target=server.serve_forever, daemon=True).start()


class _Brief(WSGIRequestHandler):
    """A request that has to come at once."""

    timeout = SILENCE

    def log_message(self, *_: object) -> None:
        """Write nothing down."""


class _OneByOne(WSGIServer):
    """Answers one after the other, so that who says nothing takes one file and no thread."""

    def handle_error(self, *_: object) -> None:
        """Let go who says nothing, or no HTTP."""


class _OneByOne6(_OneByOne):
    address_family = AF_INET6


def timed(receive: Receive, send: Send, drag: Histogram) -> tuple[Receive, Send]:
    """Return a websocket's two ends such that what changes take to be answered is told."""
    begun = 0.0

    async def incoming() -> Message:
        nonlocal begun
        event = await receive()
        if '"changes"' in (event.get("text") or ""):
            begun = time.perf_counter()
        return event

    async def outgoing(event: Message) -> None:
        nonlocal begun
        await send(event)
        if begun and event["type"] == "websocket.send":
            drag.observe(time.perf_counter() - begun)
            begun = 0.0

    return incoming, outgoing
