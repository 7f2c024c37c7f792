"""What a miniature is: a few parameters, one number, and pictures drawn of the result's tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from ...contract.declaration import ROLES, Readout, one_of
from ...contract.explorer import UNITS
from ...contract.parameters import Number, parameter_spec
from ...contract.result import Result

# What a loss is averaged under, with its colour on every page; each has a ``Hint``, its heading.
GROUPS = {"the data": "p", "the model": "q", "pairs": "accent", "no loss": "accent"}
MARKS = ("bars", "line", "dots", "rule", "ring", "words")


@dataclass(frozen=True)
class Scale:
    """An axis: its ends, what stands on it, and whether it goes by powers of ten.

    With ``ticks`` only those numbers are written. A result's range of the picture's name and this
    axis, such as ``"plane.x"``, may ask for more above; the axis then ends on a step of the ladder.
    """

    low: float
    high: float
    words: str = ""
    log: bool = False
    ticks: tuple[float, ...] | None = None


@dataclass(frozen=True)
class Mark:
    """What is drawn of a table: ``bars`` on ``base``, a ``line``, ``dots``, a ``rule``, ….

    ``x`` and ``y`` are columns, or numbers; a rule has one of them, and its ``words`` beside it,
    left or, with ``end``, right. A
    ``ring`` has its radii in the columns ``rx`` and ``ry``; ``words`` stand at their places, from
    the column that ``words`` names. What is Q's is dashed or dotted; so is what is ``faint``.
    """

    kind: str
    table: str
    x: str | float | None = None
    y: str | float | None = None
    role: str = "p"
    base: str | float = 0.0
    width: float = 0.8
    shift: float = 0.0
    words: str = ""
    faint: bool = False
    open: bool = False
    end: bool = False

    def __post_init__(self) -> None:
        """Refuse a word that is misspelt."""
        one_of(self.kind, MARKS, f"a mark of {self.table}")
        one_of(self.role, ROLES, f"the role of a mark of {self.table}")

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the columns of its table that it reads."""
        also = ("rx", "ry") if self.kind == "ring" else ()
        named = (self.words,) if self.kind == "words" else ()
        read = (self.x, self.y, self.base, *also, *named)
        return tuple(one for one in read if isinstance(one, str))


@dataclass(frozen=True)
class Knob:
    """A handle: the first row of ``table`` says where; its place is the value along each axis."""

    table: str
    x: str | float
    y: str | float
    along: Mapping[str, str]
    role: str = "q"

    def __post_init__(self) -> None:
        """Refuse a word that is misspelt."""
        one_of(self.role, ROLES, f"the role of a knob of {self.table}")


@dataclass(frozen=True)
class Plot:
    """A picture by its name in the row; the texts have its ``Caption``, ``Alt`` and the like."""

    name: str
    x: Scale
    y: Scale
    marks: tuple[Mark, ...]
    knobs: tuple[Knob, ...] = ()
    square: bool = False


@dataclass(frozen=True)
class Miniature:
    """A loss to be played with: ``compute`` gives tables and, first of the readouts, its number.

    ``parameters`` are by name, each with a label, bounds, a step and what it is at first.
    """

    parameters: Mapping[str, Number]
    readouts: tuple[Readout, ...]
    plots: tuple[Plot, ...]
    compute: Callable[..., Result]

    def defaults(self) -> dict[str, float]:
        """Return the state that a row opens in."""
        return {name: one.default for name, one in self.parameters.items()}

    def spec(self) -> dict[str, Any]:
        """Return what the page needs to know of it, as JSON-like data."""
        return {
            "parameters": [
                {**parameter_spec(one), "name": name} for name, one in self.parameters.items()
            ],
            "readouts": {
                one.name: {"digits": one.digits, "style": one.style, "noise_of": one.noise_of}
                for one in self.readouts
            },
            "plots": [_lean(one) for one in self.plots],
        }


@dataclass(frozen=True)
class Row:
    """A loss: its formula, what that is, who it is averaged under, and its miniature.

    The texts have its ``Why``, its ``Mistake``, the misunderstanding that it invites, its
    ``Source``, and the ``Words`` that find it beside those that it shows. ``pages`` are the
    chapters that show it whole, each in a state; the first that is there is linked.
    """

    name: str
    method: str
    loss: str
    measure: str
    direction: str
    group: str
    miniature: Miniature
    pages: Mapping[str, Mapping[str, Any]]

    @property
    def role(self) -> str:
        """The colour of what the loss is averaged under."""
        return GROUPS[self.group]

    @property
    def unit(self) -> str:
        """What its numbers are in: bits, nats, both, or nothing where they have no unit."""
        units = dict.fromkeys(one.unit for one in self.miniature.readouts if one.unit in UNITS)
        return " and ".join(units)


def _lean(plot: Plot) -> dict[str, Any]:
    """Return a picture as JSON-like data, less what is as by default."""
    said = asdict(plot)
    usual = {one.name: one.default for one in fields(Mark)}
    said["marks"] = [
        {name: value for name, value in one.items() if value != usual[name]}
        for one in said["marks"]
    ]
    return said
