"""How the preferences chapter is drawn."""

from __future__ import annotations

from typing import Any

from bokeh.core.properties import value
from bokeh.models import HoverTool

from ...charts import (
    FONT,
    area_role,
    calm_figure,
    few_ticks,
    from_zero,
    hover,
    names_below,
    role,
    span_range,
)


def draw(sources: Any) -> dict[str, Any]:
    """Return the figures by name."""
    return {
        "answers": _draw_answers(sources),
        "frontier": _draw_frontier(sources),
        "pair": _draw_pair(sources),
        "estimates": _draw_estimates(sources),
    }


def _write(plot: Any, source: Any, colour: str, **look: Any) -> None:
    drawn = plot.text(
        "x", "y", "text", source=source, text_font_size="12px", text_font=value(FONT), **look
    )
    role(drawn.glyph, text_color=colour)


def _line(plot: Any, source: Any, x: str, y: str, colour: str, **look: Any) -> Any:
    drawn = plot.line(x, y, source=source, **{"line_width": 2.5, **look})
    role(drawn.glyph, line_color=colour)
    return drawn


def _point(plot: Any, source: Any, x: str, y: str, colour: str, **look: Any) -> None:
    drawn = plot.scatter(x, y, source=source, **{"size": 13, "line_width": 2, **look})
    drawn.level = "overlay"  # whole, where it stands on the picture's edge
    role(drawn.glyph, fill_color=colour, line_color="card")


def _draw_answers(sources: Any) -> Any:
    """Draw for each answer what π_ref gives it, outlined, what π does, and its reward, a level."""
    source = sources["answers"]
    plot = calm_figure(x_range=span_range("answer", -0.5, 5.5), y_range=span_range("share"))
    before = plot.vbar(
        "of_reference", 0.38, "reference", source=source, fill_alpha=0.15, line_width=1.5
    )
    role(before.glyph, fill_color="ink", line_color="ink")
    after = plot.vbar("of_policy", 0.38, "policy", source=source, fill_alpha=0.8, line_color=None)
    area_role(after.glyph, "q")
    level = plot.segment("left", "reward", "right", "reward", source=source, line_width=2.5)
    role(level.glyph, line_color="accent")
    names_below(plot, sources["answer_name"])
    plot.add_tools(HoverTool(renderers=[before, after], tooltips=[
        ("answer", "@label"), ("reward", "@reward{0.000}"), ("π_ref", "@reference{0.0000}"),
        ("π", "@policy{0.0000}"),
    ]))  # fmt: skip
    plot.xaxis.visible = False
    few_ticks(plot, 5)
    from_zero(plot)
    return plot


def _draw_frontier(sources: Any) -> Any:
    """Draw reward against divergence over all β, the tangent, and where the policy is."""
    plot = calm_figure(x_range=span_range("cost"), y_range=span_range("earned"))
    tangent = plot.line("x", "y", source=sources["tangent"], line_width=1.5, line_dash="dotted")
    role(tangent.glyph, line_color="ink")
    curve = _line(plot, sources["frontier"], "policy_kl", "reward", "q", line_dash="dashed")
    ends = plot.scatter("x", "y", source=sources["ends"], size=8, line_width=1.5)
    ends.level = "overlay"
    role(ends.glyph, fill_color="card", line_color="ink")
    _point(plot, sources["here"], "policy_kl", "reward", "q")
    # the end's name stands below the knob, which may be at the end
    for name, side, aside, below in (("start_name", "left", 8, 5), ("end_name", "right", -8, 16)):
        _write(plot, sources[name], "dim", x_offset=aside, y_offset=below, text_align=side,
               text_baseline="top")  # fmt: skip
    plot.add_tools(HoverTool(renderers=[curve], line_policy="nearest", tooltips=[
        ("β", "@beta{0.000}"), ("D(π‖π_ref)", "@policy_kl{0.0000}"), ("E[r]", "@reward{0.0000}"),
    ]))  # fmt: skip
    few_ticks(plot, 3)
    return plot


def _draw_pair(sources: Any) -> Any:
    """Draw DPO's loss, its mean over raters who follow the rewards, and where training is."""
    plot = calm_figure(x_range=span_range("apart", -10, 10), y_range=span_range("loss"))
    _line(plot, sources["pairs"], "x", "mean", "ink", line_width=2, line_dash="dotted")
    loss = _line(plot, sources["pairs"], "x", "loss", "p")
    _point(plot, sources["least"], "x", "loss", "ink", marker="diamond", size=15)
    _point(plot, sources["mark"], "x", "loss", "p")
    plot.add_tools(hover([loss], [
        ("difference of log-ratios", "@x{0.00}"), ("this pair", "@loss{0.0000}"),
        ("mean over raters", "@mean{0.0000}"),
    ]))  # fmt: skip
    plot.xaxis.axis_label = "difference of the log-ratios: twice the push"
    few_ticks(plot, 3)
    return plot


def _draw_estimates(sources: Any) -> Any:
    """Draw for each estimate its mean, and a spread to either side."""
    source = sources["estimates"]
    plot = calm_figure(x_range=span_range("estimate"), y_range=(0.4, 3.7))
    spread = plot.segment("low", "row", "high", "row", source=source, line_width=6, line_alpha=0.35)
    role(spread.glyph, line_color="q")
    _point(plot, source, "mean", "row", "q")
    _write(plot, sources["estimate_name"], "ink", y_offset=-9, text_align="center",
           text_baseline="bottom")  # fmt: skip
    plot.add_tools(HoverTool(renderers=[spread], tooltips=[
        ("estimate", "@name"), ("mean", "@mean{0.0000}"), ("spread", "@spread{0.0000}"),
    ]))  # fmt: skip
    plot.yaxis.visible = plot.ygrid.visible = False
    plot.min_border_left = 12
    return plot
