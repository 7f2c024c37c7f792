"""Long work and files from the reader: what a session does beside answering its controls.

Work is a generator that yields ``(fraction, words)`` and returns what the session is to hold. Who
runs it is the session's affair: at once in a notebook, in a process of its own on a server.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from ..contract.messages import Refused, quotable, refusal
from ..contract.work import File, Found, Order, Steps
from .uploads import FILES, Incoming, announced

if TYPE_CHECKING:
    from .session import Session

PATIENCE = 0.1  # seconds for which work goes on before it lets others speak

Forget = Callable[[], None]
# Does what was ordered, and may return what forgets it where it is not wanted any more.
Runner = Callable[["Jobs", str, Order], Forget | None]
# What is as light as its name, and of which one is like another.
LIGHT = (type(None), bool, int, float, str, tuple)


class Jobs:
    """The jobs that are under way in one session and the files that arrive, one of each name."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.run: Runner = run_at_once
        self._orders: dict[str, Order] = {}
        self._forget: dict[str, Forget] = {}
        self._incoming: dict[str, Incoming] = {}
        self._kept: dict[str, tuple[int, Mapping[str, Any]]] = {}  # what was found in each file
        FILES.sessions.add(self)

    def receive(self, request: Mapping[str, Any], seq: int | None) -> None:
        """Take the part of a page's request that is no change of the state."""
        explorer, name, given = self.session.explorer, request.get("start"), request.get("given")
        if isinstance(name, str) and name in explorer.jobs:
            self.start(name)
        elif isinstance(name, str) and name in explorer.choices and isinstance(given, str):
            self.start(name, given)
        self.cancel(request.get("cancel"))
        dropped, refused = self._take(request.get("upload"))
        self._publish(seq=seq, refused=refused, dropped=dropped)

    def start(self, name: str, given: File | str | None = None) -> None:
        """Start a job; one of the same name ends, and each that it ends by its declaration."""
        explorer = self.session.explorer
        before = frozenset(self._orders)
        for other in (name, *explorer.ends.get(name, ())):
            self.cancel(other)
        order = Order(name, given, explorer.state, self.session.findings, before - {name})
        self._orders[name] = order
        self._publish(jobs={name: [0.0, ""]})
        run = run_at_once if name in explorer.at_once else self.run
        forget = run(self, name, order)
        if forget and self.is_under_way(name, order):
            self._forget[name] = forget

    def cancel(self, name: object) -> None:
        """End a job, or a file's arrival, if it is under way; what the session holds stays."""
        if isinstance(name, str) and (name in self._orders or name in self._incoming):
            self._leave(name)
            self._incoming.pop(name, None)
            self._publish()

    def _leave(self, name: str) -> None:
        self._orders.pop(name, None)
        if forget := self._forget.pop(name, None):
            forget()

    def end(self) -> None:
        """End everything: the session is over."""
        for name in tuple(self._orders):
            self._leave(name)
        self._incoming.clear()
        FILES.sessions.discard(self)

    def weight(self) -> int:
        """Return the bytes that this session's files take, what was made of them included."""
        arriving = sum(one.weight for one in self._arriving().values())
        read = sum(
            self.session.explorer.uploads[name].weight * len(order.given.data)
            for name, order in self._orders.items()
            if isinstance(order.given, File)
        )
        return arriving + read + sum(size for size, _ in self._kept.values())

    def let_go(self) -> None:
        """Keep nothing of a file of which the session holds nothing any more."""
        self._kept = {name: one for name, one in self._kept.items() if self._has(one[1])}

    def _arriving(self) -> dict[str, Incoming]:
        """Return the files that are on their way, without those that were given up."""
        self._incoming = {name: one for name, one in self._incoming.items() if not one.stalled}
        return self._incoming

    def _has(self, found: Mapping[str, Any]) -> bool:
        """Return whether the session still holds any of what was found in a file."""
        held = self.session.findings
        return any(held.get(name) is one for name, one in found.items())

    def is_under_way(self, name: str, order: Order) -> bool:
        """Return whether what was ordered is still wanted."""
        return self._orders.get(name) is order

    def report(self, name: str, order: Order, step: Any, over: bool) -> None:
        """Publish a step: how far the job is, what it has found so far, or with what it ended."""
        if not self.is_under_way(name, order):
            return
        if isinstance(step, tuple):
            self._publish(jobs={name: [step[0], step[1]]})
            return
        if over:
            del self._orders[name]
            self._forget.pop(name, None)
            self._publish()
        try:
            if isinstance(step, Exception):
                raise step
            self.session.finish(step, [])
            if isinstance(order.given, File):
                weight = self.session.explorer.uploads[name].weight * len(order.given.data)
                heavy = {n: one for n, one in step.findings.items() if not isinstance(one, LIGHT)}
                self._kept[name] = weight, heavy
        except Exception as error:
            self.session.finish(Found({}), [_reason(name, error)])

    def _take(self, chunk: object) -> tuple[str, dict[str, Any] | None]:
        """Take a chunk of a file; where it is refused, return which one and the reason."""
        if not isinstance(chunk, Mapping):
            return "", None
        name = chunk.get("name")
        try:
            self._add(name, chunk)
        except Refused as refused:
            dropped = name if isinstance(name, str) else ""
            self._incoming.pop(dropped, None)
            return quotable(dropped), refusal("upload", refused)
        return "", None

    def _add(self, name: object, chunk: Mapping[str, Any]) -> None:
        if not isinstance(name, str) or name not in self.session.explorer.uploads:
            raise Refused("no_upload", raw=quotable(name))
        if chunk.get("offset") == 0:
            self._incoming.pop(name, None)
            self._incoming[name] = self._admitted(name, chunk)
        if name not in self._arriving():
            raise Refused("no_beginning")
        arrived = self._incoming[name]
        arrived.add(chunk.get("offset"), chunk.get("data"))
        if len(arrived.data) == arrived.size:
            del self._incoming[name]
            self.start(name, File(arrived.name, bytes(arrived.data)))

    def _admitted(self, name: str, chunk: Mapping[str, Any]) -> Incoming:
        incoming = announced(self.session.explorer.uploads[name], chunk)
        if self._arriving():
            raise Refused("one_file", raw=quotable(incoming.name))
        FILES.admit(incoming)
        return incoming

    def _publish(self, jobs: Mapping[str, Any] | None = None, **more: Any) -> None:
        known = self.session.progress.get("jobs", {})
        under_way = {name: known.get(name, [0.0, ""]) for name in self._orders} | dict(jobs or {})
        arrived = {name: len(file.data) for name, file in self._incoming.items()}
        self.session.progress = {"jobs": under_way, "arrived": arrived, **more}


def go_on(steps: Steps) -> tuple[Any, bool]:
    """Let work go on for a while; return its last step, and whether that is its end.

    A step is ``(fraction, words)``, what it ``Found``, or the exception that ended it.
    """
    until = time.monotonic() + PATIENCE
    try:
        while True:
            step = next(steps)
            if isinstance(step, Found) or time.monotonic() >= until:
                return step, False
    except StopIteration as end:
        return end.value, True
    except Exception as error:
        return error, True


def run_at_once(jobs: Jobs, name: str, order: Order) -> None:
    """Run a job to its end, as a notebook wants it."""
    steps = jobs.session.explorer.work(order)
    while jobs.is_under_way(name, order):
        jobs.report(name, order, *go_on(steps))


def _reason(name: str, error: Exception) -> dict[str, Any]:
    """Return why a job failed, for the reader: a ``ValueError`` says so itself."""
    if isinstance(error, Refused):
        return refusal(name, error)
    if isinstance(error, ValueError):
        return {"kind": "refused", "key": name, "text": str(error)}
    logging.getLogger(__name__).error("a job failed", exc_info=error)
    return refusal(name, Refused("no_result"))
