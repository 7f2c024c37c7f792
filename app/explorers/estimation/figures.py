"""The figures of the page on estimating mutual information."""

from __future__ import annotations

from typing import Any

from bokeh.core.properties import value
from bokeh.models import HoverTool

from ...charts import FONT, calm_figure, few_ticks, hover, role, span_range


def draw(sources: Any) -> dict[str, Any]:
    """Return the figures by name."""
    return {
        "estimates": _estimates_figure(sources["estimates"], sources["here"]),
        "ranking": _ranking_figure(sources["ranking"]),
    }


def _estimates_figure(estimates: Any, here: Any) -> Any:
    """Return the estimates against the number of bins, with the band of chance and the truth."""
    plot = calm_figure(x_axis_type="log", x_range=(1.8, 1120), y_range=span_range("estimate"))
    band = plot.varea("bins", "low", "high", source=estimates, fill_alpha=0.35)
    role(band.glyph, fill_color="dim")
    lines = {}
    for column, colour, dash in (("exact", "ink", "dotted"), ("corrected", "accent", "dashed"),
                                 ("plug_in", "accent", "solid")):  # fmt: skip
        line = plot.line("bins", column, source=estimates, line_width=2.2, line_dash=dash)
        role(line.glyph, line_color=colour)
        lines[column] = line
    for column in ("corrected", "plug_in"):
        dot = plot.scatter("bins", column, source=here, size=11, line_width=2)
        role(dot.glyph, fill_color="accent", line_color="card")
    plot.add_tools(hover([lines["plug_in"]], [
        ("bins", "@bins"), ("plug-in", "@plug_in{0.0000}"), ("Miller–Madow", "@corrected{0.0000}"),
        ("shuffled", "@low{0.0000} to @high{0.0000}"), ("exact", "@exact{0.0000}"),
    ]))  # fmt: skip
    plot.xaxis.ticker = [2, 5, 10, 20, 50, 100, 200, 500, 1000]
    few_ticks(plot, 4)
    return plot


def _ranking_figure(ranking: Any) -> Any:
    """Return the best features: the estimate, where chance ends, and scikit-learn's estimate."""
    plot = calm_figure(x_range=span_range("ranked"), y_range=span_range("places"))
    bars = plot.hbar(
        y="place", left=0, right="bar", height=0.4, source=ranking, fill_alpha=0.8, line_color=None
    )
    chance = plot.segment("chance", "foot", "chance", "head", source=ranking, line_width=2)
    other = plot.scatter("sklearn", "place", source=ranking, size=9, line_width=1.5)
    names = plot.text(
        0, "head", "label", source=ranking, text_font_size="12px", text_font=value(FONT),
        text_baseline="bottom", x_offset=1,
    )  # fmt: skip
    role(bars.glyph, fill_color="accent")
    role(chance.glyph, line_color="dim")
    role(other.glyph, fill_color="ink", line_color="card")
    role(names.glyph, text_color="ink")
    plot.add_tools(HoverTool(renderers=[bars], tooltips=[
        ("feature", "@feature"), ("Miller–Madow", "@corrected{0.0000}"),
        ("97.5 % of shuffles below", "@chance{0.0000}"), ("scikit-learn", "@sklearn{0.0000}"),
    ]))  # fmt: skip
    plot.yaxis.visible = False
    plot.ygrid.visible = False
    plot.xgrid.visible = True
    return plot
