"""Processes beside the server's own in which long work is done, so that no drag waits for it."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
import time
import traceback
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cached_property
from multiprocessing.connection import Connection
from typing import Any

from ..contract.messages import Refused
from ..contract.work import Order, Steps
from .jobs import PATIENCE, Forget, go_on

IDLE = 60  # seconds after which a process without work ends, and gives its memory back
LONGEST = 600  # seconds that a job may take, as others wait for their turn
NICE = 10  # how far a worker stands back for the process that answers the pages

Work = Callable[[Order], Steps]
Tell = Callable[[Any, bool], None]


class Workers:
    """At most so many jobs at once, each in a process of its own; the others wait in order."""

    def __init__(self, most: int = 1) -> None:
        self.most = most  # until the first job comes
        self._under_way: list[Future[None]] = []
        self._idle: list[_Worker] = []

    @cached_property
    def _threads(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(self.most, thread_name_prefix="work")

    def run(
        self, work: Work, order: Order, wanted: Callable[[], bool], tell: Tell
    ) -> tuple[bool, Forget]:
        """Do a job, for as long as it is wanted.

        Returns whether it has to wait for others, and what forgets it and its file while it waits.
        ``tell`` is called in a thread with each step and whether it is the last one.
        """
        asked = [(work, order, wanted, tell)]
        self._under_way = [one for one in self._under_way if not one.done()]
        future = self._threads.submit(self._do, asked)
        self._under_way.append(future)

        def forget() -> None:
            asked.clear()  # what is cancelled stays in the line until its turn
            future.cancel()

        return len(self._under_way) > self.most, forget

    def _do(self, asked: list[tuple[Work, Order, Callable[[], bool], Tell]]) -> None:
        with contextlib.suppress(IndexError):  # it was forgotten
            work, order, wanted, tell = asked.pop()
            try:
                self._done(work, order, wanted, tell)
            except Exception as error:
                tell(error, True)

    def _done(self, work: Work, order: Order, wanted: Callable[[], bool], tell: Tell) -> None:
        if not wanted():
            return
        worker, is_done = self._given(work, order), False
        try:
            is_done = worker.steps(wanted, tell)
        finally:
            if is_done:
                self._idle.append(worker)
            else:
                worker.kill()

    def _given(self, work: Work, order: Order) -> _Worker:
        """Return a worker that has taken the order: one that stands ready, or a new one."""
        with contextlib.suppress(IndexError):  # none stands ready any more
            while True:
                worker = self._idle.pop()
                with contextlib.suppress(OSError):  # it has ended, having waited for too long
                    worker.take(work, order)
                    return worker
                worker.kill()
        worker = _Worker()
        worker.take(work, order)
        return worker


class _Worker:
    """A process that does one job after another, and the pipe to it.

    It is spawned, as a server's threads do not survive a fork, and spawning needs no file.
    """

    def __init__(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs,), daemon=True)
        self._process.start()
        theirs.close()

    def take(self, work: Work, order: Order) -> None:
        self._pipe.send((work, order))

    def steps(self, wanted: Callable[[], bool], tell: Tell) -> bool:
        """Tell of each step; return whether the job was done to its end."""
        due = time.monotonic() + LONGEST
        while wanted():
            if time.monotonic() > due:
                raise Refused("too_long", most=LONGEST / 60)
            if self._pipe.poll(PATIENCE):
                try:
                    step, over = self._pipe.recv()
                except EOFError:
                    raise RuntimeError("the process of a job has died") from None
                tell(step, over)
                if over:
                    return True
        return False

    def kill(self) -> None:
        self._process.kill()
        self._process.join()
        self._process.close()
        self._pipe.close()


def _serve(pipe: Connection) -> None:
    """Do what comes through the pipe, in a process of its own, until nothing comes any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the server, which ends this
    threading.Thread(target=_end_with_the_server, daemon=True).start()
    if hasattr(os, "nice"):
        os.nice(NICE)
    with contextlib.suppress(EOFError, BrokenPipeError):
        while pipe.poll(IDLE):
            _work(pipe, list(pipe.recv()))


def _work(pipe: Connection, asked: list[Any]) -> None:
    steps, over = _begun(asked), False
    while not over:
        step, over = go_on(steps)
        pipe.send((_sendable(step), over))


def _begun(asked: list[Any]) -> Steps:
    """Do what was asked for, which is kept no longer than the work needs it: it holds a file."""
    order, work = asked.pop(), asked.pop()
    steps = work(order)
    del order
    return (yield from steps)


def _sendable(step: Any) -> Any:
    """Return a step such that the server can read it: an exception as a plain one."""
    if not isinstance(step, Exception) or isinstance(step, Refused):
        return step
    if isinstance(step, ValueError):
        return ValueError(str(step))
    return RuntimeError("".join(traceback.format_exception(step)))


def _end_with_the_server() -> None:
    server = multiprocessing.parent_process()
    if server:
        server.join()
        os._exit(0)
