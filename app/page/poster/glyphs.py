"""The glyphs that chapters draw with, as SVG: forms and looks are those of BokehJS."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from bokeh.core.property.vectorization import Field, Value
from bokeh.model import Model
from bokeh.models import GroupFilter

from .ink import ASCENT, DESCENT, SAFE, Frame, number, role_of, said, width_of, written

FAINT = 0.15  # px that a simplified line may be off
DASHES = {"solid": [], "dashed": [6], "dotted": [2, 4]}
ANCHORS = {"left": "start", "center": "middle", "right": "end"}
BASELINES = {"top": 0.0, "middle": 0.5, "bottom": 1.0}
NO_HATCH = (None, " ", "blank")
Hatches = dict[tuple[str, float], str]  # what a tile holds and its size, and its name


class Drawing:
    """One renderer's rows, drawn in px of its frame."""

    def __init__(self, renderer: Any, frame: Frame, hatches: Hatches, name: str) -> None:
        self.glyph, self.frame = renderer.glyph, frame
        self.hatches, self.name = hatches, name
        self._columns: dict[str, Any] = {}
        self.data = renderer.data_source.data
        self.length = max((len(one) for one in self.data.values()), default=0)
        self.rows = list(self._shown(renderer.view.filter))
        self.x = frame.scale("x", renderer.x_range_name)
        self.y = frame.scale("y", renderer.y_range_name)

    def drawn(self) -> list[str]:
        """Return its shapes, in order."""
        kind = type(self.glyph).__name__
        draw = getattr(self, f"_{kind.lower()}", None)
        if draw is None:
            raise NotImplementedError(f"a poster knows no glyph {kind}")
        return [part for part in draw() if part]

    def _shown(self, chosen: Any) -> Iterator[int]:
        if isinstance(chosen, GroupFilter):
            named = self.data[chosen.column_name]
            return (i for i in range(self.length) if named[i] == chosen.group)
        if type(chosen).__name__ != "AllIndices":
            raise NotImplementedError(f"a poster knows no filter {type(chosen).__name__}")
        return iter(range(self.length))

    def _column(self, name: str) -> Any:
        """Return a property's value for each row; every row asks for the looks of all."""
        if name not in self._columns:
            self._columns[name] = self._column_of(name)
        return self._columns[name]

    def _column_of(self, name: str) -> Any:
        given = said(self.glyph, name)
        if not isinstance(given, Field):
            return [given.value if isinstance(given, Value) else given] * len(self.rows)
        values = self.data[given.field]
        if isinstance(given.transform, Model):
            values = np.asarray(values, dtype=float) + _dodged(given.transform)
        return [values[i] for i in self.rows]

    def _one(self, name: str) -> Any:
        """Return a property that all rows share."""
        given = said(self.glyph, name)
        if isinstance(given, Field):
            raise NotImplementedError(f"a poster knows no {name} for each row")
        return given.value if isinstance(given, Value) else given

    def _places(self, axis: str, name: str) -> Any:
        return (self.x if axis == "x" else self.y).place(self._column(name))

    def _paint(self, i: int, *parts: str) -> tuple[str, str]:
        """Return the attributes of a row's look, and those of its hatch, which is drawn above."""
        said, hatch = [], ""
        if "fill" in parts:
            said += self._colour("fill", "fill", i)
        if "hatch" in parts and (key := self._hatch(i)):
            hatch = f'fill="url(#{key})"'
        if "line" in parts and (colour := self._colour("stroke", "line", i)):
            width = self._column("line_width")[i]
            said += [*colour, f' stroke-width="{number(width)}"' if width != 1 else "",
                     _dash(self._column("line_dash")[i])]  # fmt: skip
        return "".join(said), hatch

    def _colour(self, attribute: str, part: str, i: int) -> list[str]:
        alpha = self._column(f"{part}_alpha")[i]
        role = role_of(self.glyph, f"{part}_color") if alpha else ""
        return [f' {attribute}="var(--{role})"', _alpha(attribute, alpha)] if role else []

    def _hatch(self, i: int) -> str:
        """Return the name of a row's hatch, of which a picture holds each once."""
        scale = self._column("hatch_scale")[i]
        pattern = self._column("hatch_pattern")[i]
        if pattern in NO_HATCH:
            return ""
        form = _hatch_form(
            pattern, scale, self._column("hatch_weight")[i],
            role_of(self.glyph, "hatch_color"), self._column("hatch_alpha")[i],
        )  # fmt: skip
        return self.hatches.setdefault((form, scale), f"{self.name}{len(self.hatches)}")

    def _shapes(self, paths: Sequence[str], *parts: str, joined: bool = True) -> Iterator[str]:
        """Return paths with their looks; those of one look that follow each other are one."""
        groups: list[tuple[tuple[str, str], list[str]]] = []
        for i, path in enumerate(paths):
            look = self._paint(i, *parts)
            if not path or look == ("", ""):
                continue
            if joined and groups and groups[-1][0] == look:
                groups[-1][1].append(path)
            else:
                groups.append((look, [path]))
        for (shape, hatch), some in groups:
            yield from _path("".join(some), shape, hatch)

    def _line(self) -> Iterator[str]:
        x, y = self._places("x", "x"), self._places("y", "y")
        d = "".join(_polyline(*part) for part in _finite(x, y))
        if d:
            yield from _path(d, self._paint(0, "line")[0] + ' stroke-linejoin="bevel"', "")

    def _varea(self) -> Iterator[str]:
        x, low, high = self._places("x", "x"), self._places("y", "y1"), self._places("y", "y2")
        d = ""
        for xs, lows, highs in _finite(x, low, high):
            there, back = _kept(xs, highs), _kept(xs, lows)[::-1]
            d += f"{_points(xs[there], highs[there])}L{_points(xs[back], lows[back])[1:]}Z"
        if d:
            yield from _path(d, *self._paint(0, "fill", "hatch"))

    def _quad(self) -> Iterator[str]:
        sides = (("x", "left"), ("x", "right"), ("y", "bottom"), ("y", "top"))
        return self._rects(*(self._places(axis, side) for axis, side in sides))

    def _vbar(self) -> Iterator[str]:
        x, half = np.asarray(self._column("x")), np.asarray(self._column("width")) / 2
        ends = self.x.place(x - half), self.x.place(x + half)
        return self._rects(*ends, self._places("y", "bottom"), self._places("y", "top"))

    def _hbar(self) -> Iterator[str]:
        y, half = np.asarray(self._column("y")), np.asarray(self._column("height")) / 2
        ends = self.y.place(y - half), self.y.place(y + half)
        return self._rects(self._places("x", "left"), self._places("x", "right"), *ends)

    def _rects(self, left: Any, right: Any, bottom: Any, top: Any) -> Iterator[str]:
        paths = [
            f"M{number(x)} {number(y)}H{number(to)}V{number(up)}H{number(x)}Z"
            if all(map(math.isfinite, (x, to, y, up))) and x != to else ""
            for x, to, y, up in zip(left, right, bottom, top, strict=True)
        ]  # fmt: skip
        return self._shapes(paths, "fill", "hatch", "line")

    def _segment(self) -> Iterator[str]:
        ends = [self._places(axis, f"{axis}{end}") for end in "01" for axis in "xy"]
        paths = [
            f"M{number(x)} {number(y)}L{number(to)} {number(up)}"
            if all(map(math.isfinite, (x, y, to, up))) else ""
            for x, y, to, up in zip(*ends, strict=True)
        ]  # fmt: skip
        return self._shapes(paths, "line")

    def _vspan(self) -> Iterator[str]:
        paths = [f"M{number(x)} 0V{number(self.frame.height)}" for x in self._places("x", "x")]
        return self._shapes(paths, "line")

    def _scatter(self) -> Iterator[str]:
        places = self._places("x", "x"), self._places("y", "y")
        sizes, markers = self._column("size"), self._column("marker")
        paths = [
            _marker(marker, x, y, size / 2) if math.isfinite(x + y) else ""
            for x, y, size, marker in zip(*places, sizes, markers, strict=True)
        ]
        return self._shapes(paths, "fill", "hatch", "line", joined=False)

    def _image(self) -> Iterator[str]:
        """Return a map as one path for each colour of its scale, in px of the array."""
        mapper = self.glyph.color_mapper
        count, role = len(mapper.palette), role_of_palette(mapper)
        for i, values in enumerate(self._column("image")):
            tall, wide = values.shape
            ratio = np.log(values / mapper.low) / np.log(mapper.high / mapper.low)
            steps = np.clip(np.floor(ratio * count), 0, count - 1).astype(int)
            x, y = self._places("x", "x")[i], self._places("y", "y")[i]
            far = self.x.place(self._column("x")[i] + self._column("dw")[i]) - x
            up = self.y.place(self._column("y")[i] + self._column("dh")[i]) - y
            yield (
                f'<g transform="translate({number(x)} {number(y)}) '
                f'scale({far / wide:.5g} {up / tall:.5g})" shape-rendering="crispEdges">'
            )
            for step in np.unique(steps):  # each covers a part of the one before
                part = number(100 * step / (count - 1))
                fill = f"color-mix(in srgb,var(--{role}-high) {part}%,var(--{role}-low))"
                yield f'<path style="fill:{fill}" d="{_cells(steps >= step)}"/>'
            yield "</g>"

    def _text(self) -> Iterator[str]:
        x = self._places("x", "x") + np.asarray(self._column("x_offset"), dtype=float)
        y = self._places("y", "y") + np.asarray(self._column("y_offset"), dtype=float)
        texts = self._column("text")
        for i, text in enumerate(texts):
            if text and math.isfinite(x[i] + y[i]):
                yield self._words(text, float(x[i]), float(y[i]))

    def _words(self, text: str, x: float, y: float) -> str:
        """Return a text, a line each, on its ground."""
        glyph = self.glyph
        size, pad = float(self._one("text_font_size").removesuffix("px")), glyph.padding or 0
        align, bold = self._one("text_align"), self._one("text_font_style") == "bold"
        tall = (ASCENT + DESCENT) * size
        lines = text.split("\n")
        step = tall * self._one("text_line_height")
        height = tall + (len(lines) - 1) * step + 2 * pad
        top = y - BASELINES[self._one("text_baseline")] * height
        wide = SAFE * max(width_of(line, size, bold) for line in lines) + 2 * pad
        left = x - {"left": 0, "center": 0.5, "right": 1}[align] * wide
        at = {"left": left + pad, "center": x, "right": left + wide - pad}[align]
        more = ' font-weight="700"' if bold else ""
        ground = ""
        if role := role_of(glyph, "background_fill_color"):
            alpha = _alpha("fill", self._one("background_fill_alpha"))
            box = zip(("x", "y", "width", "height"), (left, top, wide, height), strict=True)
            said = " ".join(f'{name}="{number(one)}"' for name, one in box)
            radius = f' rx="{glyph.border_radius}"' if glyph.border_radius else ""
            ground = f'<rect {said}{radius} fill="var(--{role})"{alpha}/>'
        first = top + pad + ASCENT * size
        role, anchor = role_of(glyph, "text_color"), ANCHORS[align]
        return ground + "".join(
            written(line, at, first + k * step, role, size, anchor, more)
            for k, line in enumerate(lines)
        )


