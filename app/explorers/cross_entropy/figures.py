"""How the cross-entropy explorer is drawn."""

from __future__ import annotations

from typing import Any

from bokeh.core.properties import value
from bokeh.models import CDSView, GroupFilter, HoverTool, Range1d

from ...charts import (
    FONT,
    area_role,
    calm_figure,
    draws_figures,
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
        "boxes": _draw_boxes(sources),
        "identity": _draw_identity(sources),
        "training": _draw_training(sources),
        "losses": _draw_losses(sources),
        "clip": _draw_clip(sources),
        **draws_figures(sources, "−log q", "q"),
    }


def _hatched(plot: Any, source: Any, ends: dict[str, Any]) -> None:
    glyph = plot.quad(
        **ends, source=source, fill_alpha=0.1, line_width=1,
        hatch_pattern="/", hatch_scale=8, hatch_alpha=0.9, hatch_weight=1,
    ).glyph  # fmt: skip
    role(glyph, fill_color="p", hatch_color="p", line_color="card")


def _endless(plot: Any, source: Any, ends: dict[str, Any]) -> None:
    """Draw what is overpaid without end: dotted as what has one, pale, and open at the top."""
    glyph = plot.quad(**ends, source=source, fill_alpha=0.25, line_color=None).glyph
    area_role(glyph, "q", dots="q")


def _solid(plot: Any, source: Any, ends: dict[str, Any], colour: str, alpha: float = 0.8) -> Any:
    drawn = plot.quad(**ends, source=source, fill_alpha=alpha, line_width=1.5)
    area_role(drawn.glyph, colour)
    role(drawn.glyph, line_color="card")
    return drawn


def _write(plot: Any, source: Any, colour: str, **look: Any) -> Any:
    drawn = plot.text(
        "x", "y", "text", source=source, text_font_size="12px", text_font=value(FONT), **look
    )
    role(drawn.glyph, text_color=colour)
    return drawn.glyph


def _mark(plot: Any, source: Any, colour: str, marker: str = "circle", name: str = "") -> None:
    """Draw a point where the loss of a name is, and an arrow at the top where that is infinite."""
    plot.extra_y_ranges = {"edge": Range1d(start=0, end=1)}
    view = CDSView(filter=GroupFilter(column_name="name", group=name)) if name else CDSView()
    for y, y_range, form in (("loss", "default", marker), ("edge", "edge", "triangle")):
        here = plot.scatter(
            "x", y, source=source, view=view, size=16 if form == "diamond" else 13, marker=form,
            line_width=2, y_range_name=y_range,
        )  # fmt: skip
        role(here.glyph, fill_color=colour, line_color="card")


def _draw_boxes(sources: Any) -> Any:
    source = sources["boxes"]
    plot = calm_figure(x_range=(0, 1), y_range=span_range("box"))
    sides = {"left": "left", "right": "right"}
    solid = [
        _solid(plot, source, {**sides, "bottom": 0, "top": "both"}, "p"),
        _solid(plot, source, {**sides, "bottom": "both", "top": "over"}, "q"),
    ]
    _hatched(plot, source, {**sides, "bottom": "both", "top": "under"})
    _endless(plot, source, {**sides, "bottom": "both", "top": "endless"})
    look = {"text_align": "center", "y_offset": -14, "text_baseline": "bottom"}  # above the knob
    lengths = _write(plot, sources["box_length"], "ink", **look, padding=1, border_radius=3)
    role(lengths, background_fill_color="card")  # as a length may stand on hatching
    names_below(plot, sources["box_name"])
    reading = [("outcome", "@label"), ("p", "@p{0.0000}"), ("q", "@q{0.0000}"),
               ("−log p", "@ideal{0.0000}"), ("−log q", "@length{0.0000}"),
               ("wasted", "@waste{0.0000}")]  # fmt: skip
    plot.add_tools(HoverTool(renderers=solid, tooltips=reading))
    never = plot.text(
        "x", "y", "text", source=sources["box_endless"], text_align="center",
        text_baseline="middle", text_font_size="22px", text_font_style="bold",
        text_font=value(FONT), padding=3, border_radius=4,
    )  # fmt: skip
    role(never.glyph, text_color="q", background_fill_color="card")
    plot.xaxis.visible = False
    few_ticks(plot, 4)
    from_zero(plot)
    return plot


