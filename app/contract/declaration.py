"""What an explorer declares, beside its parameters and functions: said once, read by every page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Readout:
    """A number on the page: its name, what a reader calls it, and how it is written.

    ``unit`` is ``"unit"`` for the state's bits or nats, or a fixed text; ``style`` is ``"fixed"``,
    ``"percent"``, ``"rounded"`` (no power of ten where it is small) or ``"scientific"``; ``role``
    is the palette colour; ``noise_of`` names the readout whose size sets the rounding noise of this
    one, where it is a difference; ``card`` puts it among the large ones.
    """

    name: str
    label: str
    unit: str = "unit"
    digits: int = 4
    style: str = "fixed"
    role: str = "ink"
    noise_of: str | None = None
    card: bool = True


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

    ``work`` names the uploads, jobs and choices that stand here; ``needs`` says what of it takes a
    server, which an exported page shows instead of the controls.
    """

    title: str
    controls: Mapping[str, str]
    role: str = "accent"
    actions: tuple[str, ...] = ()
    hint: str = ""
    work: tuple[str, ...] = ()
    needs: str = ""


@dataclass(frozen=True)
class Picture:
    """A figure's place on the page: its name in ``view``, its name aloud, caption and height.

    On a phone the figures stay in sight while a slider moves, but those ``below`` the controls.
    A hand that drags on it moves the parameter that ``drag`` names for an axis (``"x"``, ``"y"``)
    to what stands there; each also has a slider, which is the way for the keyboard. One that is
    ``served`` shows what only Python finds, so exported pages go without it and its table.
    """

    name: str
    label: str
    caption: str
    size: str = "tall"
    below: bool = False
    served: bool = False
    drag: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Passage:
    """A text, token by token, from a source's columns token, shown, surprise, p and more.

    ``heat``, 0 to 1, shades a token; ``expected`` says what else was likely; ``note`` is a remark.
    """

    label: str
    source: str
    caption: str


@dataclass(frozen=True)
class Table:
    """A table of a source's columns; ``columns`` maps a column to its heading and digits."""

    name: str
    title: str
    source: str
    columns: Mapping[str, tuple[str, int | None]]
    totals: Mapping[str, str] | None = None
    live: bool = False


@dataclass(frozen=True)
class Card:
    """A block of explanation; ``html`` has ``{slots}`` that readouts and state fill."""

    title: str
    html: str


@dataclass(frozen=True)
class Upload:
    """A file that a reader may bring: its control's name, its endings, and the most bytes."""

    label: str
    endings: tuple[str, ...]
    most: int
