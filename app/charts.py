"""Calm figures whose colours are roles that the page's style resolves, light and dark."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import Any

from bokeh.core.properties import value
from bokeh.models import (
    Axis,
    BasicTicker,
    HoverTool,
    LogColorMapper,
    Model,
    NumeralTickFormatter,
    Range1d,
)
from bokeh.plotting import figure

from .contract.declaration import ROLES, one_of

FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif"


def calm_figure(**options: Any) -> figure:
    """Return a figure without chrome that fills its place on the page."""
    plot = figure(
        tools="", toolbar_location=None, sizing_mode="stretch_both", min_height=60,
        lod_threshold=None,
        background_fill_color=None, border_fill_color=None, outline_line_color=None,
        min_border=0, min_border_left=44, min_border_right=12, min_border_top=6,
        **options,
    )  # fmt: skip
    for axis in plot.axis:
        calm_axis(axis)
    for grid in plot.grid:
        grid.grid_line_color = "gray"
        role(grid, grid_line_color="line")
    plot.xgrid.visible = False
    return plot


def calm_axis(axis: Axis) -> None:
    """Leave of an axis only its numbers."""
    axis.axis_line_color = None
    axis.major_tick_line_color = None
    axis.minor_tick_line_color = None
    axis.major_label_text_font = FONT
    axis.major_label_text_font_size = "12px"
    axis.axis_label_text_font = FONT
    axis.axis_label_text_font_size = "12px"
    axis.axis_label_text_font_style = "normal"
    role(axis, major_label_text_color="dim", axis_label_text_color="dim")


def few_ticks(plot: figure, count: int) -> None:
    """Ask the axis upwards for about so many numbers."""
    for axis in plot.yaxis:
        axis.ticker = BasicTicker(desired_num_ticks=count)


def from_zero(plot: figure) -> None:
    """Leave the room below zero, where names stand, without numbers."""
    for axis in plot.yaxis:
        axis.bounds = (0, sys.float_info.max)


def names_below(plot: figure, source: Any) -> None:
    """Write the names of a label that has ``fit`` below their bars, in one row or two."""
    names = plot.text(
        "x", "y", "text", source=source, text_align="center", text_baseline="top",
        y_offset="drop", text_font_size="12px", text_font=value(FONT),
    )  # fmt: skip
    role(names.glyph, text_color="dim")


def role(model: Model, **colours: str) -> None:
    """Say which of ``ROLES`` each colour property of a model plays: ``fill_color="p"``."""
    for name, colour in colours.items():
        one_of(colour, ROLES, f"the role of {name}")
    model.tags = [*model.tags, *(f"{name}={colour}" for name, colour in colours.items())]


def area_role(glyph: Model, colour: str, dots: str = "card") -> None:
    """Fill an area; one of Q has dots, too, by which it is told from one of P without colours."""
    role(glyph, fill_color=colour)
    if colour == "q":
        glyph.update(hatch_pattern="dot", hatch_scale=9, hatch_alpha=0.7)
        role(glyph, hatch_color=dots)


def heat_mapper(low: float, high: float, steps: int = 24) -> LogColorMapper:
    """Return a scale of so many steps, each a constant ratio wide; what lies beyond saturates.

    Its colours run between the style's ``--heat-low`` and ``--heat-high``, as the theme has them.
    """
    mapper = LogColorMapper(low=low, high=high, palette=["gray"] * steps)
    mapper.tags = ["palette=heat"]
    return mapper


def span_range(name: str, start: float = 0.0, end: float = 1.0) -> Range1d:
    """Return a range that the page moves by its name."""
    return Range1d(start=start, end=end, name=name)


def hover(renderers: Sequence[Any], tooltips: list[tuple[str, str]]) -> HoverTool:
    """Return a tool that reads the columns under the pointer, whatever its height."""
    return HoverTool(
        renderers=list(renderers), tooltips=tooltips, mode="vline", line_policy="nearest",
        point_policy="snap_to_data",
    )  # fmt: skip


def draws_figures(sources: Any, cost: str, colour: str) -> dict[str, figure]:
    """Return what was drawn, one by one, each as tall as its cost, and the running mean."""
    height = span_range("running")
    return {
        "drops": _drops_figure(sources["drops"], cost, colour, height),
        "walk": _walk_figure(sources["walk"], sources["arrived"], height),
    }


def _walk_figure(walk: Any, arrived: Any, height: Range1d) -> figure:
    """Return a running mean against the number of draws, in the band around its limit."""
    plot = calm_figure(x_range=span_range("draws", 1, 10), y_range=height, x_axis_type="log")
    band = plot.varea("n", "low", "high", source=walk, fill_alpha=0.25)
    role(band.glyph, fill_color="dim")
    limit = plot.line("n", "limit", source=walk, line_width=1.5, line_dash="dotted")
    role(limit.glyph, line_color="ink")
    path = plot.line("n", "mean", source=walk, line_width=2.2)
    end = plot.scatter("n", "mean", source=arrived, size=10, line_width=2)
    role(path.glyph, line_color="accent")
    role(end.glyph, fill_color="accent", line_color="card")
    plot.add_tools(hover([path], [("drawn", "@n{0}"), ("mean", "@mean{0.0000}")]))
    plot.xaxis.formatter = NumeralTickFormatter(format="0,0")
    few_ticks(plot, 3)
    return plot


def _drops_figure(drops: Any, cost: str, colour: str, height: Range1d) -> figure:
    """Return the last draws one by one, each as tall as what it costs."""
    plot = calm_figure(x_range=span_range("recent"), y_range=height)
    bars = plot.vbar("k", 0.8, "cost", source=drops, fill_alpha=0.8, line_color=None)
    area_role(bars.glyph, colour)
    plot.add_tools(HoverTool(renderers=[bars], tooltips=[
        ("draw", "@k{0}"), ("outcome", "@label"), (cost, "@cost{0.0000}"),
    ]))  # fmt: skip
    few_ticks(plot, 3)
    plot.xaxis.ticker = BasicTicker(desired_num_ticks=4)  # numbers up to 10000, on a phone, too
    return plot


def densities_drawing(curves: Mapping[str, Any], stride: int, height: float) -> str:
    """Return a small drawing of P and Q over the view, as SVG; ``height`` is a density of 1's."""
    p, q = (
        "M" + " L".join(
            f"{12 * x + 100:.1f} {90 - height * y:.1f}"
            for x, y in zip(curves["x"][::stride], curves[name][::stride], strict=True)
        )
        for name in "pq"
    )  # fmt: skip
    return (
        '<svg viewBox="0 0 200 100" aria-hidden="true" fill="none" stroke-width="2.5">'
        f'<path d="{p}" stroke="var(--p)"/>'
        f'<path d="{q}" stroke="var(--q)" stroke-dasharray="6 4"/></svg>'
    )
