"""What an explorer declares, beside its parameters and functions: said once, read by every page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

LADDER = (1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0)  # steps, times a power of ten
ROWS_SHOWN = 41  # of a table on a page; the file has them all

# The colours, as style.css names them, and one rule for every page. Blue, "p": P, the text or
# truth that outcomes come from, and what is averaged under it, so D(P‖Q) and H(p, q), too. Orange,
# "q": Q, the model and the lengths of its code, and what is averaged under it. X is blue and Y,
# with its label, orange. Teal, "accent": what both share, so mutual information and its estimates.
# "ink" is a truth or a reference to compare with; "dim" is beside the point; "line" and "card" are
# the ground.
ROLES = ("p", "q", "accent", "ink", "dim", "line", "card")
SIZES = ("hero", "tall", "short", "slim")  # heights of pictures, from a third of a screen down
LAWS = ("linear", "surprise")  # by which a handle's place says a value
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
    ``"one"`` where that is a difference of numbers about 1: what is only noise is shown as 0.
    """

    name: str
    label: str
    unit: str = "unit"
    digits: int = 4
    style: str = "fixed"
    role: str = "ink"
    noise_of: str | None = None

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
    group that names it, and stays in sight while a hand is in that group. One to ``fold`` opens
    when a reader asks for it, with its pictures: what the page's one idea does without. A control
    with a flag in ``only_while`` is away until that is shown, as there is nothing to move.
    """

    title: str
    controls: Mapping[str, str]
    role: str = "accent"
    actions: tuple[str, ...] = ()
    work: tuple[str, ...] = ()
    idle: str = ""
    pictures: tuple[str, ...] = ()
    fold: bool = False
    only_while: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse a word that is misspelt."""
        one_of(self.role, ROLES, f"the role of the group {self.title}")


@dataclass(frozen=True)
class Picture:
    """A figure's place on the page, by its name in ``figures``.

    The texts have its ``Caption``, its ``Alt`` and a ``Description`` with its numbers.

    It is as high as its ``size``, of ``SIZES``; a page reads best with one ``"hero"`` on top.
    On a phone the figures stay in sight while a slider moves. Those ``below`` fold, and open
    together. One that is ``served`` shows what only Python finds, so exported pages go without it
    and its table. Two that follow each other and are ``half`` as wide stand side by side.
    """

    name: str
    size: str = "tall"
    below: bool = False
    served: bool = False
    half: bool = False

    def __post_init__(self) -> None:
        """Refuse a word that is misspelt."""
        one_of(self.size, SIZES, f"the size of the picture {self.name}")


