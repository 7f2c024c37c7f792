"""How mode fit is drawn."""

from __future__ import annotations

from typing import Any

from bokeh.models import HoverTool

from ...charts import area_role, calm_figure, few_ticks, heat_mapper, hover, role, span_range
from .descent import MU, SIGMA
from .model import SEPARATIONS, VIEW


def draw(sources: Any) -> dict[str, Any]:
    """Return the densities, both racers, the map and the figure of the optima."""
    curves, height = sources["curves"], span_range("density")
    return {
        "densities": _draw_densities(curves, "q", height),
        "race_forward": _draw_densities(curves, "forward", height),
        "race_reverse": _draw_densities(curves, "reverse", height),
        "map": _draw_map(sources),
        "pitchfork": _draw_pitchfork(sources),
    }


def _draw_densities(curves: Any, q: str, height: Any) -> Any:
    """Return the densities of P and of the Q in the column ``q``."""
    plot = calm_figure(x_range=VIEW, y_range=height)
    for colour, column, dash in (("p", "p", "solid"), ("q", q, "dashed")):
        area = plot.varea("x", 0, column, source=curves, fill_alpha=0.12)
        line = plot.line("x", column, source=curves, line_width=2.5, line_dash=dash)
        area_role(area.glyph, colour, dots=colour)
        role(line.glyph, line_color=colour)
    reading = [("x", "@x{0.00}"), ("p", "@p{0.0000}"), ("q", f"@{q}{{0.0000}}")]
    plot.add_tools(hover([line], reading))
    few_ticks(plot, 3)
    plot.xaxis.ticker = [-8, -4, 0, 4, 8]
    return plot


def _draw_map(sources: Any) -> Any:
    plot = calm_figure(x_range=MU, y_range=SIGMA)
    plot.grid.visible = False
    heat = plot.image(  # type: ignore[call-arg]  # Bokeh types no mapper
        "image", x=MU[0], y=SIGMA[0], dw=MU[1] - MU[0], dh=SIGMA[1] - SIGMA[0],
        source=sources["map"], color_mapper=heat_mapper(0.12, 6.0),
    )  # fmt: skip
    plot.add_tools(HoverTool(renderers=[heat], tooltips=[
        ("μ", "$x{0.00}"), ("σ", "$y{0.00}"), ("divergence, nats", "@image{0.000}"),
    ]))  # fmt: skip
    _draw_optima(plot, sources["optima"])
    for way, colour, dash in (("forward", "p", "solid"), ("reverse", "q", "dashed")):
        trail = plot.line(
            "mu", "sigma", source=sources[f"race_{way}"], line_width=3, line_dash=dash
        )
        role(trail.glyph, line_color=colour)
    # Q is whole at its bounds, too: the frame cuts off no annotation, and above it there is room.
    plot.min_border_top = 11
    here = plot.scatter(
        "mu", "sigma", source=sources["here"], size=17, line_width=3, level="annotation"
    )
    role(here.glyph, fill_color="q", line_color="card")
    plot.xaxis.axis_label, plot.yaxis.axis_label = "mean μ of Q", "width σ of Q"
    return plot


def _draw_optima(plot: Any, optima: Any) -> None:
    """Mark the forward fit by a diamond and the reverse fits by rings, the best one thicker."""
    for width, colour in ((5.5, "card"), (2.5, "ink")):
        marks = plot.scatter(
            "mu", "sigma", source=optima, size="size", marker="marker", fill_alpha=0,
            line_width=width, line_alpha="seen",
        )  # fmt: skip
        role(marks.glyph, line_color=colour)


def _draw_pitchfork(sources: Any) -> Any:
    low, high = float(SEPARATIONS[0]), float(SEPARATIONS[-1])
    plot = calm_figure(x_range=(low - 0.05, high + 0.05), y_range=(-5, 5))
    line = plot.vspan("d", source=sources["separation"], line_width=2, line_alpha=0.8)
    role(line.glyph, line_color="p")
    dots = plot.scatter(
        "d", "mu", source=sources["branches"], size=7, fill_alpha="best", line_width=1.5
    )
    role(dots.glyph, fill_color="ink", line_color="ink")
    plot.add_tools(HoverTool(renderers=[dots], tooltips=[("d", "@d{0.00}"), ("μ", "@mu{0.000}")]))
    plot.xaxis.axis_label = "d, half the distance of the components"
    plot.yaxis.axis_label = "mean μ"
    few_ticks(plot, 5)
    return plot
