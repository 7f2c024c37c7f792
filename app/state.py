"""Untrusted values, from a link, a control or a script, turned into an explorer's state."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from copy import deepcopy
from typing import Any

import param

MOST_CHANGES = 64  # in one request: a page sends far fewer
SHOWN_LENGTH = 40

_UNREADABLE = re.compile("[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\ud800-\\udfff]")


class Text(param.String):
    """A text of so many characters, as a reader types or pastes it."""

    __slots__ = ("bounds",)

    def __init__(self, default: str = "", *, bounds: tuple[int, int], **options: Any) -> None:
        self.bounds = bounds
        super().__init__(default, **options)


class Numbers(param.List):
    """A list of numbers; ``control`` shows ``"rows"``, one an outcome, or a square ``"table"``."""

    __slots__ = ("control",)

    def __init__(self, default: list[float], *, control: str, **options: Any) -> None:
        if control not in ("rows", "table"):
            raise ValueError(f"control must be 'rows' or 'table'; got {control!r}")
        self.control = control
        super().__init__(default, item_type=float, **options)


def kind(parameter: param.Parameter) -> str:
    """Name what a parameter holds: ``number``, ``numbers``, ``text``, ``texts`` or ``choice``."""
    if isinstance(parameter, param.Number):
        return "number"
    if isinstance(parameter, param.Selector):
        return "choice"
    if isinstance(parameter, Text):
        return "text"
    if isinstance(parameter, param.List):
        return "numbers" if parameter.item_type is float else "texts"
    raise TypeError(f"{parameter.name} has no way to travel in a link: {type(parameter).__name__}")


def coerce(parameter: param.Parameter, raw: object) -> Any:
    """Return ``raw`` as the parameter's value, or raise ``ValueError`` saying why it is none."""
    return _COERCIONS[kind(parameter)](parameter, raw)


def shown(raw: object) -> str:
    """Quote an untrusted value, shortened, for a message."""
    text = raw if isinstance(raw, str) else _plain(raw)
    text = "".join(
        letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text
    )
    if len(text) > SHOWN_LENGTH:
        text = f"{text[:SHOWN_LENGTH]}…"
    return f"“{text}”"


def changes_of(request: object) -> list[tuple[str, object]]:
    """Return the well-formed part of an untrusted request."""
    changes = request.get("changes") if isinstance(request, Mapping) else None
    pairs = changes if isinstance(changes, list | tuple) else ()
    return [
        (pair[0], pair[1])
        for pair in pairs[:MOST_CHANGES]
        if isinstance(pair, list | tuple) and len(pair) == 2 and isinstance(pair[0], str)
    ]


def sequence_of(request: object) -> int | None:
    """Return an untrusted request's number."""
    seq = request.get("seq") if isinstance(request, Mapping) else None
    return seq if isinstance(seq, int) else None


def outcome_at(state: Mapping[str, Any], name: str, place: str) -> int:
    """Return the place of an entry of a parameter or, for a gesture, of an outcome."""
    count = len(state.get(name, state.get("labels", ())))
    if not (place.isascii() and place.isdecimal() and len(place) < 4 and int(place) < count):
        raise ValueError(f"There is no outcome number {shown(place)}; there are {count}.")
    return int(place)


def parameter_spec(parameter: param.Parameter) -> dict[str, Any]:
    """Return what the front end needs to know of a parameter, as JSON-like data."""
    spec = {"name": parameter.name, "kind": kind(parameter), "label": parameter.label}
    spec["control"] = getattr(parameter, "control", spec["kind"])
    for attribute in ("bounds", "step"):
        spec[attribute] = getattr(parameter, attribute, None)
    spec["whole"] = isinstance(parameter, param.Integer)
    spec["objects"] = list(getattr(parameter, "objects", ()))
    return {**spec, "default": deepcopy(parameter.default)}


def finite(label: str, raw: object) -> float:
    """Return ``raw`` as a finite double, or raise ``ValueError`` that names it."""
    try:
        value = float("nan") if isinstance(raw, bool) else float(raw)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        value = math.nan
    if not math.isfinite(value) or (
        isinstance(raw, str) and not (raw.isascii() and "_" not in raw)
    ):
        raise ValueError(f"{label} must be a number; {shown(raw)} is not.")
    return value + 0.0  # −0 becomes 0


def within(label: str, value: float, bounds: tuple[float, float], raw: object) -> float:
    """Return ``value``, or raise ``ValueError`` where it lies outside ``bounds``."""
    low, high = bounds
    if not low <= value <= high:
        raise ValueError(f"{label} must lie between {low:g} and {high:g}; {shown(raw)} does not.")
    return value


def _plain(raw: object) -> str:
    """Write a number as JavaScript does, so that both ways of running say the same."""
    if isinstance(raw, int) and abs(raw) >= 10**308:
        return "a huge whole number"
    if isinstance(raw, float) and raw.is_integer() and abs(raw) < 1e16:
        return str(int(raw))
    return str(raw)


def _number(parameter: param.Number, raw: object) -> float:
    label = parameter.label
    value = within(label, finite(label, raw), parameter.bounds, raw)
    if not isinstance(parameter, param.Integer):
        return value
    if not value.is_integer():
        raise ValueError(f"{label} must be a whole number; {shown(raw)} is not.")
    return int(value)


def _choice(parameter: param.Selector, raw: object) -> str:
    options = list(parameter.objects)
    if raw not in options:
        raise ValueError(f"{parameter.label} must be {' or '.join(options)}; {shown(raw)} is not.")
    return str(raw)


def readable(label: str, text: str) -> str:
    """Return ``text``, or raise ``ValueError`` where it holds what nobody can read."""
    found = _UNREADABLE.search(text)
    if found:
        raise ValueError(
            f"{label} may hold no control characters but line breaks and tabs; "
            f"character {found.start() + 1} is U+{ord(found[0]):04X}."
        )
    return text


def _text(parameter: Text, raw: object) -> str:
    label, (low, high) = parameter.label, parameter.bounds
    if not isinstance(raw, str):
        raise ValueError(f"{label} must be a text; {shown(raw)} is not.")
    if not low <= len(raw) <= high:
        raise ValueError(f"{label} must have {low} to {high} characters; there are {len(raw)}.")
    return readable(label, raw)


def _items(parameter: param.List, raw: object) -> list[object]:
    items = raw.split(",") if isinstance(raw, str) else raw
    if raw == "" and parameter.bounds[0] == 0:
        return []
    if not isinstance(items, list | tuple):
        raise ValueError(f"{parameter.label} must be a list; {shown(raw)} is not.")
    low, high = parameter.bounds
    if not low <= len(items) <= high:
        raise ValueError(
            f"{parameter.label} needs {low} to {high} entries; there are {len(items)}."
        )
    return list(items)


def _numbers(parameter: param.List, raw: object) -> list[float]:
    return [finite(f"each entry of {parameter.label}", item) for item in _items(parameter, raw)]


def _texts(parameter: param.List, raw: object) -> list[str]:
    return [text(parameter.label, item) for item in _items(parameter, raw)]


def text(label: str, raw: object, longest: int = 24) -> str:
    """Return a name that fits a link and a picture, or raise ``ValueError`` saying why not."""
    name = raw.strip() if isinstance(raw, str) else ""
    if not 1 <= len(name) <= longest or "," in name or not name.isprintable():
        raise ValueError(
            f"A name in {label} has 1 to {longest} letters and no comma; {shown(raw)} does not fit."
        )
    return name


_COERCIONS = {
    "number": _number, "choice": _choice, "numbers": _numbers, "text": _text, "texts": _texts,
}  # fmt: skip