def role_of_palette(mapper: Any) -> str:
    """Return the role whose low and high ends a map's colours run between."""
    if type(mapper).__name__ != "LogColorMapper":
        raise NotImplementedError(f"a poster knows no {type(mapper).__name__}")
    return next(tag for tag in mapper.tags if tag.startswith("palette=")).partition("=")[2]


def _dodged(transform: Any) -> float:
    if type(transform).__name__ != "Dodge":
        raise NotImplementedError(f"a poster knows no transform {type(transform).__name__}")
    return float(transform.value)


def _alpha(part: str, alpha: float) -> str:
    return "" if alpha == 1 else f' {part}-opacity="{alpha:.3g}"'


def _dash(dash: Any) -> str:
    lengths = DASHES[dash] if isinstance(dash, str) else dash
    return f' stroke-dasharray="{" ".join(map(str, lengths))}"' if lengths else ""


def _path(d: str, look: str, hatch: str) -> Iterator[str]:
    filled = 'fill="var' in look
    if look:
        yield f'<path d="{d}"{look}{"" if filled else ' fill="none"'}/>'
    if hatch:
        yield f'<path d="{d}" {hatch}/>'


def _hatch_form(pattern: str, scale: float, weight: float, role: str, alpha: float) -> str:
    """Return what a tile of a hatch holds."""
    if pattern in (".", "dot"):
        half = number(scale / 2)
        return (
            f'<circle cx="{half}" cy="{half}" r="{number(scale / 4)}" fill="var(--{role})"'
            f"{_alpha('fill', alpha)}/>"
        )
    if pattern in ("/", "right_diagonal_line"):
        q = scale / 4
        starts = (-q + 0.5, q + 0.5, 3 * q + 0.5)
        d = "".join(f"M{number(x)} {number(scale)}L{number(x + 2 * q)} 0" for x in starts)
        return (
            f'<path d="{d}" stroke="var(--{role})" stroke-width="{number(weight)}" '
            f'stroke-linecap="square"{_alpha("stroke", alpha)}/>'
        )
    raise NotImplementedError(f"a poster knows no hatch {pattern!r}")


