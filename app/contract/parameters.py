"""Untrusted values, from a link, a control or a script, turned into a chapter's state."""

from __future__ import annotations

import contextlib
import math
import re
from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any

import param

from .messages import JOINERS, Refused, is_printable, quotable

MOST_CHANGES = 64  # in one request: a page sends far fewer
MOST_SEQUENCE = 2**53  # a number of a request: beyond, JavaScript does not count by ones
MOST_EARLIER = 8  # requests without an answer, after which a page waits (engines/python.js)
DEEPEST = 32  # times that watchers set a parameter again before they are said to disagree
LONGEST_NAME = 24  # letters that fit a link and a picture

_UNREADABLE = re.compile("[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\ud800-\\udfff]")


class _OfAPage(param.Parameter):
    """A parameter that refuses in a page's words what a page would not take.

    A refusal also takes back what the same ``param.update`` set before it.
    """

    __slots__ = ()

    def __set__(self, obj: Any, val: Any) -> None:
        within = vars(obj).setdefault("_being_set", [])  # by watchers of what was set before
        if within.count(self.name) == DEEPEST:
            raise disagreement(self.name, val)
        within.append(self.name)
        try:
            super().__set__(obj, self._of_its_type(val))
        except ValueError:
            if hasattr(obj, "take_back"):
                obj.take_back()
            raise
        finally:
            within.pop()

    def _of_its_type(self, value: Any) -> Any:
        """Return what is held of a value; one that is refused is left as it is."""
        return value

    def _validate(self, val: Any) -> None:
        taken = coerce(self, plain(val))
        if isinstance(val, str) and not isinstance(taken, str):  # "2" and "a,b" are for links
            code = "no_list" if isinstance(taken, list) else "no_number"
            raise Refused(code, label=self.label, raw=quotable(val))


class Number(_OfAPage, param.Number):
    """A finite number within ``bounds``, whole where ``whole``; sliders go in steps of ``step``.

    With ``decades``, unless the state's ``scale`` is ``"linear"``, they go by its logarithm
    instead, through so many powers of ten up to the upper bound; what is typed may be any value.
    """

    __slots__ = ("decades", "whole")

    def __init__(
        self, default: float, *, whole: bool = False, decades: int = 0, **options: Any
    ) -> None:
        self.whole, self.decades = whole, decades
        super().__init__(default, **options)

    def _of_its_type(self, value: Any) -> Any:
        """Return a number as the float or int that this is."""
        number = plain(value)
        if isinstance(number, bool) or not isinstance(number, int | float):
            return value
        with contextlib.suppress(Refused):
            return coerce(self, number)
        return value


class Choice(_OfAPage, param.Selector):
    """One of a few words.

    ``named``, two names of parameters, shows them as the names in the first, so many of them as the
    second says: the options are then the numbers from 1 on.
    """

    __slots__ = ("named",)

    def __init__(self, *, named: tuple[str, str] | None = None, **options: Any) -> None:
        self.named = named
        super().__init__(**options)


class Text(_OfAPage, param.String):
    """A text of so many characters, as a reader types or pastes it.

    ``control`` says how it is changed: ``"text"``, a text area; ``"letters"``, a button a letter,
    each of which sends the gesture ``guess``; or ``"outcomes"``, a button an outcome that sends
    ``mark`` and shows what the result's ``controls`` say: out, left, marked or found.
    """

    __slots__ = ("bounds", "control")

    def __init__(
        self, default: str = "", *, bounds: tuple[int, int], control: str = "text", **options: Any
    ) -> None:
        self.bounds, self.control = bounds, control
        super().__init__(default, **options)


class Numbers(_OfAPage, param.List):
    """Between ``bounds`` probabilities, which readers move one by one.

    ``control`` says how: ``"rows"``, a row an outcome, or ``"table"``, a square table. With
    ``alone`` they are numbers from 0 to 1 of which each moves alone, whatever they add up to.
    """

    __slots__ = ("alone", "control")

    def __init__(
        self, default: Any, *, control: str = "rows", alone: bool = False, **options: Any
    ) -> None:
        self.control, self.alone = control, alone
        super().__init__(default, item_type=float, **options)


