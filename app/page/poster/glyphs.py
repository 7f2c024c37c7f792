"""The glyphs that chapters draw with, as SVG: forms and looks are those of BokehJS."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from bokeh.core.property.vectorization import Field, Value
from bokeh.model import Model
from bokeh.models import GroupFilter
from bokeh.models.renderers import GlyphRenderer

from .ink import (
    ASCENT,
    DESCENT,
    SAFE,
    Frame,
    number,
    opacity,
    role_of,
    said,
    width_of,
    written,
)  # fmt: skip
from .shapes import cells, finite_parts, hatch_tile, marker_outline, points, points_kept, polyline

DASHES = {"solid": [], "dashed": [6], "dotted": [2, 4]}
ANCHORS = {"left": "start", "center": "middle", "right": "end"}
BASELINES = {"top": 0.0, "middle": 0.5, "bottom": 1.0}
NO_HATCH = (None, " ", "blank")
Hatches = dict[tuple[str, float], str]  # what a tile holds and its size, and its name


class Drawing:
    """One renderer's rows, drawn in px of its frame."""

    def __init__(self, renderer: Any, frame: Frame, hatches: Hatches, name: str) -> None:
        if not isinstance(renderer, GlyphRenderer):
            raise NotImplementedError(f"a poster knows no {type(renderer).__name__}")
        self.glyph, self.frame = renderer.glyph, frame
        self.hatches, self.name = hatches, name
        self._columns: dict[str, Any] = {}
        self.data: Any = renderer.data_source.data  # type: ignore[attr-defined]  # columns, for all of ours
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
        look, hatch = [], ""
        if "fill" in parts:
            look += self._colour("fill", "fill", i)
        if "hatch" in parts and (key := self._hatch(i)):
            hatch = f'fill="url(#{key})"'
        if "line" in parts and (colour := self._colour("stroke", "line", i)):
            width = self._column("line_width")[i]
            look += [*colour, f' stroke-width="{number(width)}"' if width != 1 else "",
                     _dash(self._column("line_dash")[i])]  # fmt: skip
        return "".join(look), hatch

    def _colour(self, attribute: str, part: str, i: int) -> list[str]:
        alpha = self._column(f"{part}_alpha")[i]
        role = role_of(self.glyph, f"{part}_color") if alpha else ""
        return [f' {attribute}="var(--{role})"', opacity(attribute, alpha)] if role else []

    def _hatch(self, i: int) -> str:
        """Return the name of a row's hatch, of which a picture holds each once."""
        scale = self._column("hatch_scale")[i]
        pattern = self._column("hatch_pattern")[i]
        if pattern in NO_HATCH:
            return ""
        form = hatch_tile(
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
        d = "".join(polyline(*part) for part in finite_parts(x, y))
        if d:
            yield from _path(d, self._paint(0, "line")[0] + ' stroke-linejoin="bevel"', "")

    def _step(self) -> Iterator[str]:
        glyph = self.glyph
        if glyph.pad_before or glyph.pad_after:
            raise NotImplementedError("a poster knows no steps that are padded")
        d = ""
        for x, y in finite_parts(self._places("x", "x"), self._places("y", "y")):
            turn = {"before": x[:-1], "after": x[1:], "center": (x[:-1] + x[1:]) / 2}[glyph.mode]
            across = np.column_stack((turn, turn, x[1:])).ravel()
            up = np.column_stack((y[:-1], y[1:], y[1:])).ravel()
            d += points([x[0], *across], [y[0], *up])
        if d:
            yield from _path(d, self._paint(0, "line")[0] + ' stroke-linejoin="bevel"', "")

    def _patch(self) -> Iterator[str]:
        x, y = self._places("x", "x"), self._places("y", "y")
        d = "".join(f"{polyline(*part)}Z" for part in finite_parts(x, y))
        if d:
            yield from _path(d, *self._paint(0, "fill", "hatch", "line"))

    def _multiline(self) -> Iterator[str]:
        return self._shapes(self._outlines(), "line")

    def _patches(self) -> Iterator[str]:
        return self._shapes(self._outlines("Z"), "fill", "hatch", "line")

    def _outlines(self, end: str = "") -> list[str]:
        """Return a path for each row's list of places, in parts where some are not finite."""
        return [
            "".join(
                polyline(*part) + end for part in finite_parts(self.x.place(xs), self.y.place(ys))
            )
            for xs, ys in zip(self._column("xs"), self._column("ys"), strict=True)
        ]

    def _varea(self) -> Iterator[str]:
        x = self._places("x", "x")
        return self._between((x, self._places("y", "y2")), (x, self._places("y", "y1")))

    def _harea(self) -> Iterator[str]:
        y = self._places("y", "y")
        return self._between((self._places("x", "x2"), y), (self._places("x", "x1"), y))

    def _between(self, there: tuple[Any, Any], back: tuple[Any, Any]) -> Iterator[str]:
        """Return the area between two lines."""
        d = ""
        for x, y, *other in finite_parts(*there, *back):
            one, two = points_kept(x, y), points_kept(*other)[::-1]
            d += f"{points(x[one], y[one])}L{points(other[0][two], other[1][two])[1:]}Z"
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

    def _block(self) -> Iterator[str]:
        return self._boxes(0, 1)

    def _rect(self) -> Iterator[str]:
        if any(self._column("angle")):
            raise NotImplementedError("a poster knows no rectangles that are turned")
        return self._boxes(-0.5, 0.5)

    def _boxes(self, start: float, end: float) -> Iterator[str]:
        """Return boxes from and to so many of their sizes away from their places."""
        sides = []
        for scale, at, size in ((self.x, "x", "width"), (self.y, "y", "height")):
            place, length = (np.asarray(self._column(name), float) for name in (at, size))
            sides += [scale.place(place + part * length) for part in (start, end)]
        return self._rects(*sides)

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

    def _hspan(self) -> Iterator[str]:
        paths = [f"M0 {number(y)}H{number(self.frame.width)}" for y in self._places("y", "y")]
        return self._shapes(paths, "line")

    def _vstrip(self) -> Iterator[str]:
        x, ends = self._places("x", "x0"), np.full(len(self.rows), self.frame.height)
        return self._rects(x, self._places("x", "x1"), ends, 0 * ends)

    def _hstrip(self) -> Iterator[str]:
        y, ends = self._places("y", "y0"), np.full(len(self.rows), self.frame.width)
        return self._rects(0 * ends, ends, y, self._places("y", "y1"))

    def _circle(self) -> Iterator[str]:
        if self.glyph.radius_dimension != "x" or self.glyph.radius_units != "data":
            raise NotImplementedError("a poster knows no circles but by their radius along x")
        x, y = self._places("x", "x"), self._places("y", "y")
        far = self.x.place(np.add(self._column("x"), self._column("radius")))
        paths = [
            marker_outline("circle", *one) if np.isfinite(one).all() else ""
            for one in zip(x, y, abs(far - x), strict=True)
        ]
        return self._shapes(paths, "fill", "hatch", "line", joined=False)

    def _scatter(self) -> Iterator[str]:
        places = self._places("x", "x"), self._places("y", "y")
        sizes, markers = self._column("size"), self._column("marker")
        paths = [
            marker_outline(marker, x, y, size / 2) if math.isfinite(x + y) else ""
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
                yield f'<path style="fill:{fill}" d="{cells(steps >= step)}"/>'
            yield "</g>"

    def _text(self) -> Iterator[str]:
        x = self._places("x", "x") + np.asarray(self._column("x_offset"), dtype=float)
        y = self._places("y", "y") + np.asarray(self._column("y_offset"), dtype=float)
        if any(self._column("angle")):
            raise NotImplementedError("a poster knows no texts that are turned")
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
            alpha = opacity("fill", self._one("background_fill_alpha"))
            box = zip(("x", "y", "width", "height"), (left, top, wide, height), strict=True)
            box_of = " ".join(f'{name}="{number(one)}"' for name, one in box)
            radius = f' rx="{glyph.border_radius}"' if glyph.border_radius else ""
            ground = f'<rect {box_of}{radius} fill="var(--{role})"{alpha}/>'
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


def _dash(dash: Any) -> str:
    lengths = DASHES[dash] if isinstance(dash, str) else dash
    return f' stroke-dasharray="{" ".join(map(str, lengths))}"' if lengths else ""


def _path(d: str, look: str, hatch: str) -> Iterator[str]:
    filled = 'fill="var' in look
    if look:
        yield f'<path d="{d}"{look}{"" if filled else ' fill="none"'}/>'
    if hatch:
        yield f'<path d="{d}" {hatch}/>'
