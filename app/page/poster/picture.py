"""A Bokeh figure as SVG without a browser: its grid, glyphs and axes, as BokehJS draws them.

A glyph, marker or look that is not known is an error that names it.
"""

from __future__ import annotations

from typing import Any

from bokeh.models import Axis, Grid

from .glyphs import Drawing, Hatches
from .ink import ASCENT, DESCENT, Frame, number, role_of, width_of, written
from .ticks import tick_texts, ticks_of

TICK, STANDOFF, PADDING = 6, 5, 3  # px between a frame, its numbers and what is beyond
CAPITAL = 9  # px that a number of 12 px is high
LINE = 14  # px of a line of 12 px
LEVELS = ("underlay", "glyph", "overlay", "annotation")


def borders_of(figure: Any) -> tuple[float, float, float, float]:
    """Return what a figure needs around its frame: left, top, right, bottom."""
    left = bottom = 0.0
    for axis in figure.yaxis:
        ticks = ticks_of(axis, figure.y_range.start, figure.y_range.end)
        widths = [width_of(text) for text in tick_texts(axis, ticks)]
        left = _depth(axis, max(widths, default=0))
    for axis in figure.xaxis:
        bottom = _depth(axis, CAPITAL)
    sides = ("left", "top", "right", "bottom")
    least = [getattr(figure, f"min_border_{side}") or 0 for side in sides]
    return max(left, least[0]), least[1], least[2], max(bottom, least[3])


def _depth(axis: Any, numbers: float) -> float:
    if not axis.visible:
        return 0
    return TICK + STANDOFF + numbers + PADDING + (
        STANDOFF + LINE + PADDING if axis.axis_label else 0
    )  # fmt: skip


def picture(frame: Frame, name: str) -> str:
    """Return a figure's drawing, its frame's top left at the origin.

    ``name`` tells its hatches from others of a page.
    """
    _refuse_more(frame.figure)
    hatches: Hatches = {}
    layers: dict[str, list[str]] = {level: [] for level in LEVELS}
    layers["underlay"] += _grid(frame)
    for renderer in frame.figure.renderers:
        layers[renderer.level] += Drawing(renderer, frame, hatches, name).drawn()
    inside = "".join(part for level in LEVELS[:2] for part in layers[level])
    above = "".join(part for level in LEVELS[2:] for part in layers[level])
    box = f'width="{number(frame.width)}" height="{number(frame.height)}"'
    patterns = "".join(
        f'<pattern id="{key}" width="{number(size)}" height="{number(size)}" '
        f'patternUnits="userSpaceOnUse">{form}</pattern>'
        for (form, size), key in hatches.items()
    )
    return f"{patterns}<svg {box}>{inside}</svg>{above}{_axes(frame)}"


def _refuse_more(figure: Any) -> None:
    """Raise an error for what stands in a figure beside its axes, grid and glyphs."""
    sides = ("left", "right", "above", "below", "center")
    for one in (one for side in sides for one in getattr(figure, side)):
        if not isinstance(one, Axis | Grid):
            raise NotImplementedError(f"a poster knows no {type(one).__name__}")
    if figure.title and figure.title.text:
        raise NotImplementedError("a poster knows no title but the caption")


def _grid(frame: Frame) -> list[str]:
    figure, parts = frame.figure, []
    for grid in figure.grid:
        axis, way = (figure.xaxis[0], "x") if grid.dimension == 0 else (figure.yaxis[0], "y")
        if not grid.visible:
            continue
        scale = frame.scale(way)
        ticks = ticks_of(axis, scale.start, scale.end)
        inner = [one for one in ticks if one not in (scale.start, scale.end)]
        far = number(frame.height if way == "x" else frame.width)
        lines = (
            f"M{round(at)} 0V{far}" if way == "x" else f"M0 {round(at)}H{far}"
            for at in scale.place(inner)
        )
        d = "".join(lines)
        parts.append(f'<path d="{d}" stroke="var(--{role_of(grid, "grid_line_color")})"/>')
    return parts


def _axes(frame: Frame) -> str:
    figure, away = frame.figure, TICK + STANDOFF
    parts = []
    for axis in (one for one in figure.xaxis if one.visible):
        scale, role = frame.scale("x"), role_of(axis, "major_label_text_color")
        ticks = ticks_of(axis, scale.start, scale.end)
        y = frame.height + away + CAPITAL
        for text, at in zip(tick_texts(axis, ticks), scale.place(ticks), strict=True):
            parts.append(written(text, at, y, role, anchor="middle"))
        if axis.axis_label:
            y += PADDING + STANDOFF + ASCENT * 12
            parts.append(written(axis.axis_label, frame.width / 2, y, role, anchor="middle"))
    for axis in (one for one in figure.yaxis if one.visible):
        scale, role = frame.scale("y"), role_of(axis, "major_label_text_color")
        ticks = ticks_of(axis, scale.start, scale.end)
        texts = tick_texts(axis, ticks)
        for text, at in zip(texts, scale.place(ticks), strict=True):
            parts.append(written(text, -away, at + CAPITAL / 2, role, anchor="end"))
        if axis.axis_label:
            x = -away - max(map(width_of, texts), default=0) - PADDING - STANDOFF - DESCENT * 12
            turn = f' transform="rotate(-90 {number(x)} {number(frame.height / 2)})"'
            parts.append(
                written(axis.axis_label, x, frame.height / 2, role, anchor="middle", more=turn)
            )
    return "".join(parts)