class Names(_OfAPage, param.List):
    """Between ``bounds`` names of outcomes; of two, ``control="pair"`` lets a reader choose."""

    __slots__ = ("control",)

    def __init__(self, default: Any, *, control: str | None = None, **options: Any) -> None:
        self.control = control
        super().__init__(default, item_type=str, **options)


class Reading(param.Number):
    """A number that follows from the state, for Python code to read and to watch.

    It is no part of the state, and it takes no other value than its explorer has found.
    """

    __slots__ = ()

    def __init__(self, **options: Any) -> None:
        super().__init__(math.nan, constant=True, **options)

    def __set__(self, obj: Any, val: Any) -> None:
        """Take what the explorer has found, and refuse all else."""
        of = vars(obj) if obj is not None else {}
        if not is_same(of.get("readings", {}).get(self.name, math.nan), val):
            if "readings" in of:
                obj.take_back()
            told = "follows from the other parameters, so it cannot be set"
            raise ValueError(f"{self.name}, {self.label}, {told}")
        super().__set__(obj, val)


def is_same(one: object, other: object) -> bool:
    """Return whether two values are equal, or both no number."""
    return one == other or (one != one and other != other)


def disagreement(name: str | None, value: object) -> RuntimeError:
    """Return the error of a parameter that is set again whenever it was set."""
    told = f"watchers do not agree about {name} and set it again each time"
    return RuntimeError(f"{told}, at last to {quotable(value)!r}")


def plain(value: Any) -> Any:
    """Return arrays and scalars of NumPy as lists and numbers, and all else as it is."""
    return value.tolist() if hasattr(value, "tolist") else value


KINDS = {Number: "number", Choice: "choice", Text: "text", Numbers: "numbers", Names: "texts"}


def kind(parameter: param.Parameter) -> str:
    """Name what a parameter holds: ``number``, ``numbers``, ``text``, ``texts`` or ``choice``."""
    if type(parameter) not in KINDS:
        name = type(parameter).__name__
        raise TypeError(f"{parameter.name} has no way to travel in a link: {name}")
    return KINDS[type(parameter)]


def coerce(parameter: param.Parameter, raw: object) -> Any:
    """Return ``raw`` as the parameter's value, or raise ``Refused`` saying why it is none."""
    return _COERCIONS[kind(parameter)](parameter, raw)


def changes_of(request: object) -> list[tuple[str, object]]:
    """Return the well-formed part of an untrusted request."""
    changes = request.get("changes") if isinstance(request, Mapping) else None
    pairs = changes if isinstance(changes, list | tuple) else ()
    return [
        (pair[0], pair[1])
        for pair in pairs[:MOST_CHANGES]
        if isinstance(pair, list | tuple) and len(pair) == 2 and isinstance(pair[0], str)
    ]


def fixed_of(request: object) -> list[str]:
    """Return the names of the parameters that an untrusted page keeps as they are."""
    fixed = request.get("fixed") if isinstance(request, Mapping) else None
    names = fixed if isinstance(fixed, list | tuple) else ()
    return [name for name in names[:MOST_CHANGES] if isinstance(name, str)]


def sequence_of(request: object) -> int | None:
    """Return an untrusted request's number."""
    seq = request.get("seq") if isinstance(request, Mapping) else None
    return seq if isinstance(seq, int) and abs(seq) <= MOST_SEQUENCE else None


def earlier_of(request: object) -> list[Mapping[str, Any]]:
    """Return the requests before this one that an untrusted page has had no answer to."""
    earlier = request.get("earlier") if isinstance(request, Mapping) else None
    requests = earlier if isinstance(earlier, list | tuple) else ()
    return [one for one in requests[:MOST_EARLIER] if isinstance(one, Mapping)]


def outcome_at(state: Mapping[str, Any], name: str, place: str) -> int:
    """Return the place of an entry of a parameter or, for a gesture, of an outcome."""
    count = len(state.get(name, state.get("labels", ())))
    if not (place.isascii() and place.isdecimal() and len(place) < 4 and int(place) < count):
        raise Refused("no_outcome", raw=quotable(place), count=count)
    return int(place)


