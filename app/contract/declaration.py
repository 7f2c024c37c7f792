"""What an explorer declares, beside its parameters and functions: said once, read by every page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

LADDER = (1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0)  # steps, times a power of ten
ROWS_SHOWN = 41  # of a table on a page; the file has them all

ROLES = ("p", "q", "accent", "ink", "dim", "line", "card")  # colours, as style.css names them
SIZES = ("hero", "tall", "short", "slim")  # heights of pictures, from a third of a screen down
STYLES = ("fixed", "percent", "rounded", "scientific", "ratio")


def one_of(value: str, words: tuple[str, ...], what: str) -> None:
    """Refuse a misspelt word of a declaration, which would go unseen on the page."""
    if value not in words:
        raise ValueError(f"{what} is {value!r}, which is none of {', '.join(words)}")


@dataclass(frozen=True)
class Readout:
    """A number on the page: its name, what a reader calls it, and how it is written.

    ``unit`` is ``"unit"`` for the state's bits or nats, or a fixed text; ``style`` is ``"fixed"``,
    ``"percent"``, ``"rounded"`` (no power of ten where it is small), ``"scientific"`` or
    ``"ratio"`` (1/75.00 where it is below 1); ``role`` is a colour, of ``ROLES``; ``noise_of``
    names the readout whose size sets the rounding noise of this one, where it is a difference, or
    ``"one"`` where that is a difference of numbers about 1: what is only noise is shown as 0;
    ``card`` puts it among the large ones; where the readout named by ``undefined_where_zero`` is 0
    this one has no value.
    """

    name: str
    label: str
    unit: str = "unit"
    digits: int = 4
    style: str = "fixed"
    role: str = "ink"
    noise_of: str | None = None
    card: bool = True
    undefined_where_zero: str | None = None

    def __post_init__(self) -> None:
        """Refuse a word that is misspelt."""
        one_of(self.role, ROLES, f"the role of the readout {self.name}")
        one_of(self.style, STYLES, f"the style of the readout {self.name}")


@dataclass(frozen=True)
class Player:
    """A movement that the page plays by itself, with buttons to pause, step and stop it.

    Each frame it sends ``gesture`` with ``None``, one step, until the flag ``done`` is shown;
    with ``"end"`` it goes there at once. Past the end a step changes nothing. The buttons stand
    where a group names the gesture among its actions.
    """

    label: str
    gesture: str
    done: str


@dataclass(frozen=True)
class Group:
    """Controls that move one thing: ``controls`` maps a parameter to its short visible name.

    ``work`` names the uploads, jobs and choices that stand here. The texts may have a ``Hint`` of
    its title, and a ``Needs``: what of it takes a server, which an exported page shows instead of
    the controls. Its controls are off while the flag ``idle`` is shown, as they then move nothing.
    Where a page has too many ``pictures`` to keep all in sight on a phone, each stands there in the
    group that names it, and stays in sight while a hand is in that group.
    """

    title: str
    controls: Mapping[str, str]
    role: str = "accent"
    actions: tuple[str, ...] = ()
    work: tuple[str, ...] = ()
    idle: str = ""
    pictures: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a word that is misspelt."""
        one_of(self.role, ROLES, f"the role of the group {self.title}")


@dataclass(frozen=True)
class Picture:
    """A figure's place on the page, by its name in ``figures``.

    The texts have its ``Caption``, its ``Alt`` and a ``Description`` with its numbers.

    It is as high as its ``size``, of ``SIZES``; a page reads best with one ``"hero"`` on top.
    On a phone the figures stay in sight while a slider moves, but those ``below`` the controls.
    A hand that drags on it moves the parameter that ``drag`` names for an axis (``"x"``, ``"y"``)
    to what stands there; each also has a slider, which is the way for the keyboard. One that is
    ``served`` shows what only Python finds, so exported pages go without it and its table.
    """

    name: str
    size: str = "tall"
    below: bool = False
    served: bool = False
    drag: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse a word that is misspelt."""
        one_of(self.size, SIZES, f"the size of the picture {self.name}")


@dataclass(frozen=True)
class Axis:
    """An axis, by its range's name, whose ends the page moves in steps of ``LADDER``.

    It shows at least what the result's range asks for. ``above`` and ``below`` are the parts of the
    step above and below zero that it shows, where texts need room.
    """

    name: str
    below: float = 0.0
    above: float = 1.0


@dataclass(frozen=True)
class Label:
    """Texts, a row of ``table`` each, that the page writes into the source ``name`` of a picture.

    Columns ``x``, ``y`` and those in ``also`` are the table's (a number is itself). A text is that
    of the first of ``cases``, ``(column, least, template)``, whose column is at least so much, and
    empty where none is; in a template ``{length:2}`` is a column, or else a slot of the page, with
    so many decimals. Where ``y`` is infinite the text stands at the part ``edge`` of the way up the
    ``axis``; where ``tall``, ``(column, part)``, is less than that part of the axis's end, there is
    none. With ``fit``, a column that says what part of the picture's width each text's bar has, the
    texts share two rows: each stands whole where a row has room for it, else cut to its bar; the
    column ``drop`` is how far below ``y`` it stands. With ``beside`` a text begins ``aside`` of its
    point and ``lift`` above it, right or left of it where it has room, else above. A table of the
    page may show texts, too: the label's name is then its column.
    """

    name: str
    table: str
    x: str | float
    y: str | float
    cases: tuple[tuple[str, float, str], ...]
    also: tuple[str, ...] = ()
    axis: str = ""
    edge: float = 0.85
    tall: tuple[str, float] | None = None
    fit: str = ""
    beside: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the columns of its source."""
        return ("x", "y", "text", *self.also, *(("drop",) if self.fit else ()),
                *(("aside", "lift") if self.beside else ()))  # fmt: skip

    def spec(self) -> dict[str, Any]:
        """Return it as JSON-like data, with −inf and inf as texts."""
        cases = [[column, _number_text(least), text] for column, least, text in self.cases]
        said = asdict(self).items()
        given = {name: one for name, one in said if one is not False and one not in (None, (), "")}
        return {**given, "cases": cases}


def _number_text(number: float) -> str:
    """Write a number as JavaScript reads it."""
    return str(number).replace("inf", "Infinity")


@dataclass(frozen=True)
class Passage:
    """A text, token by token, from a source's columns token, shown, surprise, p and more.

    ``heat``, 0 to 1, shades a token; ``expected`` says what else was likely; ``flagged`` is 0, or n
    for a token of which the n-th ``Passage`` whose name begins with ``flagged`` tells. Its caption
    is the ``Caption`` of the source.
    """

    label: str
    source: str


@dataclass(frozen=True)
class Table:
    """A table of a source's columns, or of labels of that table by their names.

    ``columns`` maps a column to its heading and digits.
    """

    name: str
    title: str
    source: str
    columns: Mapping[str, tuple[str, int | None]]
    totals: Mapping[str, str] | None = None
    live: bool = False

    def spec(self) -> dict[str, Any]:
        """Return it as JSON-like data, its columns in their order."""
        columns = [[column, digits, heading] for column, (heading, digits) in self.columns.items()]
        return {
            "name": self.name, "source": self.source, "columns": columns,
            "totals": self.totals or {}, "live": self.live,
        }  # fmt: skip


@dataclass(frozen=True)
class Upload:
    """A file that a reader may bring: its control's name, its endings, and the most bytes."""

    label: str
    endings: tuple[str, ...]
    most: int
