"""One reader's explorer: its state, its sources, what it holds, and what travels to the page."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from copy import deepcopy
from dataclasses import fields
from functools import cached_property
from typing import Any
from weakref import WeakMethod, finalize

import numpy as np
import param
from bokeh.models import ColumnDataSource

from ..contract.explorer import Change, Explorer, Message, State
from ..contract.parameters import changes_of, earlier_of, fixed_of, sequence_of
from ..contract.result import Result
from ..contract.work import Found
from .jobs import Jobs

PACKED = 64  # entries below which a column travels as text

_SHOWN = [one.name for one in fields(Result) if one.name != "tables"]


class Session(param.Parameterized):
    """An explorer with its figures, for one reader.

    Every change (of a link, a control, a scene, Undo, or of Python code that assigns to a parameter
    of ``explorer``) takes one way: apply, compute, adopt, publish.
    """

    frame = param.Dict(default={}, precedence=-1, doc="What the page paints: the last result.")
    progress = param.Dict(default={}, precedence=-1, doc="How far jobs and uploads are.")

    def __init__(self, explorer: Explorer, changes: Iterable[Change] = ()) -> None:
        super().__init__()
        self.explorer = explorer
        self.findings: dict[str, Any] = {}
        self.jobs = Jobs(self)
        self.tables: Mapping[str, Any] = {}
        self._publishing = False
        self._received = 0
        self._publish(*explorer.apply(explorer.state, changes))
        follow = _while_it_lives(self._follow)
        watcher = explorer.param.watch(follow, list(explorer.parameters()))
        finalize(self, explorer.param.unwatch, watcher)

    @cached_property
    def sources(self) -> dict[str, ColumnDataSource]:
        """The sources of this session's own figures, which are made when first asked for.

        A page needs none: its figures are in the browser, and the columns travel with the frame.
        """
        sources = {
            name: ColumnDataSource(_packed(table), name=name) for name, table in self.tables.items()
        }
        for label in self.explorer.labels_drawn:
            columns: dict[str, Any] = {name: [] for name in label.columns}
            sources[label.name] = ColumnDataSource(columns, name=label.name)
        return sources

    @cached_property
    def figures(self) -> dict[str, Any]:
        """The session's own figures, by name."""
        return self.explorer.figures_drawn(self.sources)

    def receive(self, request: Mapping[str, Any]) -> None:
        """Take a request of the page, ``{"seq": n, "changes": [[key, raw], …]}``.

        Parameters that it names as ``fixed`` keep their values, whatever else the changes do.
        Beside changes it may ``start`` or ``cancel`` a job, or bring a chunk of an ``upload``.
        ``earlier`` are requests that the page has had no answer to: those that did not arrive, as
        of two that wait for a busy process Panel keeps the later one, are taken first; the changes
        of all are computed and painted as one, save that a job starts from what came before it.
        """
        changes: list[tuple[Change, list[str]]] = []
        for one in [*self._missed(request), request]:
            seq, fixed, beside = sequence_of(one), fixed_of(one), _is_beside(one)
            changes += [(change, fixed) for change in changes_of(one)]
            if (changes and beside) or (one is request and not beside):
                self._take(changes, seq)
                changes = []
            if beside:
                self.jobs.receive(one, seq)

    def _missed(self, request: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        """Return the earlier requests that did not arrive, and mark all as received."""
        missed = []
        for one in [*earlier_of(request), request]:
            seq = sequence_of(one) or 0
            if one is not request and seq > self._received:
                missed.append(one)
            self._received = max(self._received, seq)
        return missed

    def finish(self, found: Found, messages: list[Message]) -> None:
        """Add what a job found, and paint; what fails to compute is dropped."""
        state, replies = self.explorer.apply(self.explorer.state, found.changes)
        self._hold({**self.findings, **found.findings}, state, [*messages, *replies])

    def _take(self, changes: Iterable[tuple[Change, Collection[str]]], seq: int | None) -> None:
        """Apply changes, each with what it keeps fixed, and put aside the findings they replace."""
        state, messages, findings = self.explorer.state, list[Message](), self.findings
        for change, fixed in changes:
            state, replies = self.explorer.apply(state, [change], fixed)
            messages += replies
            if "refused" not in [message["kind"] for message in replies]:
                findings = self._without(findings, change[0])
        self._hold(findings, state, messages, seq)

    def _without(self, findings: Mapping[str, Any], key: str) -> dict[str, Any]:
        gone = self.explorer.replaces.get("reset" if key == "task-start" else key, ())
        return {name: one for name, one in findings.items() if name not in gone}

    def _follow(self, *events: param.parameterized.Event) -> None:
        """Paint what Python code assigned; the explorer has seen to it that it is valid."""
        if self._publishing or self.explorer.state == self.frame["state"]:
            return
        findings = self.findings
        for event in events:
            findings = self._without(findings, event.name)
        try:
            self._hold(findings, self.explorer.state, [])
        except Exception:
            self.explorer.adopt(self.frame["state"])
            raise

    def _hold(
        self,
        findings: Mapping[str, Any],
        state: State,
        messages: list[Message],
        seq: int | None = None,
    ) -> None:
        before, self.findings = self.findings, dict(findings)
        try:
            self._publish(state, messages, seq)
        except Exception:
            self.findings = before
            raise
        self.jobs.let_go()

    def _publish(self, state: State, messages: list[Message], seq: int | None = None) -> None:
        """Compute first, so that a state whose numbers fail is never taken; then publish."""
        result = self.explorer.results(state, self.findings)
        self._publishing = True
        try:
            self.explorer.adopt(state)
        finally:
            self._publishing = False
        before, self.tables = self.tables, result.tables
        for name, table in result.tables.items() if "sources" in vars(self) else ():
            if table is not before.get(name):
                self.sources[name].data = _packed(table)
        shown = {name: deepcopy(dict(getattr(result, name))) for name in _SHOWN}
        self.frame = {"seq": seq, "state": deepcopy(state), "messages": messages, **shown}
        now = self.explorer.state
        if now != state:  # somebody's watcher of a parameter set another meanwhile
            self._publish(now, [])


def _while_it_lives(method: Callable[..., None]) -> Callable[..., None]:
    """Return what calls a method and does not keep its object.

    An explorer may have had many sessions, one each time that a notebook has shown it.
    """
    known = WeakMethod(method)

    def follow(*events: param.parameterized.Event) -> None:
        alive = known()
        if alive:
            alive(*events)

    return follow


def _is_beside(request: object) -> bool:
    """Return whether a request brings what is no change of the state."""
    named = {"start", "cancel", "upload"}
    return isinstance(request, Mapping) and not named.isdisjoint(request)


def changed_columns(
    before: Mapping[str, Any], tables: Mapping[str, Any]
) -> dict[str, dict[str, Any]]:
    """Return of each table the columns that are others than before, ready to travel."""
    found = {
        name: {n: column for n, column in table.items() if not _same(column, known.get(n))}
        for name, table in tables.items()
        if table is not (known := before.get(name, {}))
    }
    return {name: _packed(columns) for name, columns in found.items() if columns}


def _same(one: Any, other: Any) -> bool:
    """Return whether two columns hold the same; of other lists than texts only the very same."""
    if one is other:
        return True
    if isinstance(one, list) and isinstance(other, list):
        return all(isinstance(each, str) for each in one) and one == other
    both = isinstance(one, np.ndarray) and isinstance(other, np.ndarray)
    return bool(both and one.dtype == other.dtype != object and one.shape == other.shape
                and one.tobytes() == other.tobytes())  # fmt: skip


def _packed(table: Mapping[str, Any]) -> dict[str, Any]:
    """Return columns of a session's own, as ``compute`` may give the same ones to all.

    Short ones travel as text, which is less than what says that an array follows.
    """
    return {name: _packed_column(values) for name, values in table.items()}


def _packed_column(values: Any) -> Any:
    if isinstance(values, np.ndarray):
        return values.tolist() if len(values) < PACKED else values.copy()
    return [one.copy() if isinstance(one, np.ndarray) else one for one in values]
