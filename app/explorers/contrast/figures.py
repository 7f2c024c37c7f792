"""How a round, and the bound against the number of candidates, are drawn."""

from __future__ import annotations

from typing import Any

from bokeh.core.properties import value
from bokeh.models import HoverTool

from ...charts import FONT, calm_figure, draws_figures, few_ticks, hover, role, span_range
from .model import VIEW

FROM_TO = 0.5, 200  # of N: left of 1 is room for the name of log N, on a phone, too


def draw(sources: Any) -> dict[str, Any]:
    """Return the figures by name."""
    return {
        "round": _round_figure(sources), "bounds": _bounds_figure(sources),
        **draws_figures(sources, "log N − loss", "accent"),
    }  # fmt: skip


def _round_figure(sources: Any) -> Any:
    """Return the candidates at their y, each as tall as its share, the partner apart."""
    plot = calm_figure(x_range=(-VIEW, VIEW), y_range=span_range("share"))
    would = plot.line("y", "share", source=sources["would"], line_width=1.5, line_dash="dotted")
    role(would.glyph, line_color="dim")
    heads: list[Any] = []
    for name, colour, marker, size, width in (
        ("strangers", "q", "circle", 7, 2), ("partner", "accent", "diamond", 16, 4),
    ):  # fmt: skip
        source = sources[name]
        stem = plot.segment("y", 0, "y", "share", source=source, line_width=width)
        head = plot.scatter("y", "share", source=source, marker=marker, size=size, line_width=1.5)
        head.level = "overlay"  # whole, where it stands on the picture's edge
        role(stem.glyph, line_color=colour)
        role(head.glyph, fill_color="card" if name == "strangers" else colour, line_color=colour)
        heads.append(head)
    plot.add_tools(HoverTool(
        renderers=heads, tooltips=[("y", "@y{0.00}"), ("share", "@share{0.0000}")]
    ))  # fmt: skip
    few_ticks(plot, 2)
    return plot


def _bounds_figure(sources: Any) -> Any:
    """Return the bound, log N and I against N, with the reader's N and the present round."""
    plot = calm_figure(x_axis_type="log", x_range=FROM_TO, y_range=span_range("height"))
    lines = {}
    for column, colour, dash, width in (
        ("ceiling", "ink", "dotted", 2), ("information", "ink", "dashed", 1.5),
        ("bound", "accent", "solid", 2.5),
    ):  # fmt: skip
        line = plot.line("n", column, source=sources["bounds"], line_width=width, line_dash=dash)
        role(line.glyph, line_color=colour)
        lines[column] = line
    loss = plot.segment("n", "bound", "n", "ceiling", source=sources["here"], line_width=1.5)
    role(loss.glyph, line_color="dim")
    here = plot.scatter("n", "bound", source=sources["here"], size=13, line_width=2)
    role(here.glyph, fill_color="accent", line_color="card")
    for name, marker in (("seen", "diamond"), ("beneath", "inverted_triangle")):
        for shape, size in (("dash", 44), (marker, 14)):  # the dash is wider than the knob
            mark = plot.scatter(
                "n", "height", source=sources[name], marker=shape, size=size, line_width=2
            )
            mark.level = "overlay"
            role(mark.glyph, fill_color="card", line_color="accent")
    _write(plot, sources["ceiling_name"], text_align="right", x_offset=-8)
    _write(plot, sources["information_name"], y_offset=-4, text_baseline="bottom")
    plot.add_tools(hover([lines["bound"]], [
        ("N", "@n{0}"), ("bound", "@bound{0.0000}"), ("log N", "@ceiling{0.0000}"),
        ("I", "@information{0.0000}"),
    ]))  # fmt: skip
    plot.xaxis.ticker = [1, 2, 4, 8, 16, 32, 64, 128]
    few_ticks(plot, 4)
    return plot


def _write(plot: Any, source: Any, **look: Any) -> None:
    text = plot.text(
        "x", "y", "text", source=source, text_font_size="12px", text_font=value(FONT), **look
    )
    role(text.glyph, text_color="dim")