@dataclass(frozen=True)
class Handle:
    """A knob on a picture that a hand pulls; it moves a parameter as its slider does.

    ``along`` names the parameter for an axis, ``"x"`` or ``"y"``, or one for each. The knob stands
    at ``x`` and ``y``, which are columns of ``table`` or numbers: in its first row or, where the
    parameter is a list, in each row for the entry of that number. ``entry`` is another: a number,
    for a knob in the first row alone, or a column. Where ``y`` is infinite the knob stands near the
    top; outside of the picture, to its left or right, there is none.

    A place on the axis, less ``origin`` and divided by ``gain`` (columns or numbers, too), is the
    value; or ``base`` to the minus that (``law="surprise"``: a bar's top is −log p). A hand that
    has taken hold keeps the row it found, so the knob stays under it while all else follows. With a
    ``way``, of the explorer's ``ways``, it moves a list's entry in that way.

    With ``curve``, a table with columns named as ``x``, ``y`` and the parameter, the knob keeps to
    the line through its rows instead: the value is that of the nearest place on it.

    A knob is away while its flag ``idle`` is shown, and where it would cover another if it is
    ``sparse``, until a mouse is near it; where the height on the axis that the column ``room``
    has is little, it is drawn smaller. With ``anywhere`` a press elsewhere on the picture brings it
    there. The slider stays the way for the keyboard.
    """

    along: Mapping[str, str]
    picture: str
    table: str
    x: str | float
    y: str | float
    role: str = "accent"
    entry: str | int | None = None
    origin: str | float = 0.0
    gain: str | float = 1.0
    law: str = "linear"
    way: str = ""
    room: str = ""
    idle: str = ""
    anywhere: bool = False
    sparse: bool = False
    curve: str = ""

    def __post_init__(self) -> None:
        """Refuse a word that is misspelt."""
        for axis in self.along:
            one_of(axis, ("x", "y"), f"the axis of a handle on {self.picture}")
        one_of(self.role, ROLES, f"the role of a handle on {self.picture}")
        one_of(self.law, LAWS, f"the law of a handle on {self.picture}")

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the columns of its table that it reads."""
        read = (self.x, self.y, self.origin, self.gain, self.entry, self.room)
        return tuple(one for one in read if one and isinstance(one, str))

    def spec(self) -> dict[str, Any]:
        """Return it as JSON-like data, less what is as by default."""
        usual = {one.name: one.default for one in fields(self)}
        return {name: one for name, one in asdict(self).items() if one != usual[name]}


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
    ``axis``. With ``within``, a column that says what part of the picture's width each text's bar
    has, a text is that of the first such case which has room there; where the column ``tall`` makes
    a bar too low for a text and a knob, there is none. With ``fit``, such a column, too, the texts
    share two rows: each stands whole where a row has room for it, else cut to its bar; the column
    ``drop`` is how far below ``y`` it stands, ``drop`` px lower where knobs do. With ``beside`` a
    text begins ``aside`` of its point and ``lift`` above it, right or left of it where it has room,
    else above. With ``inside``, the parts of both axes that each text's area has (columns or
    numbers) and the px of its width that others take, a text is that of the first case that has
    room there; a name alone may be cut, a number never is. A table of the page may show texts, too:
    the label's name is then its column.
    """

    name: str
    table: str
    x: str | float
    y: str | float
    cases: tuple[tuple[str, float, str], ...]
    also: tuple[str, ...] = ()
    axis: str = ""
    edge: float = 0.85
    tall: str = ""
    within: str = ""
    fit: str = ""
    drop: int = 0
    beside: bool = False
    inside: tuple[str | float, str | float, float] | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the columns of its source."""
        return ("x", "y", "text", *self.also, *(("drop",) if self.fit else ()),
                *(("aside", "lift") if self.beside else ()))  # fmt: skip

    def spec(self) -> dict[str, Any]:
        """Return it as JSON-like data, with −inf and inf as texts."""
        cases = [[column, _number_text(least), text] for column, least, text in self.cases]
        said = asdict(self).items()
        given = {name: one for name, one in said if one not in (0, (), "") or name in "xy"}
        return {**given, "cases": cases}


def _number_text(number: float) -> str:
    """Write a number as JavaScript reads it."""
    return str(number).replace("inf", "Infinity")


@dataclass(frozen=True)
class Passage:
    """A text, token by token, from a source's columns token, shown, surprise, p and more.

    ``heat``, 0 to 1, shades a token; ``expected`` says what else was likely; ``flagged`` is 0, or n
    for a token of which the n-th ``Passage`` whose name begins with ``flagged`` tells. Its caption
    is the ``Caption`` of the source. ``control`` is a parameter whose control stands under it; with
    a column ``tries`` it is a game: each token is as ``shown``, has that number below it, a dot for
    0 and nothing for less, and the last is read out. While the flag ``goes_on`` is shown, a
    question mark stands where the next token will.
    """

    label: str
    source: str
    control: str = ""
    goes_on: str = ""


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
    """A file that a reader may bring: its control's name, its endings, and the most bytes.

    ``weight`` is how many bytes are held for each of its own, at most, while a session has it.
    """

    label: str
    endings: tuple[str, ...]
    most: int
    weight: int = 1
