"""How the two Gaussians and their integrands are drawn."""

from __future__ import annotations

from typing import Any

from bokeh.core.properties import value

from ...charts import area_role, calm_figure, draws_figures, few_ticks, hover, role, span_range
from .model import VIEW


def draw(sources: Any) -> dict[str, Any]:
    """Return the densities and, on the same x and one scale, the two integrands."""
    curves, marks = sources["curves"], sources["marks"]
    scale = span_range("integrand")
    height = span_range("density")
    densities = calm_figure(x_range=VIEW, y_range=height)
    for name, dash in (("p", "solid"), ("q", "dashed")):
        area = densities.varea("x", 0, name, source=curves, fill_alpha=0.12)
        line = densities.line("x", name, source=curves, line_width=2.5, line_dash=dash, name=name)
        area_role(area.glyph, name, dots=name)
        role(line.glyph, line_color=name)
        letter = densities.text(
            f"{name}_x", f"{name}_y", value(name.upper()), source=marks,
            text_align="center", text_font_style="bold", text_font_size="16px",
            text_baseline="middle", x_offset=f"{name}_aside", y_offset=-10,
        )  # fmt: skip
        role(letter.glyph, text_color=name)
    reading = [("x", "@x{0.00}"), ("p", "@p{0.0000}"), ("q", "@q{0.0000}"),
               ("log p/q", "@log_ratio{0.000}")]  # fmt: skip
    densities.add_tools(hover(densities.select(name="p"), reading))
    few_ticks(densities, 3)
    pictures = {
        "densities": densities, "points": _points_figure(sources, height),
        **draws_figures(sources, "log-ratio", "accent"),
    }  # fmt: skip
    for name, column, colour in (("forward", "pq", "p"), ("reverse", "qp", "q")):
        plot = calm_figure(x_range=densities.x_range, y_range=scale)
        _shade(plot, curves, column, colour)
        contribution = [("to the area", f"@{column}{{0.0000}}")]
        plot.add_tools(hover(plot.select(name=column), reading + contribution))
        few_ticks(plot, 3)
        plot.xaxis.visible = False  # as tall as each other, so one scale is one scale
        pictures[name] = plot
    for plot in pictures.values():
        plot.xgrid.visible = True
    return pictures


def _shade(plot: Any, curves: Any, column: str, colour: str) -> None:
    """Draw an integrand: solid above zero, hatched below."""
    above = plot.varea("x", 0, f"{column}_above", source=curves, fill_alpha=0.5)
    below = plot.varea(
        "x", 0, f"{column}_below", source=curves, fill_alpha=0.12,
        hatch_pattern="/", hatch_scale=8, hatch_alpha=0.9, hatch_weight=1,
    )  # fmt: skip
    line = plot.line("x", column, source=curves, line_width=1.5, name=column)
    role(above.glyph, fill_color=colour)
    role(below.glyph, fill_color=colour, hatch_color=colour)
    role(line.glyph, line_color=colour)


def _points_figure(sources: Any, height: Any) -> Any:
    """Return both curves with the points drawn under one of them, told apart by their log-ratio."""
    plot = calm_figure(x_range=VIEW, y_range=height)
    for name, dash in (("p", "solid"), ("q", "dashed")):
        line = plot.line("x", name, source=sources["curves"], line_width=1.5, line_dash=dash)
        role(line.glyph, line_color=name)
    for name, marker, colour in (("adding", "circle", "accent"), ("saving", "x", "ink")):
        points = plot.scatter(
            "at", "height", source=sources[name], marker=marker, size=6, line_width=1.5,
            fill_alpha=0.7,
        )  # fmt: skip
        role(points.glyph, fill_color=colour, line_color=colour)
    few_ticks(plot, 3)
    return plot