def _marker(name: str, x: float, y: float, r: float) -> str:
    """Return a marker's outline around a place."""
    if name == "circle":
        d = number(2 * r)
        turn = f"a{number(r)} {number(r)} 0 1 "
        return f"M{number(x - r)} {number(y)}{turn}0 {d} 0{turn}0 -{d} 0Z"
    third, a = r * math.sqrt(3) / 3, r * math.sqrt(0.5)
    strokes: dict[str, list[list[tuple[float, float]]]] = {
        "x": [[(-a, -a), (a, a)], [(-a, a), (a, -a)]],
        "dash": [[(-r, 0), (r, 0)]],
    }
    if name in strokes:
        return "".join(_around(one, x, y) for one in strokes[name])
    corners = {
        "diamond": [(0, r), (r / 1.5, 0), (0, -r), (-r / 1.5, 0)],
        "triangle": [(-r, third), (r, third), (0, -2 * third)],
        "inverted_triangle": [(-r, -third), (r, -third), (0, 2 * third)],
        "star": [
            (length * math.sin(k * math.pi / 5), -length * math.cos(k * math.pi / 5))
            for k in range(10)
            for length in [r * (1 if k % 2 == 0 else (3 - math.sqrt(5)) / 2)]
        ],
    }
    if name not in corners:
        raise NotImplementedError(f"a poster knows no marker {name!r}")
    return _around(corners[name], x, y) + "Z"


