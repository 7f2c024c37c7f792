"""What Prometheus is told of this process, on a port of its own."""

from __future__ import annotations

import asyncio
import contextlib
import math
import time
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    start_http_server,
)
from starlette.types import Message, Receive, Send

STEPS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)  # seconds
SCRAPE = 1.0  # seconds for which a busy loop is waited for; then the last number counts
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
        start_http_server(port, host, self._registry)


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