def parameter_spec(parameter: param.Parameter) -> dict[str, Any]:
    """Return what the front end needs to know of a parameter, as JSON-like data."""
    names = (
        "name", "label", "bounds", "step", "whole", "decades", "alone", "objects", "named",
        "control",
    )  # fmt: skip
    given = {name: getattr(parameter, name, None) for name in names}
    spec = {name: one for name, one in given.items() if one not in (None, False)}
    what = kind(parameter)
    return {"kind": what, "control": what, **spec, "default": deepcopy(parameter.default)}


def finite(label: str, raw: object, code: str = "no_number", **more: Any) -> float:
    """Return ``raw`` as a finite double, or raise ``Refused`` that names it."""
    text = raw.strip() if isinstance(raw, str) else ""  # float leaves some blanks, such as U+001C
    try:
        value = math.nan if isinstance(raw, bool) else float(text or raw)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        value = math.nan
    if not (math.isfinite(value) and text.isascii() and "_" not in text):
        raise Refused(code, label=label, raw=quotable(raw), **more)
    return value + 0.0  # −0 becomes 0


def within(
    label: str, value: float, bounds: tuple[float, float], raw: object, **more: Any
) -> float:
    """Return ``value``, or raise ``Refused`` where it lies outside ``bounds``."""
    low, high = bounds
    if not low <= value <= high:
        raise Refused("outside", label=label, low=low, high=high, raw=quotable(raw), **more)
    return value


def entry(parameter: Any, raw: object, name: str) -> float:
    """Return ``raw`` as one entry of a parameter, ``name`` being that of its outcome."""
    label = parameter.label
    return within(label, finite(label, raw, entry=name), (0.0, 1.0), raw, entry=name)


def _number(parameter: Any, raw: object) -> float:
    label = parameter.label
    value = within(label, finite(label, raw), parameter.bounds, raw)
    if not parameter.whole:
        return value
    if not value.is_integer():
        raise Refused("no_whole", label=label, raw=quotable(raw))
    return int(value)


def _choice(parameter: Any, raw: object) -> str:
    options = list(parameter.objects)
    if not isinstance(raw, str) or raw not in options:
        offered = " or ".join(options)
        raise Refused("no_option", label=parameter.label, options=offered, raw=quotable(raw))
    return raw


def readable(label: str, text: str) -> str:
    """Return ``text``, or raise ``Refused`` where it holds what nobody can read."""
    found = _UNREADABLE.search(text)
    if found:
        letter = f"U+{ord(found[0]):04X}"
        raise Refused("unreadable", label=label, place=found.start() + 1, letter=letter)
    return text


def _text(parameter: Any, raw: object) -> str:
    label, (low, high) = parameter.label, parameter.bounds
    if not isinstance(raw, str):
        raise Refused("no_text", label=label, raw=quotable(raw))
    if not low <= len(raw) <= high:
        raise Refused("text_length", label=label, low=low, high=high, count=len(raw))
    return readable(label, raw)


def _items(parameter: Any, raw: object) -> list[object]:
    label, (low, high) = parameter.label, parameter.bounds
    items = raw.split(",") if isinstance(raw, str) else raw
    if raw == "" and low == 0:
        return []
    if not isinstance(items, list | tuple):
        raise Refused("no_list", label=label, raw=quotable(raw))
    if not low <= len(items) <= high:
        raise Refused("list_length", label=label, low=low, high=high, count=len(items))
    return list(items)


def _numbers(parameter: Any, raw: object) -> list[float]:
    return [finite(parameter.label, item, "no_entry") for item in _items(parameter, raw)]


def _texts(parameter: Any, raw: object) -> list[str]:
    return [outcome_name(parameter.label, item) for item in _items(parameter, raw)]


def outcome_name(label: str, raw: object) -> str:
    """Return a name that fits a link and a picture, or raise ``Refused`` saying why not."""
    name = raw.strip() if isinstance(raw, str) else ""
    visible = name.strip(JOINERS) and all(map(is_printable, name))
    if not visible or len(name) > LONGEST_NAME or "," in name:
        raise Refused("no_name", label=label, longest=LONGEST_NAME, raw=quotable(raw))
    return name


_COERCIONS: dict[str, Callable[[Any, object], Any]] = {
    "number": _number, "choice": _choice, "numbers": _numbers, "text": _text, "texts": _texts,
}  # fmt: skip
