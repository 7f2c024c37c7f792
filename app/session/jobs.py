"""Long work and files from the reader: what a session does beside answering its controls.

Work is a generator that yields ``(fraction, words)`` and returns what the session is to hold. Who
runs it is the session's affair: at once in a notebook, beside the event loop on a server.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from ..contract.declaration import Upload
from ..contract.parameters import shown
from ..contract.work import File, Steps
from .uploads import Incoming, announced

PATIENCE = 0.1  # seconds for which work goes on before it lets others speak

Runner = Callable[["Work", str, Steps], None]


class Session(Protocol):
    """What work needs of an explorer's session."""

    jobs: Mapping[str, str]
    choices: Mapping[str, str]
    uploads: Mapping[str, Upload]
    progress: dict[str, Any]

    def work(self, name: str, given: File | str | None) -> Steps:
        """Return the steps of a job, begun with a file, a choice or nothing."""

    def finish(self, held: Mapping[str, Any], messages: list[dict[str, str]]) -> None:
        """Hold what a job found, and paint."""


class Work:
    """The jobs that are under way in one session and the files that arrive, one of each name."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.run: Runner = run_at_once
        self._steps: dict[str, Steps] = {}
        self._incoming: dict[str, Incoming] = {}

    def receive(self, request: Mapping[str, Any], seq: int | None) -> None:
        """Take the part of a page's request that is no change of the state."""
        name = request.get("start")
        given = request.get("given")
        if isinstance(name, str) and name in self.session.jobs:
            self.start(name)
        elif isinstance(name, str) and name in self.session.choices and isinstance(given, str):
            self.start(name, given)
        self.cancel(request.get("cancel"))
        refused = self._take(request.get("upload"))
        self._tell(seq=seq, refused=refused)

    def start(self, name: str, given: File | str | None = None) -> None:
        """Start a job; one of the same name that is under way ends."""
        self.cancel(name)
        steps = self.session.work(name, given)
        self._steps[name] = steps
        self._tell(jobs={name: [0.0, ""]})
        self.run(self, name, steps)

    def cancel(self, name: object) -> None:
        """End a job, or a file's arrival, if it is under way; what the session holds stays."""
        if isinstance(name, str) and (name in self._steps or name in self._incoming):
            self._steps.pop(name, None)
            self._incoming.pop(name, None)
            self._tell()

    def end(self) -> None:
        """End everything: the session is over."""
        self._steps.clear()
        self._incoming.clear()

    def is_under_way(self, name: str, steps: Steps) -> bool:
        """Return whether these steps are still wanted."""
        return self._steps.get(name) is steps

    def report(self, name: str, steps: Steps, told: Any) -> None:
        """Publish a step: how far the job is, or with what it ended."""
        if not self.is_under_way(name, steps):
            return
        if isinstance(told, tuple):
            self._tell(jobs={name: [told[0], told[1]]})
            return
        del self._steps[name]
        self._tell()
        try:
            if isinstance(told, Exception):
                raise told
            self.session.finish(told, [])
        except Exception as error:
            refusal = {"kind": "refused", "key": name, "text": _reason(error)}
            self.session.finish({}, [refusal])

    def _take(self, chunk: object) -> str:
        """Take a chunk of a file; return why not, or nothing."""
        if not isinstance(chunk, Mapping):
            return ""
        name = chunk.get("name")
        if not isinstance(name, str) or name not in self.session.uploads:
            return f"This page takes no file called {shown(name)}."
        try:
            if chunk.get("offset") == 0:
                self._incoming[name] = announced(self.session.uploads[name], chunk)
            if name not in self._incoming:
                return "The file's beginning is missing. Please choose it again."
            self._incoming[name].add(chunk.get("offset"), chunk.get("data"))
        except ValueError as error:
            self._incoming.pop(name, None)
            return str(error)
        arrived = self._incoming[name]
        if len(arrived.data) == arrived.size:
            del self._incoming[name]
            self.start(name, File(arrived.name, bytes(arrived.data)))
        return ""

    def _tell(self, jobs: Mapping[str, Any] | None = None, **more: Any) -> None:
        known = self.session.progress.get("jobs", {})
        under_way = {name: known.get(name, [0.0, ""]) for name in self._steps} | dict(jobs or {})
        arrived = {name: len(file.data) for name, file in self._incoming.items()}
        self.session.progress = {"jobs": under_way, "arrived": arrived, **more}


def go_on(steps: Steps) -> Any:
    """Let work go on for a while; return its last ``(fraction, words)``, or how it ended.

    That is a mapping of what it found, or the exception that ended it.
    """
    until = time.monotonic() + PATIENCE
    try:
        while True:
            told = next(steps)
            if time.monotonic() >= until:
                return told
    except StopIteration as end:
        return end.value or {}
    except Exception as error:
        return error


def run_at_once(work: Work, name: str, steps: Steps) -> None:
    """Run a job to its end, as a notebook wants it."""
    while work.is_under_way(name, steps):
        work.report(name, steps, go_on(steps))


def _reason(error: Exception) -> str:
    """Return why a job failed, for the reader: a ``ValueError`` says so itself."""
    if isinstance(error, ValueError):
        return str(error)
    logging.getLogger(__name__).error("a job failed", exc_info=error)
    return "This could not be computed; what was there before is kept."