def _around(corners: Sequence[tuple[float, float]], x: float, y: float) -> str:
    across, down = np.transpose(corners)
    return _points(across + x, down + y)


def _finite(*columns: Any) -> Iterator[list[Any]]:
    """Return the parts of a line between what is not finite."""
    fine = np.isfinite(np.sum(columns, axis=0))
    edges = np.flatnonzero(np.diff(np.concatenate(([False], fine, [False])).astype(int)))
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        yield [np.asarray(one)[start:end] for one in columns]


def _polyline(x: Any, y: Any) -> str:
    kept = _kept(x, y)
    return _points(x[kept], y[kept])


def _points(x: Any, y: Any) -> str:
    pairs = (f"{number(a)} {number(b)}" for a, b in zip(x, y, strict=True))
    return "M" + "L".join(pairs)


def _kept(x: Any, y: Any) -> Any:
    """Return the points that a line needs so as not to be off by more than a part of a pixel."""
    kept, spans = {0, len(x) - 1}, [(0, len(x) - 1)]
    while spans:
        start, end = spans.pop()
        if end - start < 2:
            continue
        dx, dy = x[end] - x[start], y[end] - y[start]
        inner = slice(start + 1, end)
        length = math.hypot(dx, dy)
        off = (
            np.abs(dx * (y[inner] - y[start]) - dy * (x[inner] - x[start])) / length
            if length else np.hypot(x[inner] - x[start], y[inner] - y[start])
        )  # fmt: skip
        if off.max() > FAINT:
            middle = start + 1 + int(off.argmax())
            kept.add(middle)
            spans += [(start, middle), (middle, end)]
    return np.array(sorted(kept))


def _cells(mask: Any) -> str:
    """Return the cells of a map as rectangles, in px of its array from the bottom up."""
    parts = []
    grown: dict[tuple[int, int], int] = {}  # spans of columns, and the row from which they go
    for row, cells in enumerate([*mask, np.zeros(mask.shape[1], bool)]):
        edges = np.flatnonzero(np.diff(np.concatenate(([False], cells, [False])).astype(int)))
        spans = [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]
        for (start, end), first in list(grown.items()):
            if (start, end) not in spans:
                parts.append(f"M{start} {first}h{end - start}v{row - first}h{start - end}z")
                del grown[start, end]
        grown |= {span: row for span in spans if span not in grown}
    return "".join(parts)
