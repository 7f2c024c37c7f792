"""How the two Gaussians and their integrands are drawn."""

from __future__ import annotations

from typing import Any

from bokeh.core.properties import value

from ...charts import area_role, calm_figure, few_ticks, hover, role, span_range
from .model import VIEW


def draw(sources: Any) -> dict[str, Any]:
    """Return the densities and, on the same x and one scale, the two integrands."""
    curves, marks = sources["curves"], sources["marks"]
    scale = span_range("integrand")
    densities = calm_figure(x_range=VIEW, y_range=span_range("density"))
    for name, dash in (("p", "solid"), ("q", "dashed")):
        area = densities.varea("x", 0, name, source=curves, fill_alpha=0.12)
        line = densities.line("x", name, source=curves, line_width=2.5, line_dash=dash, name=name)
        area_role(area.glyph, name, dots=name)
        role(line.glyph, line_color=name)
        letter = densities.text(
            f"{name}_x", f"{name}_y", value(name.upper()), source=marks,
            text_align="center", text_font_style="bold", text_font_size="16px", y_offset=-6,
        )  # fmt: skip
        role(letter.glyph, text_color=name)
    reading = [("x", "@x{0.00}"), ("p", "@p{0.0000}"), ("q", "@q{0.0000}"),
               ("log p/q", "@log_ratio{0.000}")]  # fmt: skip
    densities.add_tools(hover(densities.select(name="p"), reading))
    pictures = {"densities": densities}
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
