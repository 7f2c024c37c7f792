"""What the front end writes on a page, for pictures that are made without one.

These are the rules of ``static/front/format.js`` and ``texts.js``; a test in a browser holds a
poster's words to the page's.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal, localcontext
from html.parser import HTMLParser
from typing import Any, NamedTuple

from ...contract.declaration import Readout
from ...contract.explorer import UNIT_SLOTS, Explorer
from ...contract.result import Result
from ..texts import ROLES, text_html

LARGE = 10_000  # from here on a number has no decimals
NOISE = 16 * sys.float_info.epsilon  # of the numbers whose difference a readout is
RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")

Slot = Callable[[str], Any]


class Run(NamedTuple):
    """Words of one look."""

    text: str
    role: str = ""
    bold: bool = False
    size: float = 0  # px, where it is not that of its line


def number_text(value: float, digits: int = 4, style: str = "fixed") -> str:
    """Write a number as a readout is written."""
    if math.isnan(value):
        return "–"
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    if style == "ratio" and 0 < value < 1:
        return f"1/{number_text(1 / value, digits)}"
    scaled = 100 * value if style == "percent" else value
    size = abs(scaled)
    tiny = style == "fixed" and 0 < size < 0.5 * 10**-digits
    if size >= 1e6 or (style == "scientific" and size > 0) or tiny:
        return _power_of_ten(scaled)
    text = fixed(size, min(digits, 2 if size >= 1000 else 3 if size >= 100 else digits))
    if float(text) >= LARGE:
        text = f"{int(fixed(size, 0)):,}"
    return f"−{text}" if scaled < 0 and float(text.replace(",", "")) else text


def decimals_text(value: float, decimals: int) -> str:
    """Write a number with so many decimals, unless it is large."""
    if not math.isfinite(value):
        return number_text(value)
    if LARGE - 0.5 <= value < 1e15:
        return f"{int(fixed(value, 0)):,}"
    return fixed(value, decimals)


def full_text(value: Any) -> str:
    """Write a value in full, as JavaScript does."""
    if isinstance(value, str) or not math.isfinite(value):
        return str(value)
    whole = float(value).is_integer() and abs(value) < 1e21
    return str(int(value)) if whole else repr(float(value)).replace("e-0", "e-")


def readout_text(readout: Readout, readouts: Any) -> str:
    """Write a readout; one that is a difference is 0 where it is no more than rounding."""
    value, of = readouts[readout.name], readout.noise_of
    size = 1.0 if of == "one" else abs(readouts[of]) if of else math.nan
    is_noise = size < math.inf and abs(value) <= NOISE * size
    return number_text(0.0 if is_noise else value, readout.digits, readout.style)


def unit_text(readout: Readout, state: Any) -> str:
    """Return the unit behind a readout."""
    return str(state["unit"]) if readout.unit == "unit" else readout.unit


def fixed(value: float, decimals: int) -> str:
    """Write a number with so many decimals; what is half way goes up, as in JavaScript."""
    with localcontext(rounding=ROUND_HALF_UP):
        return f"{Decimal(value):.{decimals}f}"


def exponential(value: float, decimals: int) -> str:
    """Write a number as ``1.5e-7``."""
    with localcontext(rounding=ROUND_HALF_UP):
        mantissa, _, exponent = f"{Decimal(value):.{decimals}e}".partition("e")
    return f"{mantissa}e{int(exponent):+d}"


def _power_of_ten(value: float) -> str:
    mantissa, _, exponent = exponential(value, 1).partition("e")
    return f"{mantissa} × 10{str(int(exponent)).translate(RAISED)}".replace("-", "−")


def slots_of(state: Any, result: Result) -> Slot:
    """Return what gives the value that a text names."""
    known = {**state, **result.slots, **result.readouts, **UNIT_SLOTS[state["unit"]]}

    def value(name: str) -> Any:
        if name in known:
            return known[name]
        source, _, column = name.partition(".")
        return result.tables[source][column]

    return value


def caption_of(explorer: type[Explorer], name: str, slot: Slot, result: Result) -> list[Run]:
    """Return a picture's caption as it stands over it, with its numbers."""
    return runs_of(explorer, "Caption", name, slot, result)


def runs_of(
    explorer: type[Explorer], kind: str, name: str, slot: Slot, result: Result
) -> list[Run]:  # fmt: skip
    """Return a text of a line or so as it is read, with its numbers."""
    readouts = {one.name: one for one in explorer.readouts}

    def written(of: str) -> str:
        value = slot(of)
        if of in readouts:
            return readout_text(readouts[of], result.readouts)
        if isinstance(value, str | float | int):
            return value if isinstance(value, str) else full_text(value).replace("-", "−")
        return _entries_text(value)

    parser = _Runs(written, result.flags)
    parser.feed(str(text_html(explorer.texts, kind, name, inline=True)))
    parser.close()
    return parser.runs


def _entries_text(values: Any) -> str:
    whole = all(not isinstance(one, str) and float(one).is_integer() for one in values)
    return ", ".join(
        one if isinstance(one, str) else decimals_text(one, 0 if whole else 3).replace("-", "−")
        for one in values
    )


class _Runs(HTMLParser):
    """Reads a text's HTML as words, less what no flag shows and what is for one kind of hand."""

    def __init__(self, written: Callable[[str], str], flags: Any) -> None:
        super().__init__()
        self.runs: list[Run] = []
        self._written, self._flags = written, flags
        self._open: list[tuple[bool, str, bool]] = [(True, "", False)]  # shown, role, bold

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take up what an element says of its words; a slot brings its own."""
        said = {name: value or "" for name, value in attrs}
        shown, role, bold = self._open[-1]
        flag, look = said.get("data-show"), said.get("class", "")
        shown = shown and not look.startswith("by-") and (not flag or bool(self._flags.get(flag)))
        role = look if look in ROLES else "dim" if look == "aside" else role
        self._open.append((shown, role, bold or tag == "b"))
        if "data-slot" in said:
            self.handle_data(self._written(said["data-slot"]))

    def handle_endtag(self, tag: str) -> None:
        """Return to the look before."""
        self._open.pop()

    def handle_data(self, data: str) -> None:
        """Take words."""
        shown, role, bold = self._open[-1]
        if shown and data:
            self.runs.append(Run(data, role, bold))