def _draw_identity(sources: Any) -> Any:
    source = sources["identity"]
    plot = calm_figure(x_range=span_range("amount"), y_range=(0, 2.1))
    upper, lower = {"bottom": 1.15, "top": 2}, {"bottom": 0.1, "top": 0.95}
    _solid(plot, source, {"left": 0, "right": "h", **upper}, "p")
    _solid(plot, source, {"left": "h", "right": "d", **upper}, "p", alpha=0.4)
    _solid(plot, source, {"left": "d", "right": "edge", **upper}, "p", alpha=0.4)
    _solid(plot, source, {"left": 0, "right": "total", **lower}, "p")
    _solid(plot, source, {"left": "total", "right": "edge", **lower}, "p")
    look = {"x_offset": 8, "text_baseline": "middle", "padding": 3, "border_radius": 4}
    for label in ("identity_sum", "identity_total"):
        # on a ground of its own, as it may stand on both shades
        role(_write(plot, sources[label], "ink", **look), background_fill_color="card")
    plot.yaxis.visible = plot.ygrid.visible = False
    plot.min_border_left = 12
    return plot


def _draw_training(sources: Any) -> Any:
    plot = calm_figure(x_range=span_range("steps"), y_range=span_range("loss"))
    ahead = plot.line("step", "loss", source=sources["path"], line_width=1.5, line_dash="dotted")
    walked = plot.line("step", "loss", source=sources["walked"], line_width=2.5, line_dash="dashed")
    floor = plot.line("x", "h", source=sources["floor"], line_width=2)
    role(ahead.glyph, line_color="dim")
    role(walked.glyph, line_color="p")
    role(floor.glyph, line_color="ink")
    _mark(plot, sources["step"], "p")
    look = {"x_offset": 10, "y_offset": -2, "text_baseline": "bottom"}
    _write(plot, sources["step_loss"], "ink", **look)
    plot.add_tools(hover([ahead], [("step", "@step"), ("loss", "@loss{0.0000}")]))
    few_ticks(plot, 3)
    return plot


def _draw_losses(sources: Any) -> Any:
    plot = calm_figure(x_range=(0, 1), y_range=span_range("cost"))
    reading = [("predicted", "@x{0.000}"), ("BCE", "@bce{0.0000}"), ("CCE", "@cce{0.0000}")]
    for column, colour, dash in (("cce", "p", "solid"), ("bce", "ink", "dotted")):
        line = plot.line("x", column, source=sources["losses"], line_width=2, line_dash=dash)
        role(line.glyph, line_color=colour)
        if column == "cce":
            plot.add_tools(hover([line], reading))
    _mark(plot, sources["mark"], "ink", "diamond", "BCE")
    _mark(plot, sources["mark"], "p", name="CCE")
    look = {"x_offset": 10, "y_offset": "shift", "text_baseline": "middle"}
    _write(plot, sources["mark_endless"], "ink", **look)
    few_ticks(plot, 3)
    return plot


def _draw_clip(sources: Any) -> Any:
    plot = calm_figure(x_range=(-16.5, 2), y_range=span_range("surprise"))
    for column, colour, dash in (("exact", "ink", "solid"), ("clipped", "q", "dashed")):
        line = plot.line(
            "exponent", column, source=sources["clipping"], line_width=2, line_dash=dash
        )
        role(line.glyph, line_color=colour)
    plot.xaxis.ticker = [-16, -12, -8, -4, 0]
    here = plot.scatter("exponent", "at", source=sources["clip_mark"], size=11, line_width=2)
    role(here.glyph, fill_color="q", line_color="card")
    look = {"x_offset": 10, "y_offset": "shift", "text_baseline": "middle"}
    _write(plot, sources["clip_cost"], "ink", **look)
    few_ticks(plot, 3)
    return plot
