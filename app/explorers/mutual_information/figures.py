"""The figures of the Mutual Information Explorer."""

from __future__ import annotations

from typing import Any

from bokeh.core.properties import value
from bokeh.models import HoverTool, Range1d

from ...charts import FONT, area_role, calm_figure, few_ticks, hover, role, span_range
from .samples import CUTS


def draw(sources: Any) -> dict[str, Any]:
    """Return the figures by name."""
    cuts = Range1d(start=CUTS[0], end=CUTS[1])
    return {
        "mosaic": _mosaic_figure(sources),
        "parts": _parts_figure(sources),
        "estimates": _estimates_figure(sources["estimates"], sources["here"]),
        "counts": _counts_figure(sources["counts"], sources["marks"], cuts),
        "gain": _gain_figure(sources["gain"], sources["marks"], cuts),
        "ranking": _ranking_figure(sources["ranking"]),
    }


def _parts_figure(sources: Any) -> Any:
    """Return three bars whose shared pieces stand above each other."""
    parts = sources["parts"]
    plot = calm_figure(x_range=span_range("information"), y_range=(-0.45, 2.8))
    for piece, colour in (("x", "p"), ("i", "accent"), ("y", "q")):
        bar = plot.quad(
            left=f"{piece}_left", right=f"{piece}_right", bottom="bottom", top="top", source=parts,
            fill_alpha=0.8, line_width=2,
        )  # fmt: skip
        area_role(bar.glyph, colour)
        role(bar.glyph, line_color="card")
        words = plot.text(
            "x", "y", "text", source=sources[f"piece_{piece}"], text_align="center",
            text_baseline="middle", text_font_size="13px", text_font=value(FONT),
            padding=2, border_radius=3,
        )  # fmt: skip
        role(words.glyph, text_color="card", background_fill_color=colour)
    names = plot.text(
        "x_left", "top", "name", source=parts, text_font_size="12px", text_font=value(FONT),
        y_offset=-2, x_offset=2,
    )  # fmt: skip
    role(names.glyph, text_color="dim")
    plot.yaxis.visible = False
    plot.ygrid.visible = False
    plot.xgrid.visible = True
    return plot


def _mosaic_figure(sources: Any) -> Any:
    """Return the joint table with every cell as large as its probability."""
    cells = sources["cells"]
    plot = calm_figure(x_range=(0, 1), y_range=(0, 1))
    area = plot.quad(
        left="left", right="right", bottom="bottom", top="top", source=cells,
        fill_alpha="alpha", line_width=3,
    )  # fmt: skip
    role(area.glyph, fill_color="q", line_color="card")
    words = plot.text(
        "x", "y", "text", source=sources["cell_name"], text_align="center", text_baseline="middle",
        text_font_size="12px", text_font=value(FONT),
    )  # fmt: skip
    role(words.glyph, text_color="ink")
    plot.add_tools(HoverTool(renderers=[area], tooltips=[
        ("cell", "@x, @y"), ("p(x,y)", "@p{0.0000}"), ("p(x)·p(y)", "@product{0.0000}"),
    ]))  # fmt: skip
    plot.xaxis.visible = plot.yaxis.visible = plot.ygrid.visible = False
    return plot


def _estimates_figure(estimates: Any, here: Any) -> Any:
    """Return the estimates against the number of bins, with the band of chance and the truth."""
    plot = calm_figure(x_axis_type="log", x_range=(1.8, 1120), y_range=span_range("estimate"))
    band = plot.varea("bins", "low", "high", source=estimates, fill_alpha=0.35)
    role(band.glyph, fill_color="dim")
    lines = {}
    for column, colour, dash in (("exact", "ink", "dotted"), ("corrected", "q", "dashed"),
                                 ("plug_in", "p", "solid")):  # fmt: skip
        line = plot.line("bins", column, source=estimates, line_width=2.2, line_dash=dash)
        role(line.glyph, line_color=colour)
        lines[column] = line
    for column, colour in (("corrected", "q"), ("plug_in", "p")):
        dot = plot.scatter("bins", column, source=here, size=11, line_width=2)
        role(dot.glyph, fill_color=colour, line_color="card")
    plot.add_tools(hover([lines["plug_in"]], [
        ("bins", "@bins"), ("plug-in", "@plug_in{0.0000}"), ("Miller–Madow", "@corrected{0.0000}"),
        ("shuffled", "@low{0.0000} to @high{0.0000}"), ("exact", "@exact{0.0000}"),
    ]))  # fmt: skip
    plot.xaxis.ticker = [2, 5, 10, 20, 50, 100, 200, 500, 1000]
    few_ticks(plot, 4)
    return plot


def _gain_figure(gain: Any, marks: Any, x_range: Any) -> Any:
    """Return the information gain of every cut, the present one and the best marked."""
    plot = calm_figure(x_range=x_range, y_range=span_range("gain_axis"))
    area = plot.varea("cut", 0, "gain", source=gain, fill_alpha=0.15)
    curve = plot.line("cut", "gain", source=gain, line_width=2.2)
    best = plot.scatter("best", "best_gain", source=marks, size=16, marker="star", line_width=1)
    here = plot.scatter("cut", "gain", source=marks, size=12, line_width=2)
    cut = plot.segment("cut", 0, "cut", "gain", source=marks, line_width=2)
    role(area.glyph, fill_color="accent")
    role(curve.glyph, line_color="accent")
    role(best.glyph, fill_color="q", line_color="card")
    role(here.glyph, fill_color="ink", line_color="card")
    role(cut.glyph, line_color="ink")
    plot.add_tools(hover([curve], [("cut", "@cut{0.00}"), ("gain", "@gain{0.0000}")]))
    few_ticks(plot, 3)
    return plot


def _counts_figure(counts: Any, marks: Any, x_range: Any) -> Any:
    """Return how many samples with the label, upwards, and without, downwards, stand where."""
    plot = calm_figure(x_range=x_range, y_range=span_range("counts_axis"))
    for column, colour in (("with_label", "p"), ("without", "q")):
        bars = plot.quad(
            left="left", right="right", bottom=0, top=column, source=counts, fill_alpha=0.7,
            line_width=1,
        )  # fmt: skip
        area_role(bars.glyph, colour)
        role(bars.glyph, line_color="card")
    cut = plot.segment("cut", "floor", "cut", "ceiling", source=marks, line_width=2)
    best = plot.segment(
        "best", "floor", "best", "ceiling", source=marks, line_width=1.5, line_dash="dashed"
    )
    role(cut.glyph, line_color="ink")
    role(best.glyph, line_color="dim")
    plot.yaxis.visible = False
    plot.xaxis.visible = False
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
    role(other.glyph, fill_color="q", line_color="card")
    role(names.glyph, text_color="ink")
    plot.add_tools(HoverTool(renderers=[bars], tooltips=[
        ("feature", "@feature"), ("Miller–Madow", "@corrected{0.0000}"),
        ("97.5 % of shuffles below", "@chance{0.0000}"), ("scikit-learn", "@sklearn{0.0000}"),
    ]))  # fmt: skip
    plot.yaxis.visible = False
    plot.ygrid.visible = False
    plot.xgrid.visible = True
    return plot
