"""What a chapter is: a declaration, pure functions, and a state that is always valid."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Collection, Iterable, Mapping
from copy import deepcopy
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

import param

from .declaration import (
    LADDER,
    ROWS_SHOWN,
    Axis,
    Group,
    Handle,
    Label,
    Passage,
    Picture,
    Player,
    Readout,
    Table,
    Upload,
    one_of,
)
from .links import RESERVED
from .messages import OF_DISTRIBUTIONS, OF_FILES, SENTENCES, Refused, phrased, quotable, refusal
from .parameters import (
    DEEPEST,
    Choice,
    Numbers,
    Reading,
    changes_of,
    coerce,
    disagreement,
    entry,
    outcome_at,
    parameter_spec,
    plain,
)
from .result import Result
from .texts import Texts

if TYPE_CHECKING:
    from .work import Order, Steps

UNITS = {"bits": 2.0, "nats": math.e}
UNIT_SLOTS = {  # what texts show of the unit
    "bits": {"base": "2", "log": "log₂", "per_nat": "/ ln 2", "base_name": "2"},
    "nats": {"base": "math.e", "log": "ln", "per_nat": "", "base_name": "e"},
}

State = dict[str, Any]
Change = tuple[str, object]
Message = dict[str, Any]


def unit_parameter(default: str) -> Choice:
    """Return the bits/nats switch that every explorer has."""
    return Choice(
        default=default, objects=list(UNITS), label="unit", doc="Unit of every information measure."
    )


class Explorer(param.Parameterized):
    """A chapter: its parameters are its state, and everything else is declared or pure.

    ``KL(mu_q=2)`` is one in a state; what a page would refuse is a ``ValueError`` in its words, and
    leaves the state. A list is assigned, not edited: what is done inside one is not looked at. Who
    watches a parameter reads the explorer, as an ``event`` has what was asked for before it was
    rescaled.

    A subclass names its parameters, each with bounds, label and doc, its ``texts``, its pictures,
    tables, readouts and scenes, and defines:

    ``compute(**state)``
        static and pure; returns the ``Result`` that is painted.
    ``figures(sources)``
        static; the Bokeh figures by name, built once a session on one source a table or label.
    ``preview()``
        static; a small drawing for the gallery, as SVG.
    ``move(state, name, value, index)``
        static and pure, where a control is not alone; the changes to the state when a reader moves
        ``name`` (its entry ``index``), with what to tell under ``note``; may raise ``Refused``.
    ``ways``
        other ways to move an entry of a list than by its own key, and that list: such as
        ``division:7`` of a table; ``move`` gets the way as its ``name``.
    ``work(order)``
        static, where there are ``jobs`` (buttons by name), ``uploads``, or ``choices`` (lists whose
        options the result gives): a generator that runs beside the page and returns ``Found``.
        One that ``ends`` names ends the others listed for it when it starts; one in ``at_once``
        is short and waits for no turn.
    ``constants``
        parts of a result (``tables``, ``flags``, …) that no state changes; ``compute`` includes
        them, and its twin gets them from the declaration.
    ``kept``
        parameters that a scene and a task's start leave as they are unless they name them, such as
        a game that a reader plays.
    ``results(state, findings)``
        static, where a session holds something: ``compute`` with it; a change puts aside what it
        ``replaces``.
    """

    compute: ClassVar[Callable[..., Result]]
    figures: ClassVar[Callable[..., dict[str, Any]]]
    preview: ClassVar[Callable[[], str]]
    slug: ClassVar[str]
    texts: ClassVar[Texts]
    title: ClassVar[str]
    question: ClassVar[str]
    lede: ClassVar[str]
    readouts: ClassVar[tuple[Readout, ...]]
    groups: ClassVar[tuple[Group, ...]]
    pictures: ClassVar[tuple[Picture, ...]]
    tables: ClassVar[tuple[Table, ...]]
    presets: ClassVar[Mapping[str, State | str]]
    axes: ClassVar[tuple[Axis, ...]] = ()
    handles: ClassVar[tuple[Handle, ...]] = ()
    labels_drawn: ClassVar[tuple[Label, ...]] = ()
    gestures: ClassVar[Mapping[str, str]] = {}
    ways: ClassVar[Mapping[str, str]] = {}
    players: ClassVar[tuple[Player, ...]] = ()
    jobs: ClassVar[Mapping[str, str]] = {}
    choices: ClassVar[Mapping[str, str]] = {}
    uploads: ClassVar[Mapping[str, Upload]] = {}
    ends: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    at_once: ClassVar[tuple[str, ...]] = ()
    passages: ClassVar[tuple[Passage, ...]] = ()
    replaces: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    optional: ClassVar[tuple[str, ...]] = ()
    kept: ClassVar[tuple[str, ...]] = ()
    constants: ClassVar[Mapping[str, Mapping[str, Any]]] = {}

    def __init_subclass__(cls, **options: Any) -> None:
        """Give a chapter with texts its title, question and lede."""
        super().__init_subclass__(**options)
        if "texts" in vars(cls):
            cls.title = cls.texts.title
            cls.question, cls.lede = cls.texts("Question"), cls.texts("Lede")

    def __init__(self, **values: Any) -> None:
        own = {name: values.pop(name) for name in list(values) if name in self.parameters()}
        super().__init__(**values)
        self.adopt(self._valid(self.defaults(), own))
        self.param.watch(self._settle, list(self.parameters()))

    def __reduce__(self) -> tuple[Callable[[], Explorer], tuple[()]]:
        """Copy and pickle an explorer as its state; what watches it stays behind."""
        return partial(type(self), **self.state), ()

    @classmethod
    def parameters(cls) -> dict[str, param.Parameter]:
        """Return the parameters that are state, in the order in which they were declared."""
        known = cls.param.objects("existing").items()
        return {n: one for n, one in known if n != "name" and not isinstance(one, Reading)}

    @classmethod
    def defaults(cls) -> State:
        """Return the state that Reset restores."""
        return {name: deepcopy(parameter.default) for name, parameter in cls.parameters().items()}

    @property
    def state(self) -> State:
        """The value of every parameter, as it was last found valid."""
        return deepcopy(self._settled)

    @staticmethod
    def material() -> dict[str, Any]:
        """Return what the twin needs beside the declaration, such as a text to learn from."""
        return {}

    @staticmethod
    def move(state: State, name: str, value: Any, index: int | None) -> State:
        """Return what changes when a reader moves one control: by default that control alone."""
        return {name: value}

    @staticmethod
    def entry_name(state: State, name: str, index: int) -> str:
        """Return what a reader calls an entry of a parameter: by default its outcome."""
        return str(state["labels"][index])

    @staticmethod
    def work(order: Order) -> Steps:
        """Return the steps of a job, of reading an upload's file, or of taking a choice."""
        raise NotImplementedError

    @classmethod
    def figures_drawn(cls, sources: Mapping[str, Any]) -> dict[str, Any]:
        """Return the figures, each with its picture's name in a tag, as the page finds it.

        Looks of selected and muted points, which nothing here is, would be half of what is told.
        """
        figures = cls.figures(sources)
        for name, figure in figures.items():
            figure.tags = [*figure.tags, f"picture:{name}"]
        for one in (one for figure in figures.values() for one in figure.renderers):
            if hasattr(one, "muted_glyph"):
                one.nonselection_glyph = one.muted_glyph = "auto"
        return figures

    @classmethod
    def results(cls, state: State, findings: Mapping[str, Any]) -> Result:
        """Return what is painted of a state, and of what a session holds."""
        return cls.compute(**state)

    @classmethod
    def apply(
        cls, state: State, changes: Iterable[Change], fixed: Collection[str] = ()
    ) -> tuple[State, list[Message]]:
        """Apply untrusted changes one by one; what cannot be applied is refused with a message.

        A parameter that is ``fixed`` is moved by a task's start alone.
        """
        messages = []
        for key, raw in changes:
            try:
                moved = cls._kept(state, key, cls._moved(state, key, raw), fixed)
            except Refused as refused:
                messages.append(refusal(key, refused))
                continue
            if remark := moved.pop("note", None):
                messages.append({"kind": "note", "key": key, **remark})
            state = {**state, **moved}
        return state, messages

    @classmethod
    def _moved(cls, state: State, key: str, raw: object) -> State:
        name, colon, place = key.partition(":")
        of = cls.ways.get(name, name) if colon else name
        parameter = cls.parameters().get(of)
        if key == "reset":
            return cls.defaults()
        if key == "task-start":
            return cls._started(state, raw)
        many = isinstance(parameter, Numbers)
        if name not in cls.gestures and (parameter is None or (colon and not many)):
            raise Refused("unknown", raw=quotable(key))
        if raw not in (None, "end") and any(name == player.gesture for player in cls.players):
            raise Refused("not_a_step", name=name, raw=quotable(raw))
        index = outcome_at(state, of, place) if colon else None
        if isinstance(parameter, Numbers) and index is not None:
            value: Any = entry(parameter, raw, cls.entry_name(state, name, index))
        else:
            value = raw if parameter is None else coerce(parameter, raw)
        return dict(cls.move(state, name, value, index))

    @classmethod
    def _started(cls, state: State, raw: object) -> State:
        """Return the state that a link's pairs lead to, as a task's start has them."""
        pairs = [(key, one) for key, one in changes_of({"changes": raw}) if key != "task-start"]
        held = {name: state[name] for name in cls.kept}
        state, messages = cls.apply({**cls.defaults(), **held}, pairs)
        if refused := [one for one in messages if one["kind"] == "refused"]:
            raise Refused(refused[0]["code"], **refused[0]["args"])
        return state

    @classmethod
    def _kept(cls, state: State, key: str, moved: State, fixed: Collection[str]) -> State:
        """Return what moves, less what is fixed where all is reset; else what is fixed refuses.

        Lists are as long as each other, so where one is fixed a reset leaves all.
        """
        if not fixed or key == "task-start":
            return moved
        if key == "reset":
            lists = [name for name, value in state.items() if isinstance(value, list)]
            held = {*fixed, *(() if set(lists).isdisjoint(fixed) else lists)}
            return {name: value for name, value in moved.items() if name not in held}
        for name, parameter in cls.parameters().items():
            if name in fixed and moved.get(name, state[name]) != state[name]:
                raise Refused("fixed", label=parameter.label)
        return moved

    @classmethod
    def phrase(cls, message: Message) -> str:
        """Return a message as its reader sees it."""
        if "text" in message:
            return str(message["text"])
        return phrased(cls.sentences()[message["code"]], message["args"])

    @classmethod
    def sentences(cls) -> dict[str, str]:
        """Return every sentence that a message may have, by code."""
        has_numbers = any(isinstance(one, Numbers) for one in cls.parameters().values())
        of_moves = OF_DISTRIBUTIONS if has_numbers else {}
        of_files = OF_FILES if cls.uploads or cls.jobs or cls.choices else {}
        return SENTENCES | of_moves | of_files | cls.texts.all("Message")

    @classmethod
    def code(cls) -> str:
        """Return the snippet that gives the chapter's number, with its slots."""
        return cls.texts("Code").removeprefix("```python\n").removesuffix("\n```")

    def adopt(self, state: State, again: int = 0) -> None:
        """Take a state that is valid."""
        self._settled, self._settling = deepcopy(state), True
        try:
            self._assign(state)
            now = {name: plain(getattr(self, name)) for name in state}
            late = {name: value for name, value in now.items() if value != state[name]}
            if late and again == DEEPEST:
                raise disagreement(*next(iter(late.items())))
        except Exception:  # of somebody's watchers, who may have set something meanwhile
            with param.discard_events(self):
                self._assign(state)
            raise
        finally:
            self._settling = False
        if late:
            self.adopt(self._valid(state, late), again + 1)

    def _assign(self, state: State) -> None:
        """Give the parameters the values of a valid state; those that have them are left alone."""
        others = {name: value for name, value in state.items() if not self._has(name, value)}
        if others:
            self.param.update(**deepcopy(others))

    def _has(self, name: str, value: Any) -> bool:
        held = getattr(self, name)
        return type(held) is type(value) and bool(held == value)

    def _settle(self, *events: param.parameterized.Event) -> None:
        """Take what Python code assigned the way a page's changes are taken, or raise and undo."""
        if self._settling:
            return
        asked = {event.name: getattr(self, event.name) for event in events}
        try:
            state = self._valid(self.state, asked)
        except ValueError:
            self.take_back()
            raise
        self.adopt(state)

    def take_back(self) -> None:
        """Undo what has been assigned since the last valid state, as in an update that failed."""
        self.adopt(self._settled)

    @classmethod
    def _valid(cls, state: State, values: Mapping[str, Any]) -> State:
        """Return a state with values that Python code gives, or raise ``ValueError``."""
        for name, value in values.items():
            cls.parameters()[name]._validate(value)
        known = [(name, plain(values[name])) for name in cls.parameters() if name in values]
        state, messages = cls.apply(state, known)
        refused = [cls.phrase(one) for one in messages if one["kind"] == "refused"]
        if refused:
            raise ValueError(" ".join(refused))
        for one in messages:  # a page shows these, and code would not be told
            warnings.warn(f"{one['key']}: {cls.phrase(one)}", stacklevel=2)
        return state

    @classmethod
    def check(cls) -> type[Explorer]:
        """Return the chapter, or refuse a name in its declaration that stands for nothing."""
        drawn = [picture.name for picture in cls.pictures]
        moved = {**cls.parameters(), **cls.gestures}
        scenes = [[one] if isinstance(one, str) else list(one) for one in cls.presets.values()]
        for what, named, known in (
            ("control", [n for group in cls.groups for n in group.controls], cls.parameters()),
            (
                "control of a passage",
                [one.control for one in cls.passages if one.control],
                cls.parameters(),
            ),
            ("action", [n for group in cls.groups for n in group.actions], cls.gestures),
            (
                "work",
                [n for group in cls.groups for n in group.work],
                {**cls.jobs, **cls.choices, **cls.uploads},
            ),
            ("picture of a group", [n for group in cls.groups for n in group.pictures], drawn),
            ("parameter of a handle", [n for h in cls.handles for n in h.along.values()], moved),
            ("picture of a handle", [handle.picture for handle in cls.handles], drawn),
            ("way of a handle", [handle.way for handle in cls.handles if handle.way], cls.ways),
            ("list that is moved in another way", cls.ways.values(), cls.parameters()),
            ("optional picture", cls.optional, drawn),
            ("parameter that is kept", cls.kept, cls.parameters()),
            ("player's gesture", [player.gesture for player in cls.players], cls.gestures),
            ("part of a scene", [n for scene in scenes for n in scene], moved),
            ("Alt", cls.texts.all("Alt"), drawn),
            ("Description", cls.texts.all("Description"), drawn),
            ("Caption", cls.texts.all("Caption"), [*drawn, *(one.source for one in cls.passages)]),
            ("Hint", cls.texts.all("Hint"), [group.title for group in cls.groups]),
            ("Needs", cls.texts.all("Needs"), [group.title for group in cls.groups]),
        ):
            for name in named:
                one_of(name, tuple(known), f"{cls.__name__}: the {what}")
        return cls

    @classmethod
    def _plain_constants(cls) -> dict[str, dict[str, Any]]:
        parts = {part: dict(named) for part, named in cls.constants.items()}
        for name, table in parts.get("tables", {}).items():
            parts["tables"][name] = {column: plain(values) for column, values in table.items()}
        return parts

    @classmethod
    def spec(cls) -> dict[str, Any]:
        """Return what the front end needs to know of this explorer, as JSON-like data."""
        return {
            "slug": cls.slug,
            "units": UNITS,
            "unit_slots": UNIT_SLOTS,
            "reserved": RESERVED,
            "ladder": LADDER,
            "rows_shown": ROWS_SHOWN,
            "sentences": cls.sentences(),
            "parameters": [parameter_spec(parameter) for parameter in cls.parameters().values()],
            "readouts": {
                r.name: {"digits": r.digits, "style": r.style, "noise_of": r.noise_of}
                for r in cls.readouts
            },
            "axes": {axis.name: {"below": axis.below, "above": axis.above} for axis in cls.axes},
            "labels": [label.spec() for label in cls.labels_drawn],
            "handles": [handle.spec() for handle in cls.handles],
            "tables": [table.spec() for table in cls.tables],
            "constants": cls._plain_constants(),
            "presets": dict(cls.presets),
            "kept": list(cls.kept),
            "gestures": list(cls.gestures),
            "ways": dict(cls.ways),
            "players": {player.gesture: player.done for player in cls.players},
            "code": cls.code(),
        }
