"""How the surprise explorer is drawn."""

from __future__ import annotations

from typing import Any

from bokeh.core.properties import value
from bokeh.models import HoverTool

from ...charts import FONT, calm_figure, few_ticks, hover, role, span_range


def draw(sources: Any) -> dict[str, Any]:
    """Return the curve over p and over its powers of ten, and the bars of two events."""
    even = calm_figure(x_range=(0, 1.02), y_range=span_range("height"))
    power = calm_figure(
        x_range=span_range("power", 1e-12, 2), y_range=span_range("height_power"),
        x_axis_type="log",
    )  # fmt: skip
    _draw_curve(even, sources, "curve", "weather", "p")
    _draw_curve(power, sources, "powers", "rare", "at")
    return {"curve": even, "powers": power, "sum": _sum_figure(sources)}


def _draw_curve(plot: Any, sources: Any, name: str, dots: str, x: str) -> None:
    """Draw −log p, events that everybody knows, and the reader's point with its height."""
    line = plot.line("p", "y", source=sources[name], line_width=2.5)
    known = plot.scatter("p", "y", source=sources[dots], size=7, line_width=1.5)
    role(line.glyph, line_color="p")
    role(known.glyph, fill_color="card", line_color="ink")
    known.level = "overlay"
    _write(plot, sources[f"{dots}_name"], "dim", x_offset="aside", y_offset="lift",
           text_baseline="bottom")  # fmt: skip
    stem = plot.segment(x, 0, x, "top", source=sources["here"], line_width=1.5, line_dash="dotted")
    point = plot.scatter(x, "y", source=sources["here"], size=14, line_width=2)
    point.level = "overlay"  # whole, where it stands on the picture's edge
    role(stem.glyph, line_color="ink")
    role(point.glyph, fill_color="p", line_color="card")
    _write(plot, sources[f"{name}_endless"], "p", x_offset=8, text_baseline="middle", size="22px")
    plot.add_tools(hover([line], [("p", "@p{0.000000}" if x == "p" else "@p"),
                                  ("−log p", "@y{0.0000}")]))  # fmt: skip
    few_ticks(plot, 4)


def _write(plot: Any, source: Any, colour: str, size: str = "12px", **look: Any) -> None:
    drawn = plot.text(
        "x", "y", "text", source=source, text_font_size=size, text_font=value(FONT), **look
    )
    role(drawn.glyph, text_color=colour)


def _sum_figure(sources: Any) -> Any:
    plot = calm_figure(x_range=span_range("amount"), y_range=(0, 2))
    bars = plot.quad(
        "left", "right", "bottom", "top", source=sources["stack"], fill_alpha="alpha", line_width=2
    )
    role(bars.glyph, fill_color="p", line_color="card")
    names = plot.text(
        "x", "y", "text", source=sources["stack_name"], x_offset=8, text_baseline="middle",
        text_font_size="12px", text_font=value(FONT), padding=2, border_radius=3,
    )  # fmt: skip
    role(names.glyph, text_color="ink", background_fill_color="card")
    plot.add_tools(HoverTool(
        renderers=[bars], tooltips=[("event", "@name"), ("−log p", "@surprise{0.0000}")]
    ))  # fmt: skip
    plot.yaxis.visible = plot.ygrid.visible = False
    plot.min_border_left = 12
    return plot
