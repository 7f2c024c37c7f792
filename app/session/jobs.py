"""Long work and files from the reader: what a session does beside answering its controls.

Work is a generator that yields ``(fraction, words)`` and returns what the session is to hold. Who
runs it is the session's affair: at once in a notebook, beside the event loop on a server.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from ..contract.messages import Refused, quotable, refusal
from ..contract.work import File, Found, Order, Steps
from .uploads import Incoming, announced

if TYPE_CHECKING:
    from .session import Session

PATIENCE = 0.1  # seconds for which work goes on before it lets others speak

Runner = Callable[["Jobs", str, Steps], None]


class Jobs:
    """The jobs that are under way in one session and the files that arrive, one of each name."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.run: Runner = run_at_once
        self._steps: dict[str, Steps] = {}
        self._incoming: dict[str, Incoming] = {}

    def receive(self, request: Mapping[str, Any], seq: int | None) -> None:
        """Take the part of a page's request that is no change of the state."""
        explorer, name, given = self.session.explorer, request.get("start"), request.get("given")
        if isinstance(name, str) and name in explorer.jobs:
            self.start(name)
        elif isinstance(name, str) and name in explorer.choices and isinstance(given, str):
            self.start(name, given)
        self.cancel(request.get("cancel"))
        refused = self._take(request.get("upload"))
        self._publish(seq=seq, refused=refused)

    def start(self, name: str, given: File | str | None = None) -> None:
        """Start a job; one of the same name ends, and each that it ends by its declaration."""
        explorer = self.session.explorer
        before = frozenset(self._steps)
        for other in (name, *explorer.ends.get(name, ())):
            self.cancel(other)
        order = Order(name, given, explorer.state, self.session.findings, before - {name})
        steps = explorer.work(order)
        self._steps[name] = steps
        self._publish(jobs={name: [0.0, ""]})
        self.run(self, name, steps)

    def cancel(self, name: object) -> None:
        """End a job, or a file's arrival, if it is under way; what the session holds stays."""
        if isinstance(name, str) and (name in self._steps or name in self._incoming):
            self._steps.pop(name, None)
            self._incoming.pop(name, None)
            self._publish()

    def end(self) -> None:
        """End everything: the session is over."""
        self._steps.clear()
        self._incoming.clear()

    def is_under_way(self, name: str, steps: Steps) -> bool:
        """Return whether these steps are still wanted."""
        return self._steps.get(name) is steps

    def report(self, name: str, steps: Steps, step: Any, over: bool) -> None:
        """Publish a step: how far the job is, what it has found so far, or with what it ended."""
        if not self.is_under_way(name, steps):
            return
        if isinstance(step, tuple):
            self._publish(jobs={name: [step[0], step[1]]})
            return
        if over:
            del self._steps[name]
            self._publish()
        try:
            if isinstance(step, Exception):
                raise step
            self.session.finish(step, [])
        except Exception as error:
            self.session.finish(Found({}), [_reason(name, error)])

    def _take(self, chunk: object) -> dict[str, Any] | None:
        """Take a chunk of a file; return the message that says why not, or nothing."""
        if not isinstance(chunk, Mapping):
            return None
        name = chunk.get("name")
        try:
            self._add(name, chunk)
        except Refused as refused:
            if isinstance(name, str):
                self._incoming.pop(name, None)
            return refusal("upload", refused)
        return None

    def _add(self, name: object, chunk: Mapping[str, Any]) -> None:
        if not isinstance(name, str) or name not in self.session.explorer.uploads:
            raise Refused("no_upload", raw=quotable(name))
        if chunk.get("offset") == 0:
            self._incoming[name] = announced(self.session.explorer.uploads[name], chunk)
        if name not in self._incoming:
            raise Refused("no_beginning")
        arrived = self._incoming[name]
        arrived.add(chunk.get("offset"), chunk.get("data"))
        if len(arrived.data) == arrived.size:
            del self._incoming[name]
            self.start(name, File(arrived.name, bytes(arrived.data)))

    def _publish(self, jobs: Mapping[str, Any] | None = None, **more: Any) -> None:
        known = self.session.progress.get("jobs", {})
        under_way = {name: known.get(name, [0.0, ""]) for name in self._steps} | dict(jobs or {})
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


def run_at_once(jobs: Jobs, name: str, steps: Steps) -> None:
    """Run a job to its end, as a notebook wants it."""
    while jobs.is_under_way(name, steps):
        jobs.report(name, steps, *go_on(steps))


def _reason(name: str, error: Exception) -> dict[str, Any]:
    """Return why a job failed, for the reader: a ``ValueError`` says so itself."""
    if isinstance(error, Refused):
        return refusal(name, error)
    if isinstance(error, ValueError):
        return {"kind": "refused", "key": name, "text": str(error)}
    logging.getLogger(__name__).error("a job failed", exc_info=error)
    return refusal(name, Refused("no_result"))
