"""What pictures without a browser are drawn with: scales in px, texts, colours by role.

Colours are the style sheet's variables (``var(--p)``). How wide a text is can only be estimated, as
its font is the reader's.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np
from bokeh.core.property.descriptors import DataSpecPropertyDescriptor
from bokeh.core.property.vectorization import Value
from bokeh.models import Range1d

SAFE = 1.08  # a reader's font may be wider than is estimated
ASCENT, DESCENT = 0.93, 0.24  # of a line, in parts of its font's size

# Widths of the letters from " " to "~" in a plain sans-serif face, hundredths of the font's size.
_WIDTHS = (
    31, 36, 42, 73, 62, 88, 72, 25, 37, 37, 48, 74, 31, 34, 31, 33, 60, 60, 60, 60, 60, 60, 60, 60,
    60, 60, 32, 32, 74, 74, 74, 51, 95, 68, 66, 68, 73, 61, 57, 74, 74, 30, 42, 65, 55, 84, 74, 76,
    61, 76, 66, 62, 60, 72, 67, 94, 65, 62, 65, 37, 33, 37, 74, 50, 50, 58, 60, 54, 60, 58, 34, 60,
    60, 26, 28, 56, 26, 92, 60, 60, 60, 60, 39, 51, 37, 60, 56, 78, 57, 56, 51, 56, 33, 56, 74,
)  # fmt: skip


def width_of(text: str, size: float = 12, bold: bool = False) -> float:
    """Estimate how many px a text is wide."""
    return sum(map(_letter_width, text)) * size / 100 * (1.08 if bold else 1)


def _letter_width(letter: str) -> int:
    if " " <= letter <= "~":
        return _WIDTHS[ord(letter) - 32]
    if unicodedata.combining(letter):
        return 0
    return 100 if unicodedata.east_asian_width(letter) in "WF" else 66


@dataclass(frozen=True)
class Scale:
    """How an axis of a figure goes over so many px, downwards where it is the one upwards."""

    start: float
    end: float
    log: bool
    length: float
    upwards: bool

    def place(self, values: Any) -> Any:
        """Return where values are, in px from the frame's left or top."""
        with np.errstate(all="ignore"):
            part = (self._turn(values) - self._turn(self.start)) / (
                self._turn(self.end) - self._turn(self.start)
            )
        return (1 - part if self.upwards else part) * self.length

    def value(self, px: float) -> float:
        """Return the value at a place."""
        start, end = self._turn(self.start), self._turn(self.end)
        part = px / self.length
        turned = float(start + (1 - part if self.upwards else part) * (end - start))
        return float(10**turned) if self.log else turned

    def _turn(self, values: Any) -> Any:
        given = np.asarray(values, dtype=float)
        return np.log10(given) if self.log else given


class Frame:
    """A figure and the box in which its glyphs are drawn, as large as is said."""

    def __init__(self, figure: Any, width: float, height: float) -> None:
        self.figure, self.width, self.height = figure, width, height

    def scale(self, axis: str, name: str = "default") -> Scale:
        """Return how the axis of a name goes."""
        figure = self.figure
        extra = getattr(figure, f"extra_{axis}_ranges")
        span = extra[name] if name != "default" else getattr(figure, f"{axis}_range")
        if not isinstance(span, Range1d):
            raise NotImplementedError(f"a poster knows no {type(span).__name__}")
        log = type(getattr(figure, f"{axis}_scale")).__name__ == "LogScale"
        length = self.width if axis == "x" else self.height
        start, end = float(span.start), float(span.end)  # type: ignore[arg-type]  # no dates
        return Scale(start, end, log, length, axis == "y")


def number(value: float) -> str:
    """Write a length in px."""
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text.removeprefix("0") if text.startswith("0.") else text


def opacity(part: str, alpha: float) -> str:
    """Return how opaque a fill or stroke is, where it is not quite."""
    return "" if alpha == 1 else f' {part}-opacity="{alpha:.3g}"'


def written(
    text: str, x: float, y: float, role: str, size: float = 12, anchor: str = "start",
    more: str = "",
) -> str:  # fmt: skip
    """Return a text from its baseline; ``10^3`` is a power."""
    base, _, power = text.partition("^")
    shown = escape(base, quote=False)
    if power:
        raised = f'dy="{number(-0.4 * size)}" font-size="{number(0.7 * size)}"'
        shown += f"<tspan {raised}>{escape(power, quote=False)}</tspan>"
    look = f' font-size="{number(size)}"' if size != 12 else ""
    look += f' text-anchor="{anchor}"' if anchor != "start" else ""
    return f'<text x="{number(x)}" y="{number(y)}" fill="var(--{role})"{look}{more}>{shown}</text>'


def role_of(model: Any, name: str) -> str:
    """Return the role that a colour of a model plays, or nothing where it has no colour."""
    for tag in model.tags:
        if tag.startswith(f"{name}="):
            return str(tag.partition("=")[2])
    colour = said(model, name)
    if (colour.value if isinstance(colour, Value) else colour) is None:
        return ""
    raise NotImplementedError(f"the {name} of a {type(model).__name__} plays no role")


def said(model: Any, name: str) -> Any:
    """Return what a property says: a ``Field``, a ``Value``, or what has no columns."""
    descriptor = type(model).lookup(name)
    columns = isinstance(descriptor, DataSpecPropertyDescriptor)
    return descriptor.get_value(model) if columns else getattr(model, name)
