"""The figures of a tree of two questions."""

from __future__ import annotations

from typing import Any

from bokeh.core.properties import value
from bokeh.models import HoverTool, Range1d

from ...charts import FONT, area_role, calm_figure, few_ticks, hover, role, span_range
from .model import CUTS


def draw(sources: Any) -> dict[str, Any]:
    """Return the figures by name."""
    cuts = Range1d(start=CUTS[0], end=CUTS[1])
    gain, marks = sources["gain"], sources["marks"]
    return {
        "counts": _counts_figure(sources["counts"], marks, sources["seconds"], cuts),
        "gain": _gain_figure(sources["curve"], marks, cuts, ("gain", "best", "best_gain"), "seen"),
        "tree": _tree_figure(sources["nodes"], sources["node_text"]),
        "gini": _gain_figure(gain, marks, cuts, ("gini", "gini_at", "best_gini"), 1.0),
    }


def _gain_figure(
    curve: Any, marks: Any, x_range: Any, names: tuple[str, str, str], seen: Any
) -> Any:
    """Return what every cut gains, the present one and the best marked, as far as that is seen."""
    gain, best_at, best_gain = names
    plot = calm_figure(x_range=x_range, y_range=span_range(f"{gain}_axis"))
    area = plot.varea("cut", 0, gain, source=curve, fill_alpha=0.15)
    line = plot.line("cut", gain, source=curve, line_width=2.2)
    best = plot.scatter(
        best_at, best_gain, source=marks, size=16, marker="star", line_width=1, alpha=seen
    )
    here = plot.scatter("cut", gain, source=marks, size=12, line_width=2)
    cut = plot.segment("cut", 0, "cut", gain, source=marks, line_width=2)
    role(area.glyph, fill_color="accent")
    role(line.glyph, line_color="accent")
    role(best.glyph, fill_color="ink", line_color="card")
    role(here.glyph, fill_color="accent", line_color="card")
    role(cut.glyph, line_color="accent")
    plot.add_tools(hover([line], [("cut", "@cut{0.00}"), ("gain", f"@{gain}{{0.0000}}")]))
    few_ticks(plot, 3)
    return plot


def _counts_figure(counts: Any, marks: Any, seconds: Any, x_range: Any) -> Any:
    """Return how many samples with the label, upwards, and without, downwards, stand where."""
    plot = calm_figure(x_range=x_range, y_range=span_range("counts_axis"))
    for column, colour in (("with_label", "q"), ("without", "dim")):
        bars = plot.quad(
            left="left", right="right", bottom=0, top=column, source=counts, fill_alpha=0.7,
            line_width=1,
        )  # fmt: skip
        area_role(bars.glyph, colour)
        role(bars.glyph, line_color="card")
    cut = plot.segment("cut", "floor", "cut", "ceiling", source=marks, line_width=2)
    best = plot.segment(
        "best", "floor", "best", "ceiling", source=marks, line_width=1.5, line_dash="dashed",
        line_alpha="seen",
    )  # fmt: skip
    more = plot.segment(
        "at", "floor", "at", "ceiling", source=seconds, line_alpha="alpha", line_width=1.5,
        line_dash="dotted",
    )  # fmt: skip
    role(cut.glyph, line_color="accent")
    role(more.glyph, line_color="accent")
    role(best.glyph, line_color="ink")
    plot.yaxis.visible = False
    plot.xaxis.visible = False
    return plot


def _tree_figure(nodes: Any, texts: Any) -> Any:
    """Return the tree, its root on top; a node is as wide as the share of samples it has."""
    plot = calm_figure(x_range=(0, 1), y_range=(-0.02, 3))
    for ends, colour in ((("left", "split"), "q"), (("split", "right"), "dim")):
        part = plot.quad(
            left=ends[0], right=ends[1], bottom="bottom", top="top", source=nodes, fill_alpha=0.45,
            line_color=None,
        )  # fmt: skip
        area_role(part.glyph, colour)
    box = plot.quad(
        left="left", right="right", bottom="bottom", top="top", source=nodes, fill_color=None,
        line_width=3,
    )  # fmt: skip
    role(box.glyph, line_color="card")
    words = plot.text(
        "x", "y", "text", source=texts, text_align="center", text_baseline="middle",
        text_font_size="12px", text_font=value(FONT), padding=2, border_radius=3,
    )  # fmt: skip
    role(words.glyph, text_color="ink", background_fill_color="card")
    plot.add_tools(HoverTool(renderers=[box], tooltips=[
        ("samples", "@n{0}"), ("with rain", "@ones{0} (@share{0} %)"),
    ]))  # fmt: skip
    plot.xaxis.visible = plot.yaxis.visible = plot.ygrid.visible = False
    return plot
