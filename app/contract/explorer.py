"""The Explorer contract, and the only wiring there is."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from copy import deepcopy
from typing import Any, ClassVar

import numpy as np
import param
from bokeh.models import ColumnDataSource, Plot

from ..session.jobs import Work
from .declaration import (
    Card,
    Group,
    Passage,
    Picture,
    Player,
    Readout,
    Table,
    Upload,
)
from .parameters import (
    changes_of,
    coerce,
    kind,
    outcome_at,
    parameter_spec,
    sequence_of,
    shown,
)
from .work import File, Steps

PACKED = 64  # entries below which a column travels as text

TOLD = ("readout", "range", "words", "show", "controls")  # of a result, beside its tables
UNITS = {"bits": 2.0, "nats": math.e}

State = dict[str, Any]
Change = tuple[str, object]


def unit_parameter(default: str) -> param.Selector:
    """Return the bits/nats switch that every explorer has."""
    return param.Selector(
        default=default, objects=list(UNITS), label="unit", doc="Unit of every information measure."
    )


class Explorer(param.Parameterized):
    """State, pure ``compute`` and ``move``, and a ``view`` built once; subclasses are declarations.

    A subclass names its parameters (all of them are state, each with bounds, label and doc), its
    texts and its pictures, and defines:

    ``compute(**state)``
        pure and static; returns named tables of columns (a table that it kept from before and
        returns again is not sent again; an image is a column that holds one array), and under
        ``readout`` the numbers, under ``range`` the axis ranges by name, under ``words`` sentences,
        under ``show`` flags, and under ``controls`` what a control shows where that is not the
        parameter's own value.
    ``view(sources)``
        the figures by name, built once a session on one ``ColumnDataSource`` a table.
    ``move(state, name, value, index)``
        optional; the changes to the state when a reader moves ``name`` (its entry ``index``), with
        what the reader should be told under ``note``. Raises ``ValueError`` to refuse.
    ``work(name, given)``
        where there are ``jobs`` (buttons by name), ``uploads``, or ``choices`` (lists to choose
        from, whose options are the words of that name): a generator that runs beside the page,
        given the file or the option, yields ``(fraction, words)`` often, and returns what the
        session shall hold.
    ``results(state)``
        where it holds something: ``compute`` with it; a change puts aside what it ``replaces``.
    """

    slug: ClassVar[str]
    title: ClassVar[str]
    question: ClassVar[str]
    lede: ClassVar[str]
    status: ClassVar[str]
    code: ClassVar[str]
    readouts: ClassVar[tuple[Readout, ...]]
    groups: ClassVar[tuple[Group, ...]]
    pictures: ClassVar[tuple[Picture, ...]]
    tables: ClassVar[tuple[Table, ...]]
    cards: ClassVar[tuple[Card, ...]]
    presets: ClassVar[Mapping[str, State | str]]
    gestures: ClassVar[Mapping[str, str]] = {}
    players: ClassVar[tuple[Player, ...]] = ()
    jobs: ClassVar[Mapping[str, str]] = {}
    choices: ClassVar[Mapping[str, str]] = {}
    uploads: ClassVar[Mapping[str, Upload]] = {}
    passages: ClassVar[tuple[Passage, ...]] = ()
    replaces: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    optional: ClassVar[tuple[str, ...]] = ()

    frame = param.Dict(default={}, precedence=-1, doc="What the page paints: the last result.")
    progress = param.Dict(default={}, precedence=-1, doc="How far jobs and uploads are.")

    def __init__(self, changes: Iterable[Change] = ()) -> None:
        super().__init__()
        self._adopting = False
        self.held: dict[str, Any] = {}
        self.desk = Work(self)
        state, messages = self.apply(self.defaults(), changes)
        self.sources: dict[str, ColumnDataSource] = {}
        self._published: Mapping[str, Any] = {}
        self._adopt(state, messages)
        self.figures: dict[str, Plot] = self.view(self.sources)
        for name, figure in self.figures.items():
            figure.tags = [*figure.tags, f"picture:{name}"]
        self.param.watch(self._follow, list(self.parameters()))

    @classmethod
    def parameters(cls) -> dict[str, param.Parameter]:
        """Return the parameters that are state, in the order in which they were declared."""
        return {
            name: parameter
            for name, parameter in cls.param.objects("existing").items()
            if name not in ("name", "frame", "progress")
        }

    @classmethod
    def defaults(cls) -> State:
        """Return the state that Reset restores."""
        return {name: deepcopy(parameter.default) for name, parameter in cls.parameters().items()}

    @property
    def state(self) -> State:
        """The current value of every parameter."""
        return {name: getattr(self, name) for name in self.parameters()}

    @staticmethod
    def compute(**state: Any) -> dict[str, Any]:
        """Return the tables, readouts, ranges, words and flags of a state."""
        raise NotImplementedError

    @staticmethod
    def view(sources: Mapping[str, ColumnDataSource]) -> dict[str, Plot]:
        """Return the figures by name, drawn from the sources."""
        raise NotImplementedError

    @staticmethod
    def preview() -> str:
        """Return a small drawing of the explorer, as SVG, for the gallery."""
        return ""

    @staticmethod
    def material() -> dict[str, Any]:
        """Return what the twin needs beside the declaration, such as a text to learn from."""
        return {}

    @staticmethod
    def move(state: State, name: str, value: Any, index: int | None) -> State:
        """Return what changes when a reader moves one control: by default that control alone."""
        return {name: value}

    @classmethod
    def apply(cls, state: State, changes: Iterable[Change]) -> tuple[State, list[dict[str, str]]]:
        """Apply untrusted changes one by one; what cannot be applied is refused with a message."""
        messages = []
        for key, raw in changes:
            try:
                moved = cls._moved(state, key, raw)
            except ValueError as error:
                messages.append({"kind": "refused", "key": shown(key)[1:-1], "text": str(error)})
                continue
            note = moved.pop("note", None)
            if note:
                messages.append({"kind": "note", "key": key, "text": note})
            state = {**state, **moved}
        return state, messages

    @classmethod
    def _moved(cls, state: State, key: str, raw: object) -> State:
        name, colon, place = key.partition(":")
        parameter = cls.parameters().get(name)
        if key == "reset":
            return cls.defaults()
        one_of_many = parameter is not None and kind(parameter) == "numbers"
        if name not in cls.gestures and (parameter is None or (colon and not one_of_many)):
            raise ValueError(f"This page has nothing called {shown(key)}.")
        if raw not in (None, "end") and any(name == player.gesture for player in cls.players):
            raise ValueError(
                f"{name} takes one step, or goes to its “end”; {shown(raw)} is neither."
            )
        index = outcome_at(state, name, place) if colon else None
        value = raw if parameter is None or colon else coerce(parameter, raw)
        return cls.move(state, name, value, index)

    def work(self, name: str, given: File | str | None = None) -> Steps:
        """Return the steps of a job, of reading an upload's file, or of taking a choice."""
        raise NotImplementedError

    def results(self, state: State) -> dict[str, Any]:
        """Return what ``compute`` says of a state, and of what this session holds."""
        return self.compute(**state)

    def receive(self, request: Mapping[str, Any]) -> None:
        """Take a request of the page, ``{"seq": n, "changes": [[key, raw], …]}``.

        Beside changes it may ``start`` or ``cancel`` a job, or bring a chunk of an ``upload``.
        """
        changes = changes_of(request)
        beside = isinstance(request, Mapping) and not {"start", "cancel", "upload"}.isdisjoint(
            request
        )
        if changes or not beside:
            self._take(self.state, changes, sequence_of(request))
        if beside:
            self.desk.receive(request, sequence_of(request))

    def finish(self, held: Mapping[str, Any], messages: list[dict[str, str]]) -> None:
        """Hold what a job found, and paint; what fails to compute is not held."""
        self._hold({**self.held, **held}, self.state, messages)

    def _follow(self, *events: param.parameterized.Event) -> None:
        """Take what Python code assigned to parameters the way the page's requests are taken."""
        if self._adopting:
            return
        before = {**self.state, **{event.name: event.old for event in events}}
        messages = self._take(before, [(event.name, event.new) for event in events])
        refused = [message["text"] for message in messages if message["kind"] == "refused"]
        if refused:
            raise ValueError(" ".join(refused))

    def _take(self, before: State, changes: Iterable[Change], seq: Any = None) -> list[Any]:
        """Apply changes, and put aside what this session held in place of what they set."""
        state, messages, held = before, list[Any](), self.held
        for change in changes:
            state, told = self.apply(state, [change])
            messages += told
            if "refused" not in [message["kind"] for message in told]:
                gone = self.replaces.get(change[0], ())
                held = {name: one for name, one in held.items() if name not in gone}
        self._hold(held, state, messages, seq)
        return messages

    def _hold(self, held: Mapping[str, Any], state: State, messages: Any, seq: Any = None) -> None:
        before, self.held = self.held, dict(held)
        try:
            self._adopt(state, messages, seq)
        except Exception:
            self.held = before
            raise

    def _adopt(self, state: State, messages: list[dict[str, str]], seq: object = None) -> None:
        """Compute first, so that a state whose numbers fail is never taken; then publish."""
        result = dict(self.results(state))
        told = {part: deepcopy(result.pop(part, {})) for part in TOLD}
        self._adopting = True
        try:
            self.param.update(**deepcopy(state))
        finally:
            self._adopting = False
        for name, table in result.items():
            if name not in self.sources:
                self.sources[name] = ColumnDataSource(name=name)
            if table is not self._published.get(name):  # the very same table is not sent again
                data = {column: _packed(values) for column, values in table.items()}
                self.sources[name].data = data
        self._published = result
        self.frame = {"seq": seq, "state": deepcopy(state), "messages": messages, **told}
        moved_meanwhile = [(n, value) for n, value in self.state.items() if value != state[n]]
        if moved_meanwhile:  # by somebody else's watcher of a parameter
            self._adopt(*self.apply(state, moved_meanwhile))

    @classmethod
    def spec(cls) -> dict[str, Any]:
        """Return what the front end needs to know of this explorer, as JSON-like data."""
        return {
            "slug": cls.slug,
            "parameters": [parameter_spec(parameter) for parameter in cls.parameters().values()],
            "readouts": {r.name: {"digits": r.digits, "style": r.style} for r in cls.readouts},
            "tables": [_table_spec(table) for table in cls.tables],
            "presets": dict(cls.presets),
            "gestures": list(cls.gestures),
            "players": {player.gesture: player.done for player in cls.players},
            "uploads": {n: [list(u.endings), u.most] for n, u in cls.uploads.items()},
            "status": cls.status,
            "code": cls.code,
        }


def _packed(values: Any) -> Any:
    """Return a column of a session's own, as ``compute`` may give the same one to all.

    Short ones travel inside the message: each array costs two websocket frames of its own.
    """
    if isinstance(values, np.ndarray):
        return values.tolist() if len(values) < PACKED else values.copy()
    return [one.copy() if isinstance(one, np.ndarray) else one for one in values]


def _table_spec(table: Table) -> dict[str, Any]:
    columns = [[column, digits, heading] for column, (heading, digits) in table.columns.items()]
    return {
        "name": table.name, "source": table.source, "columns": columns,
        "totals": table.totals or {}, "live": table.live,
    }  # fmt: skip
